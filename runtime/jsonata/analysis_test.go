package jsonata_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func TestSyntaxErrorsHavePlaces(t *testing.T) {
	for _, test := range []struct{ expr, code, at, message string }{
		{`$x.(1 + )`, "S0211", ")", `The symbol ")" cannot be used as a unary operator`},
		{`1 + `, "S0207", "", "Unexpected end of expression"},
		{`{"a": 1`, "S0203", "", `Expected "}" before end of expression`},
		{`[1; 2]`, "S0202", ";", `Expected "]", got ";"`},
		{`"abc`, "S0101", `"abc`, "String literal must be terminated by a matching quote"},
		{`"a\q"`, "S0103", `\q`, `Unsupported escape sequence: \"q"`},
		{`1 2`, "S0201", "2", `Syntax error: "2"`},
		{`é.x := 2`, "S0212", ".", "The left side of := must be a variable name (start with $)"},
		{`a.1`, "S0213", "1", "The literal value 1 cannot be used as a step within a path expression"},
		{`/(/`, "S0302", "/(/", "No terminating / in regular expression"},
		{`/é**/`, "S0303", "*", ""},
		{`/é{3,1}/`, "S0303", "{", "Invalid regular expression: the numbers of a {} are out of order"},
		{`$x ~> /a/ii`, "S0303", "/a/ii", ""},
		{`function(x) {1}`, "S0208", "x", "Parameter 1 of function definition must be a variable name (start with $)"},
		{`%.a`, "S0217", "%", "The object representing the 'parent' cannot be derived from this expression"},
	} {
		_, err := jsonata.Compile(test.expr)
		var syntax *jsonata.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: %v", test.expr, err)
			continue
		}
		at := test.expr[syntax.Offset:syntax.End]
		if syntax.Code != test.code || at != test.at || test.message != "" && syntax.Message != test.message {
			t.Errorf("%s: %v at %q", test.expr, syntax, at)
		}
	}
}

func TestErrorsHavePlaces(t *testing.T) {
	for _, test := range []struct{ expr, code, at, message string }{
		{`1 + "a"`, "T2002", "+", `The right side of the "+" operator must evaluate to a number`},
		{`$n & $number("x")`, "D3030", `$number("x")`, `Unable to cast value to a number: "x"`},
		{`$map([1], function($v) {$uppercase($v)})`, "T0410", `$uppercase($v)`,
			`Argument 1 of function "uppercase" does not match function signature`},
		{`sum([1])`, "T1005", `sum([1])`, "Attempted to invoke a non-function. Did you mean $sum?"},
		{`$n()`, "T1006", `$n()`, "Attempted to invoke a non-function"},
		{`$error("oops")`, "D3137", `$error("oops")`, "oops"},
		{`[1..2e9]`, "D2014", "..",
			"The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate 2000000000."},
	} {
		_, err := jsonata.MustCompile(test.expr).Eval(testEnv(), value.Value{}, bindings())
		var fault *jsonata.Error
		if !errors.As(err, &fault) || fault.Code != test.code || fault.Message != test.message ||
			test.expr[fault.Offset:fault.End] != test.at {
			t.Errorf("%s: %v at %+v", test.expr, err, fault)
		}
	}
}

func TestProblems(t *testing.T) {
	for _, test := range []struct {
		expr string
		want string // code, the text at fault and the message of each
	}{
		{`$uppercase($x) & $string(1)`, ``},
		{`$upercase("a")`, `T1006 $upercase: There is no function $upercase; did you mean $uppercase?`},
		{`$frobnicate(1)`, `T1006 $frobnicate: There is no function $frobnicate`},
		{`$eval("1")`, `T1006 $eval: There is no function $eval`},
		{`($f := function($x) {$x}; $f(1))`, ``},
		{`$map([1], function($g) {$g(1)})`, ``},
		{`sum([1])`, `T1005 sum: Attempted to invoke a non-function. Did you mean $sum?`},
		{`$length(1)`, `T0410 1: Argument 1 of function "length" does not match function signature`},
		{`$length()`, ``}, // the context
		{`$append(1)`, `T0410 $append: Argument 2 of function "append" does not match function signature`},
		{`$length("a", "b")`, `T0410 "b": Argument 2 of function "length" does not match function signature`},
		{`$sum(["a", "b"])`, `T0412 "a": Argument 1 of function "sum" must be an array of "numbers"`},
		{`$sum("a")`, `T0412 "a": Argument 1 of function "sum" must be an array of "numbers"`},
		{`$join([1])`, `T0412 1: Argument 1 of function "join" must be an array of "strings"`},
		{`$x ~> $substring("a")`, `T0410 "a": Argument 2 of function "substring" does not match function signature`},
		{`"a" ~> $length()`, ``},
		{`$map([1], 2)`, `T0410 2: Argument 2 of function "map" does not match function signature`},
		{`$map([1], $string)`, ``},
		{`"a" + $x`, `T2001 "a": The left side of the "+" operator must evaluate to a number`},
		{`$x * true`, `T2002 true: The right side of the "*" operator must evaluate to a number`},
		{`$x < [1]`, `T2010 [1]: The expressions either side of operator "<" must evaluate to numeric or string values`},
		{`$x[$lenght($) > 1].y`, `T1006 $lenght: There is no function $lenght; did you mean $length?`},
		{`$partition([1], "a")`, `T0410 "a": Argument 2 of function "partition" does not match function signature`},
	} {
		e, err := jsonata.Compile(test.expr, jsonata.AWS)
		if err != nil {
			e = jsonata.MustCompile(test.expr)
		}
		var got []string
		for _, p := range e.Problems() {
			got = append(got, fmt.Sprintf("%s %s: %s", p.Code, test.expr[p.Offset:p.End], p.Message))
		}
		if s := strings.Join(got, "\n"); s != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.expr, s, test.want)
		}
	}
}

func TestReferences(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{`$states.context.Task.Token`, `states.context.Task.Token`},
		{`$states.result[0].x & $y`, `states.result[].x y`},
		{`($states).result`, `states.result`},
		{`$states[true].result`, `states.result`},
		{`$states.*.x`, `states…`},
		{`$lookup($states, "result")`, `lookup! states`},
		{`($x := 1; $x + $y)`, `y`},
		{`($y := $x; $x := 1; $x)`, `x`},
		{`(($x := 1); $x)`, `x`},
		{`function($a) {$a + $b}`, `b`},
		{`($f := function($n) {$n = 0 ? $z : $f($n - 1)}; $f($n))`, `z n`},
		{`$f := function($n) {$f($n - 1)}`, ``},
		{`($even := function($n) {$n = 0 or $odd($n - 1)}; $odd := function($n) {$n != 0 and $even($n - 1)}; $even(4))`, ``},
		{`($f($n); $f := function() {function() {$f()}})`, `f n`},
		{`($g := function() {$x}; $x := 1; $g())`, `x`},
		{`$list@$i.$i.n + $i`, `list… i`},
		{`$list#$i[$i > $low]`, `list low`},
		{`$list{$k: $v}`, `list k v`},
		{`$states.("a" & b)`, `states…`},
		{`$map($states.input.list, function($v, $k) {$v.x = $k})`, `map! states.input.list`},
		{"$states.`odd name`.x", `states.odd name.x`},
		{`$states.input^(>n).x`, `states.input.x`},
		{`$states.input ~> |$|{"a": $w}|`, `states.input w`},
	} {
		e := jsonata.MustCompile(test.expr, jsonata.AWS)
		var got []string
		for _, r := range e.References() {
			s := r.Name
			if test.expr[r.Offset:r.End] != "$"+r.Name {
				t.Errorf("%s: %s is at %d to %d", test.expr, r.Name, r.Offset, r.End)
			}
			for _, f := range r.Fields {
				s += "." + f.Name
				if f.Filtered {
					s += "[]"
				}
				if strings.Trim(test.expr[f.Offset:f.End], "`") != f.Name {
					t.Errorf("%s: %s is at %d to %d", test.expr, f.Name, f.Offset, f.End)
				}
			}
			if r.More {
				s += "…"
			}
			if r.Library {
				s += "!"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%s: got %s, want %s", test.expr, s, test.want)
		}
	}
}

// What an expression is taken apart into: each part with its name, what stands behind it, and its own parts.
func TestTree(t *testing.T) {
	var write func(n *jsonata.Node) string
	each := func(list []*jsonata.Node, open, end string) string {
		var parts []string
		for _, n := range list {
			parts = append(parts, write(n))
		}
		if parts == nil {
			return ""
		}
		return open + strings.Join(parts, " ") + end
	}
	write = func(n *jsonata.Node) string {
		names := [...]string{"other", "literal", "variable", "name", "path", "sort", "array", "object", "block", "bind", "if", "operator", "call", "function"}
		s := names[n.Kind] + ":" + n.Name + strings.Join(n.Parameters, ",") + each(n.Parts, "(", ")") + each(n.Filters, "[", "]") + each(n.Group, "{", "}")
		if n.Keeps {
			s += "[]"
		}
		return s + strings.Join(n.Binds, "@")
	}
	for expr, want := range map[string]string{
		`$x.a[0].b`:                       "path:(variable:x name:a[literal:] name:b)",
		`$x[y = 'z'][]`:                   "variable:x[operator:=(path:(name:y) literal:)][]",
		`$x^(>n){a: 1}`:                   "path:(variable:x sort:(path:(name:n))){path:(name:a) literal:}",
		`$map($x, function($v) {$v.a})`:   "call:map(variable:x function:v(path:(variable:v name:a)))",
		`$x ~> $sum()`:                    "call:sum(variable:x)",
		`$x ~> $sum`:                      "call:sum(variable:x)",
		`($sum := 1; $sum($x) ? [1]: {})`: "block:(bind:sum(literal:) if:(other:(variable:sum variable:x) array:(literal:) object:))",
		`$x@$i.$i`:                        "path:(variable:xi variable:i)",
	} {
		if got := write(jsonata.MustCompile(expr, jsonata.AWS).Tree()); got != want {
			t.Errorf("%s is %s, want %s", expr, got, want)
		}
	}
}

func TestShapes(t *testing.T) {
	for _, test := range []struct{ expr, path, constant, result string }{
		{`$states.input.a`, "states/input/a", "", "absent"},
		{`$x`, "x", "", "absent"},
		{`$x[0]`, "", "", "absent"},
		{`$x.a[]`, "", "", "absent"},
		{`"a"`, "", `"a"`, "string"},
		{`-1.5`, "", `-1.5`, "number"},
		{`[1, {"a": null}]`, "", `[1,{"a":null}]`, "array"},
		{`(true)`, "", "true", "boolean"},
		{`null`, "", "null", "null"},
		{`$x & "a"`, "", "", "string"},
		{`$x + 1`, "", "", "number"},
		{`$x > 1 and $y`, "", "", "boolean"},
		{`{"a": $x}`, "", "", "object"},
		{`$x ? "a" : $string(1)`, "", "", "string"},
		{`$x ? "a" : 1`, "", "", "absent"},
		{`$sum($x)`, "", "", "number"},
		{`$x ~> $count()`, "", "", "number"},
		{`$split($x, ",")`, "", "", "array"},
		{`$map($x, $string)`, "", "", "absent"},
		{`($y := 1; $y & "")`, "", "", "string"},
		{`$exists($x)`, "", "", "boolean"},
		{`[1, 2][0]`, "", "", "absent"},
		{`[$x]`, "", "", "array"},
	} {
		e := jsonata.MustCompile(test.expr, jsonata.AWS)
		path := ""
		if name, names, ok := e.Path(); ok {
			path = strings.Join(append([]string{name}, names...), "/")
		}
		constant := ""
		if v, ok := e.Constant(); ok {
			constant = v.String()
		}
		if path != test.path || constant != test.constant || e.Result().String() != test.result {
			t.Errorf("%s: path %q, constant %q, result %v", test.expr, path, constant, e.Result())
		}
	}
}

func TestLookup(t *testing.T) {
	v := value.MustParse(`{"a":{"b":1},"l":[{"x":1},{"x":[2,3]},{"y":0}],"one":[{"x":[7]}],"e":[]}`)
	for path, want := range map[string]string{"a.b": "1", "l.x": "[1,2,3]", "one.x": "[7]", "e": "[]", "e.x": "", "l.y": "0", "q": ""} {
		got := jsonata.Lookup(v, strings.Split(path, ".")...)
		e := jsonata.MustCompile("$v." + path)
		evaluated, err := e.Eval(nil, value.Value{}, map[string]value.Value{"v": v})
		if err != nil || got.IsAbsent() != (want == "") || want != "" && got.String() != want || !got.Equal(evaluated) {
			t.Errorf("%s: got %v, evaluated %v (%v), want %s", path, got, evaluated, err, want)
		}
	}
}
