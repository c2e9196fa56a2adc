package jsonata_test

import (
	"errors"
	"runtime"
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
		"doubling array":    {`$reduce([1..60], function($s, $i) {$append($s, $s)}, [1])`, jsonata.ErrTimeout},
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

// TestMemoryIsCounted wants an evaluation to allocate not much more than it may: what is counted is what is made.
func TestMemoryIsCounted(t *testing.T) {
	const most = 16 << 20
	for _, expr := range []string{
		`$pad("x", 1e8)`, `$pad("x", 1e7, "€")`, `$fromMillis(0, "[Y,*-100000000]")`, `$fromMillis(0, "[Y,5000000]")`,
		`$count([1..1000].{"a": [1..1000]}.**)`, `$count($map([1..1000], function($i) {[1..1000]}).*)`,
		`$reduce([1..40], function($o, $i) {{"a": $o, "b": $o}}, {"k": 1})`, `$reduce([1..40], function($o, $i) {[[$o], [$o]]}, [1])`,
		`$reduce([1..60], function($s, $i) {$s & $s}, "abcdefgh")`, `$reduce([1..60], function($s, $i) {$append($s, $s)}, [1])`,
		`$map([1..800000], function($v) {{"v": $v}})`, `$map([1..800000], $string)`, `$string([1..3000000])`,
		`$merge([1..300000].{$string($): $})`, `$keys([1..300000].{$string($): $})`, `[1..300000]{$string($): $}`, `$distinct([1..800000])`,
		`$replace($pad("", 4000000, "ab"), "a", "xyz")`, `$replace($pad("", 4000000, "ab"), /a/, "xyz")`, `$split($pad("", 4000000, "ab"), "")`,
		`$split($pad("", 4000000, "ab"), /b/)`, `$match($pad("", 400000, "ab"), /b/)`, `[1..800000]#$i[$i > 5]`, `[1..800000]^(>$)`,
		`$zip([1..800000], [1..800000], [1..800000])`, `$spread([1..300000].{"a": 1, "b": 2})`, `$trim($pad("", 4000000, " a"))`,
		`$sort([1..800000])`, `$join($map([1..800000], $string), "--")`, `$filter([1..800000], function($v) {true})`,
		`[1..800000].$`, `[1..800000][$ > 0]`, `[1..1000].([1..1000])`, `$reverse([1..800000])`, `$clone([1..800000])`,
	} {
		e := jsonata.MustCompile(expr)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := e.Eval(&jsonata.Env{Limits: jsonata.Limits{Memory: most}, Now: time.Now}, value.Value{}, nil)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, jsonata.ErrMemory) {
			t.Errorf("%s: %v", expr, err)
		}
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 2*most {
			t.Errorf("%s allocates %d MiB", expr, allocated>>20)
		}
	}
}

// TestAccumulating wants what grows step by step, which leaves much behind, to have the room that it needs.
func TestAccumulating(t *testing.T) {
	for _, expr := range []string{
		`$count($reduce([1..4000], function($all, $v) {$append($all, $v)}, []))`,
		`$count($keys($reduce([1..2500], function($all, $v) {$merge([$all, {$string($v): $v}])}, {})))`,
		`$length($reduce([1..8000], function($all, $v) {$all & $string($v) & ","}, ""))`,
	} {
		if _, err := jsonata.MustCompile(expr, jsonata.AWS).Eval(nil, value.Value{}, nil); err != nil {
			t.Errorf("%s: %v", expr, err)
		}
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
