package jsonata_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func TestLimits(t *testing.T) {
	const most = 20 * time.Second // far more than any takes
	for name, test := range map[string]struct {
		expr string
		want error
	}{
		"endless recursion":      {`($f := function($n) {1 + $f($n)}; $f(1))`, jsonata.ErrDepth},
		"endless tail recursion": {`($f := function($n) {$f($n + 1)}; $f(1))`, jsonata.ErrTimeout},
		"mutual recursion": {
			`($f := function($n) {1 + $g($n)}; $g := function($n) {$map([1], function($x) {1 + $f($n)})}; $f(1))`, jsonata.ErrDepth},
		"nested loops":      {`$count($map([1..10000], function($i) {$sum([1..10000])}))`, jsonata.ErrTimeout},
		"doubling string":   {`$reduce([1..60], function($s, $i) {$s & $s}, "abcdefgh")`, jsonata.ErrMemory},
		"doubling array":    {`$reduce([1..60], function($s, $i) {$append($s, $s)}, [1])`, jsonata.ErrMemory},
		"huge pad":          {`$pad("x", 1e15)`, jsonata.ErrMemory},
		"huge range":        {`[1..9999999]`, jsonata.ErrMemory},
		"deep value":        {`$reduce([1..20000], function($s, $i) {{"a": $s}}, 1)`, jsonata.ErrDepth},
		"cycle":             {`{"a": {}} ~> |a|{"b": $}|`, jsonata.ErrDepth},
		"huge width":        {`$fromMillis(0, "[Y,1000000000]")`, jsonata.ErrMemory},
		"huge roman":        {`$formatInteger(1e300, "I")`, jsonata.ErrTimeout},
		"recursive eval":    {`($s := "$eval($s)"; $eval($s))`, jsonata.ErrDepth},
		"many descendants":  {`$count([1..3000].(**.**.**)) + $count($map([1..5000], function($i) {[1..5000]}).**)`, jsonata.ErrMemory},
		"growing signature": {`($f := function($a)<a+a+a+a+a+a+a+a+a+a+s> {1}; $f(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16))`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			e, err := jsonata.Compile(test.expr)
			if err == nil {
				_, err = e.Eval(testEnv(), value.Value{}, nil)
			}
			if test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if took := time.Since(start); took > most {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestRegexIsCounted(t *testing.T) {
	e := jsonata.MustCompile(`$contains("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)`)
	env := &jsonata.Env{Limits: jsonata.Limits{Steps: 100_000}}
	if _, err := e.Eval(env, value.Value{}, nil); !errors.Is(err, jsonata.ErrTimeout) {
		t.Error(err)
	}
}

func TestTailCallsNeedNoDepth(t *testing.T) {
	e := jsonata.MustCompile(`($f := function($n, $s) {$n = 0 ? $s : $f($n - 1, $s + $n)}; $f(100000, 0))`)
	v, err := e.Eval(&jsonata.Env{Limits: jsonata.Limits{Depth: 100}}, value.Value{}, nil)
	if err != nil || v.String() != "5000050000" {
		t.Error(v, err)
	}
}

// TestLimitsAreCounted: an evaluation that needs so much always needs as much.
func TestLimitsAreCounted(t *testing.T) {
	e := jsonata.MustCompile(`$sum($map([1..1000], function($i) {$i * 2}))`)
	passes := func(steps int) bool {
		_, err := e.Eval(&jsonata.Env{Limits: jsonata.Limits{Steps: steps}}, value.Value{}, nil)
		return err == nil
	}
	low, high := 1, 1_000_000
	for low < high {
		if middle := (low + high) / 2; passes(middle) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	for range 10 {
		if passes(low-1) || !passes(low) {
			t.Fatalf("%d steps are not always what it takes", low)
		}
	}
}

func TestHostileText(t *testing.T) {
	for name, text := range map[string]string{
		"parentheses": strings.Repeat("(", 1_000_000), "brackets": strings.Repeat("[", 500_000) + strings.Repeat("]", 500_000),
		"braces": strings.Repeat(`{"a":`, 100_000), "minus": strings.Repeat("-", 500_000) + "1",
		"sum": "1" + strings.Repeat("+1", 400_000), "dots": "a" + strings.Repeat(".a", 400_000),
		"predicates": "a" + strings.Repeat("[0]", 200_000), "parents": "a" + strings.Repeat(".%", 200_000),
		"conditions": strings.Repeat("a?", 400_000) + "b", "calls": "f" + strings.Repeat("()", 400_000),
		"lambdas": strings.Repeat("function(){", 90_000), "too long": strings.Repeat(" ", 2<<20),
		"comments": strings.Repeat("/**/", 200_000), "regex": "/" + strings.Repeat("(", 1000) + strings.Repeat(")", 1000) + "/",
		"long regex": "/" + strings.Repeat("a", 1<<19) + "/", "regex count": "/((a{9999}){9999}){9999}/", "quote": `"\`,
		"focus": "a" + strings.Repeat("@$x", 100_000), "chain": "a" + strings.Repeat("~>$f", 200_000),
	} {
		start := time.Now()
		e, err := jsonata.Compile(text)
		if err == nil {
			_, _ = e.Eval(testEnv(), value.MustParse(`{"a":{"a":1}}`), nil)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func TestDeepDocuments(t *testing.T) {
	v := value.Int(1)
	for range 9000 {
		v = value.Array(v)
	}
	for _, expr := range []string{`$string($)`, `**`, `*`, `$ = $`, `$boolean($)`, `a`, `$clone($)`, `$keys($)`, `$spread($)`, `$distinct([$, $])`} {
		_, err := jsonata.MustCompile(expr).Eval(nil, v, nil)
		if err != nil && !errors.Is(err, jsonata.ErrDepth) {
			t.Errorf("%s: %v", expr, err)
		}
	}
}
