package jsonata_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func bindings() map[string]value.Value {
	return map[string]value.Value{
		"states": value.MustParse(`{"input":{"list":[1,2,3],"text":"{\"a\":[1.0]}","who":{"name":"Ada"}},"context":{}}`),
		"n":      value.MustParse(`2.0`),
	}
}

func TestAWSFunctions(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{`$partition([1,2,3,4], 3)`, `[[1,2,3],[4]]`},
		{`$partition([1,2,3,4], 2.9)`, `[[1,2],[3,4]]`},
		{`$partition([1,2,3])`, `[[1,2,3]]`},
		{`$partition([1,2,3], 1e300)`, `[[1,2,3]]`},
		{`$partition(1, 2)`, `[[1]]`},
		{`$partition($states.input.missing, 2)`, ``},
		{`$partition([], 3)`, ``},
		{`$partition($states.input.list, -0.5)`, ``},
		{`$partition($states.input.list, -1)`, `D3137`},
		{`$partition(null, 2)`, `T0412`},
		{`$partition([1], 2, 3)`, `T0410`},
		{`$range(0, 10, 3)`, `[0,3,6,9]`},
		{`$range(0.9, 3.9, 1.9)`, `[0,1,2,3]`},
		{`$range(-1.7, 2, 1)`, `[-1,0,1,2]`}, // cut off, R86
		{`$range(5, 1, -1.5)`, `[5,4,3,2,1]`},
		{`$range(-1e300, 1e300, 1e300)`, `[-2305843009213694000,0,2305843009213694000]`},
		{`$range(1, 5)`, ``},
		{`$range(1)`, `T0410`},
		{`$range(5, 1, -2)`, `[5,3,1]`},
		{`$range(1, 9, 9)`, `1`}, // a sequence, as recorded
		{`$range(3, 3, -1)`, `3`},
		{`$range(3, 1, 1)`, ``},
		{`$range(1, 2, 0)`, ``},
		{`$count($range(1, 360145, 1))`, `360145`},
		{`$range(1, 360146, 1)`, jsonata.ErrMemory.Error()},
		{`$count([1..873782])`, `873782`},
		{`[1..873783]`, jsonata.ErrMemory.Error()},
		{`$hash("input data", "SHA-1")`, `"aaff4a450a104cd177d28d18d74485e8cae074b7"`},
		{`$hash("input data", "MD5")`, `"812f45842bc6d66ee14572ce20db8e86"`},
		{`$hash("input data", "SHA-256")`, `"b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3"`},
		{`$length($hash("x", "SHA-384"))`, `96`},
		{`$length($hash("x", "SHA-512"))`, `128`},
		{`$hash("x", "SHA1")`, `D3137`},
		{`$hash("x")`, ``},
		{`$hash(1, "MD5")`, `T0410`},
		{`$random(0)`, `0.730967787376657`},
		{`$random(1)`, `0.7308781907032909`},
		{`$random(7) = $random(7.9) and $random(-0.5) = $random(0)`, `true`},
		{`$random() >= 0 and $random() < 1`, `true`},
		{`$match($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) ~> $count()`, `1`},
		{`$parse($states.input.text)`, `{"a":[1.0]}`},
		{`$parse($states.input.text).a[0] + 1`, `2`},
		{`$parse("{")`, `D3137`},
		{`$parse("1 2")`, `D3137`},
		{`$parse("{\"a\":1,\"a\":1}")`, `D3137`},
		{`$parse("[{\"a\":1e400}]")`, `D3137`},
		{`$parse($states.input.missing)`, ``},
		{`1/0`, `"Infinity"`},
		{`[-1/0, {"n": 0/0}]`, `["-Infinity",{"n":"NaN"}]`},
		{`1/0 + 1`, `D1001`},
		{`$formatNumber(1, 'x')`, `D3086`},
		{`$string(1e20)`, `"100000000000000000000"`},
		{`$string(1e21)`, `"1e+21"`},
		{`$string(1e-7)`, `"1e-7"`},
		{`$string(2/3)`, `"0.666666666666667"`},
		{`$string(999999999999999868928)`, `"999999999999999900000"`},
		{`$string($parse("[9223372036854775807]"))`, `"[9223372036854775807]"`},
		{`"" & $parse("9223372036854775808")`, `"9223372036854776000"`},
		{`$string($parse("9007199254740993"))`, `"9007199254740993"`},
		{`$states.input.list.($ * 2)`, `[2,4,6]`},
		{`$states.input.list[$ > 1]`, `[2,3]`},
		{`$states.input.who.{"hi": name}`, `{"hi":"Ada"}`},
		{`$map($states.input.list, function($v) {$v + $n})`, `[3,4,5]`},
		{`$states.input.missing`, ``},
		{`$n`, `2.0`}, // the text of a number that is only passed on
		{`($n := 3; $n)`, `3`},
		{`$now()`, `"2024-02-29T13:14:15.678Z"`},
		{`$states.input.list ~> $sum()`, `6`},
	} {
		if got := outcome(test.expr, testEnv(), jsonata.AWS); got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.expr, got, test.want)
		}
	}
}

// TestAWSDepth wants 100 expressions within one another, and no more (R85).
func TestAWSDepth(t *testing.T) {
	terms := func(n int) string { return "1" + strings.Repeat("+1", n-1) }
	brackets := func(n int) string { return strings.Repeat("(", n) + "1" + strings.Repeat(")", n) }
	applied := func(n int) string { return "1" + strings.Repeat("~>$abs", n) }
	calls := func(n int) string {
		return fmt.Sprintf("($f := function($x) { $x <= 0 ? 0 : 1 + $f($x-1) }; $f(%d))", n)
	}
	mapped := func(n int) string { // a call, its function and a condition each
		return fmt.Sprintf("($f := function($x) { $x <= 0 ? 0 : $map([$x-1], $f)+0 }; $f(%d))", n)
	}
	for name, test := range map[string]struct {
		text func(int) string
		most int
	}{
		"terms": {terms, 100}, "brackets": {brackets, 99}, "applied": {applied, 99}, "calls": {calls, 31}, "mapped": {mapped, 31},
		"in a function": {func(n int) string { return "function() {" + terms(n) + "}()" }, 99},
		"in a branch":   {func(n int) string { return "true ? 1 : " + terms(n+100) }, 1000},
		"path":          {func(n int) string { return strings.Repeat("(", n) + "$states.input.who" + strings.Repeat(")", n) }, 98},
		"path in a function": {func(n int) string {
			return "function($x) {" + strings.Repeat("(", n) + "$x.name" + strings.Repeat(")", n) + "}($states.input.who)"
		}, 97},
		"tail calls": {func(n int) string {
			return fmt.Sprintf("($f := function($x) { $x <= 0 ? %s : $f($x-1) }; $f(50))", terms(n))
		}, 97},
	} {
		if got := outcome(test.text(test.most), testEnv(), jsonata.AWS); strings.HasPrefix(got, "Stack") {
			t.Errorf("%s: %d are too deep", name, test.most)
		}
		if name == "in a branch" {
			continue
		}
		if got := outcome(test.text(test.most+1), testEnv(), jsonata.AWS); got != "U1001" { // as codeOf has it

			t.Errorf("%s: %d give %s", name, test.most+1, got)
		}
	}
}

// outcome is the JSON of a result, "" for none, or the code of the error.
func outcome(expr string, env *jsonata.Env, options ...jsonata.Option) string {
	e, err := jsonata.Compile(expr, options...)
	if err != nil {
		return codeOf(err)
	}
	v, err := e.Eval(env, value.Value{}, bindings())
	switch {
	case codeOf(err) != "":
		return codeOf(err)
	case err != nil:
		return err.Error()
	case v.IsAbsent():
		return ""
	}
	return v.String()
}

func TestAWSHasNoInput(t *testing.T) {
	for _, test := range []struct{ expr, at string }{
		{`name`, `name`}, {`$`, `$`}, {`$$`, `$$`}, {`*`, `*`}, {`**.x`, `**`}, {`$.name`, `$`}, {`$sum(list)`, `list`},
		{`$states.input[$$.x]`, `$$`}, {`{"a": field}`, `field`}, {`[1, $]`, `$`}, {`$n + n`, `n`}, {`(1; x)`, `x`},
		{`$n > 1 ? y`, `y`}, {`$x := y`, `y`}, {`a.b`, `a`}, {`function($x) {$$}(1)`, `$$`},
	} {
		_, err := jsonata.Compile(test.expr, jsonata.AWS)
		var syntax *jsonata.SyntaxError
		if !errors.As(err, &syntax) || syntax.Code != "S0503" || test.expr[syntax.Offset:syntax.End] != test.at {
			t.Errorf("%s: %v", test.expr, err)
		}
	}
	for _, expr := range []string{
		`$states.input.name`, `$states.(input)`, `$states[input].x`, `$map([1], function($v) {name})`, `$n.$`, `$states{name: $}`,
		`$states^(x)`, `$states ~> |$|{"a": b}|`, `[1,2].($ + 1)`, `$states.input@$i.list#$k[$k = $i]`,
	} {
		if _, err := jsonata.Compile(expr, jsonata.AWS); err != nil {
			t.Errorf("%s: %v", expr, err)
		}
	}
}

func TestDialectsHaveTheirFunctions(t *testing.T) {
	standard, aws := jsonata.Functions(), jsonata.Functions(jsonata.AWS)
	for _, name := range []string{"partition", "range", "hash", "uuid", "parse"} {
		if slices.Contains(standard, name) || !slices.Contains(aws, name) {
			t.Errorf("$%s is in the wrong dialect", name)
		}
	}
	if !slices.Contains(standard, "eval") || slices.Contains(aws, "eval") {
		t.Error("$eval is in the wrong dialect")
	}
	if got := outcome(`$eval("1")`, testEnv(), jsonata.AWS); got != "T1006" {
		t.Errorf("$eval gives %s", got)
	}
}

func TestNothingFromNowhere(t *testing.T) {
	for _, expr := range []string{`$now()`, `$millis()`, `$random()`, `$uuid()`, `$shuffle([1,2])`, `$toMillis("1", "[m]")`} {
		e := jsonata.MustCompile(expr, jsonata.AWS)
		var fault *jsonata.Error
		if _, err := e.Eval(nil, value.Value{}, nil); !errors.As(err, &fault) || !strings.Contains(fault.Message, "There is no") {
			t.Errorf("%s: %v", expr, err)
		}
	}
}

func TestFunctionsAsResult(t *testing.T) {
	for _, expr := range []string{`$sum`, `function($x) {$x}`, `/a/`, `$uppercase ~> $trim`, `$substring(?, 1)`} {
		if _, err := jsonata.MustCompile(expr).Eval(nil, value.Value{}, nil); !errors.Is(err, jsonata.ErrFunction) {
			t.Errorf("%s: %v", expr, err)
		}
	}
}
