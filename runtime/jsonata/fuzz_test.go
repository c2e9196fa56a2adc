package jsonata_test

import (
	"errors"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// FuzzEval compiles and evaluates any text: nothing may panic or run on, and all offsets lie within the text.
func FuzzEval(f *testing.F) {
	for _, seed := range []string{
		"a[n > 1].s", "orders@$o.items@$i.prices[sku = $i.sku]{$o.id & '': $sum(price)}", "$map(nums, function($v, $i) {$v * $i})",
		"$ ~> |**[n]|{'x': 1}, 'n'|", "(/(a+)+$/)('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')", "orders.items.%.%.id", "a^(>n, s)[0]",
		"$formatNumber(1234.5, '#,##0.00;(0)')", "$fromMillis(0, '[Y]-[MNn]-[Dwo] [h][P] [Z]')", "$toMillis('1', '[Y]')",
		"($f := function($n) { $n < 1 ? 0 : $f($n - 1) }; $f(100))", "$states.input.a[0]", "$f(?, 1)", "λ($x)<n-:n>{$x}(2)",
		"\"\\ud83d\" & `x y`", "$split('a1b', /\\d/)", "$eval('[1..3]')", "$replace('abc', /(b)(c)?/, '$1-$2')",
		"$range(-1.7, 9e99, 3)", "$partition([1..9], -0.5)", "$parse('[1e400]')", "[1/0, {'n': 0/0}]", "$random(-1.5)", "$string($parse('9223372036854775807'))",
		"$pad('é', 1e9, 'ab')", "$fromMillis(0, '[Y,*-100000000]')", "$reduce([1..40], function($o) {{'a': $o, 'b': $o}})", "$spread([-2..3])",
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	input := value.MustParse(generatedInput)
	f.Fuzz(func(t *testing.T, text string, aws bool) {
		var options []jsonata.Option
		if aws {
			options = append(options, jsonata.AWS)
		}
		e, err := jsonata.Compile(text, options...)
		if err != nil {
			var syntax *jsonata.SyntaxError
			if !errors.As(err, &syntax) || syntax.Message == "" {
				t.Fatalf("Compile: %v", err)
			}
			within(t, text, syntax.Offset, syntax.End)
			return
		}
		checkStatic(t, e, text)
		env := testEnv()
		env.Limits = jsonata.Limits{Steps: 100_000, Depth: 1000, Memory: 16 << 20}
		_, err = e.Eval(env, input, map[string]value.Value{"states": input})
		var fault *jsonata.Error
		if errors.As(err, &fault) {
			within(t, text, fault.Offset, fault.End)
		}
	})
}

func checkStatic(t *testing.T, e *jsonata.Expr, text string) {
	t.Helper()
	for _, p := range e.Problems() {
		within(t, text, p.Offset, p.End)
	}
	for _, r := range e.References() {
		within(t, text, r.Offset, r.End)
		for _, field := range r.Fields {
			within(t, text, field.Offset, field.End)
		}
	}
	e.Path()
	e.Result()
	e.Constant()
}

func within(t *testing.T, text string, offset, end int) {
	t.Helper()
	if offset < 0 || offset > end || end > len(text) {
		t.Fatalf("offsets %d to %d are not in the text of %d bytes", offset, end, len(text))
	}
}
