package intrinsic_test

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// env reads paths from an input and a context object.
type env struct {
	input, context value.Value
	random         *rand.Rand
}

func newEnv(input string) *env {
	return &env{input: value.MustParse(input), random: rand.New(rand.NewPCG(1, 2))}
}

func (e *env) Path(p *jsonpath.Path) (value.Value, error) {
	if p.Root() == jsonpath.Context {
		return p.Get(e.context)
	}
	return p.Get(e.input)
}

func (e *env) Random() *rand.Rand { return e.random }

const input = `{
	"name": "Ann", "template": "<{}>", "escaped": "\\{{}\\} \\x", "n": 1.5, "half": -2.5, "t": true, "none": null, "list": [1, 2, 3], "e": [], "eo": {},
	"o": {"Arg1": 1, "Arg2": [], "s": "x y", "n": null}, "json": "{\"b\": 1, \"a\": [ -0, 1.50 ]}", "csv": "a,b;;c,",
	"def ghi": {"a)": "odd"}, "big": 12345678901234567890, "emoji": "é😀"
}`

func TestEval(t *testing.T) {
	e := newEnv(input)
	for _, test := range []struct{ call, want string }{
		{`States.Format('{}, {} and {}', $.name, 'Bob', 3)`, `"Ann, Bob and 3"`},
		{`States.Format('no placeholder')`, `"no placeholder"`},
		{`States.Format('{}{}', $.none, $.t)`, `"nulltrue"`},
		{`States.Format('{} {}', $.o, $.list)`, `"{Arg1=1, Arg2=[], s=x y, n=null} [1, 2, 3]"`},
		{`States.Format('{} {}', $.e, $.eo)`, `"[] {}"`},
		{`States.Format($.template, $.name)`, `"<Ann>"`},
		{`States.Format('It\'s \{\} \\ \{{}\}', $.name)`, `"It's {} \\ {Ann}"`},
		{`States.Format($.escaped, $.name)`, `"{Ann} \\x"`},
		{`States.Format('$\{bucket\}/{}', $.name)`, `"${bucket}/Ann"`},
		{"States.Format('line\n\"{}\"', 1.50)", `"line\n\"1.50\""`},
		{`States.Format('{}', $.def\ ghi)`, `"{a)=odd}"`},
		{`States.Format('{}', $.['def ghi']['a)'])`, `"odd"`},
		{` States.Format ( '{}' )`, ""},
		{" States.Format( '{}' ,\t$.name ) ", `"Ann"`},

		{`States.StringToJson('')`, `null`},
		{`States.StringToJson(" ")`, ""},
		{`States.StringToJson(' ')`, `null`},
		{`States.StringToJson('null')`, `null`},
		{`States.StringToJson('-0')`, `0`},
		{`States.StringToJson('-0.0')`, `-0.0`},
		{`States.StringToJson($.json)`, `{"b":1,"a":[0,1.50]}`},
		{`States.JsonToString($.o)`, `"{\"Arg1\":1,\"Arg2\":[],\"s\":\"x y\",\"n\":null}"`},
		{`States.JsonToString($.name)`, `"\"Ann\""`},
		{`States.JsonToString($.list[*])`, `"[1,2,3]"`},
		{`States.JsonToString($.list[?(@ > 1)])`, `"[2,3]"`},
		{`States.JsonToString($.list.length())`, `"3"`},

		{`States.Array()`, `[]`},
		{`States.Array('a', 1, true, false, null, $.e, States.Array())`, `["a",1,true,false,null,[],[]]`},
		{`States.ArrayPartition($.list, 2)`, `[[1,2],[3]]`},
		{`States.ArrayPartition($.list, 1.5)`, `[[1,2],[3]]`},
		{`States.ArrayPartition($.list, 100)`, `[[1,2,3]]`},
		{`States.ArrayPartition($.e, 4)`, `[]`},
		{`States.ArrayContains($.list, 2.0)`, `true`},
		{`States.ArrayContains($.list, '2')`, `false`},
		{`States.ArrayContains(States.Array($.o, $.e), $.e)`, `true`},
		{`States.ArrayContains($.e, null)`, `false`},
		{`States.ArrayRange(1, 9, 2)`, `[1,3,5,7,9]`},
		{`States.ArrayRange(1, 9, 9)`, `[1]`},
		{`States.ArrayRange(5, 1, -2)`, `[5,3,1]`},
		{`States.ArrayRange(5, 1, 2)`, `[]`},
		{`States.ArrayRange(0.5, 2.4, 1)`, `[1,2]`},
		{`States.ArrayLength(States.ArrayRange(1, 1000, 1))`, `1000`},
		{`States.ArrayGetItem($.list, 2)`, `3`},
		{`States.ArrayGetItem($.list, 0.5)`, `2`},
		{`States.ArrayLength($.list)`, `3`},
		{`States.ArrayUnique(States.Array(1, 1.0, '1', null, null, true, $.e, States.Array(), $.eo, -0, 0))`,
			`[1,"1",null,true,[],{},-0]`},
		{`States.ArrayUnique(States.Array(States.StringToJson('{"a":1,"b":2}'), States.StringToJson('{"b":2,"a":1}')))`,
			`[{"a":1,"b":2}]`},

		{`States.Base64Encode('é')`, `"w6k="`},
		{`States.Base64Encode('')`, `""`},
		{`States.Base64Decode('w6k=')`, `"é"`},
		{`States.Base64Decode('w6k')`, `"é"`},
		{`States.Base64Decode('/w==')`, `"` + "\ufffd" + `"`},
		{`States.Hash('input data', 'MD5')`, `"812f45842bc6d66ee14572ce20db8e86"`},
		{`States.Hash('input data', 'SHA-1')`, `"aaff4a450a104cd177d28d18d74485e8cae074b7"`},
		{`States.Hash('input data', 'SHA-256')`, `"b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3"`},
		{`States.Hash(States.JsonToString($.list), 'MD5')`, `"f1e46f328e6decd56c64dd5e761dc2b7"`},
		{`States.Hash($.list, 'MD5')`, `"f1e46f328e6decd56c64dd5e761dc2b7"`},

		{`States.JsonMerge($.o, $.eo, false)`, `{"Arg1":1,"Arg2":[],"s":"x y","n":null}`},
		{`States.JsonMerge(States.StringToJson('{"a":{"x":1},"b":1}'), States.StringToJson('{"c":2,"a":{"y":2}}'), false)`,
			`{"a":{"y":2},"b":1,"c":2}`},

		{`States.MathAdd(1.5, 0)`, `2`},
		{`States.MathAdd(-1.5, 0)`, `-1`},
		{`States.MathAdd($.half, 0)`, `-2`},
		{`States.MathAdd(-0.5, 0)`, `0`},
		{`States.MathAdd(1.49, 1.5)`, `3`},
		{`States.MathAdd(-1.5, -1.51)`, `-3`},
		{`States.MathAdd(0.49999999999999994, 0)`, `0`},
		{`States.MathAdd(2147483647, 2147483647)`, `4294967294`},
		{`States.MathAdd(1e2, -2147483648)`, `-2147483548`},
		{`States.MathRandom(7, 8)`, `7`},
		{`States.MathRandom(-1, 0, 42)`, `-1`},

		{`States.StringSplit($.csv, ',;')`, `["a","b","c"]`},
		{`States.StringSplit(', , ,', ',')`, `[" "," "]`},
		{`States.StringSplit(',,', ',')`, `[]`},
		{`States.StringSplit('', ',')`, `[]`},
		{`States.StringSplit('a b', '')`, `["a b"]`},
		{`States.StringSplit($.emoji, '😀')`, `["é"]`},

		{`States.ArrayGetItem(States.StringSplit('a-b', '-'), States.MathAdd(States.ArrayLength($.list), -2))`, `"b"`},
	} {
		c, err := intrinsic.Parse(test.call)
		if test.want == "" {
			if err == nil {
				t.Errorf("%s was accepted", test.call)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.call, err)
			continue
		}
		got, err := c.Eval(e)
		if err != nil || got.String() != test.want {
			t.Errorf("%s: got %s, %v; want %s", test.call, got, err, test.want)
		}
		if c.Result() != value.AbsentKind && c.Result() != got.Kind() {
			t.Errorf("%s gave %s, not %s", test.call, got, c.Result())
		}
	}
}

func TestEvalErrors(t *testing.T) {
	e := newEnv(`{"s":"x","n":1,"o":{},"a":[],"t":true,"template":"{} {}","lone":"{x} {}","long":"` + strings.Repeat("x", 10_001) + `"}`)
	for _, test := range []struct{ call, function, message string }{
		{`States.Format($.template, 1)`, "States.Format", "the template has 2 {} for 1 arguments"},
		{`States.Format('{"key": {}}', 1)`, "States.Format", "Invalid template in States.Format: matching '}' not found for '{'."},
		{`States.Format('a { } b {}', 1)`, "States.Format", "matching '}' not found for '{'"},
		{`States.Format('{}}', 1)`, "States.Format", "matching '{' not found for '}'"},
		{`States.Format('s3://${bucket}/{}', 1)`, "States.Format", "matching '}' not found for '{'"},
		{`States.Format($.lone, 1)`, "States.Format", "matching '}' not found for '{'"},
		{`States.Array(States.Format('{'))`, "States.Format", "matching '}' not found for '{'"},
		{`States.Format($.n)`, "States.Format", "argument 1 must be a string, not a number"},
		{`States.StringToJson('{')`, "States.StringToJson", "argument 1 is no JSON"},
		{`States.StringToJson($.o)`, "States.StringToJson", "argument 1 must be a string, not an object"},
		{`States.ArrayPartition($.a, 0)`, "States.ArrayPartition", "must be positive, not 0"},
		{`States.ArrayPartition($.a, 0.4)`, "States.ArrayPartition", "must be positive, not 0"},
		{`States.ArrayPartition($.s, 1)`, "States.ArrayPartition", "argument 1 must be an array, not a string"},
		{`States.ArrayPartition($.a, $.s)`, "States.ArrayPartition", "argument 2 must be a number, not a string"},
		{`States.ArrayContains($.o, 1)`, "States.ArrayContains", "argument 1 must be an array"},
		{`States.ArrayRange(1, 2, 0)`, "States.ArrayRange", "the step must not be 0"},
		{`States.ArrayRange(0, 1000, 1)`, "States.ArrayRange", "more than 1000"},
		{`States.ArrayRange(0, -1000, -1)`, "States.ArrayRange", "more than 1000"},
		{`States.ArrayRange(0, 1e300, 1)`, "States.ArrayRange", "too large"},
		{`States.ArrayGetItem($.a, 0)`, "States.ArrayGetItem", "no element 0 in an array of 0"},
		{`States.ArrayGetItem(States.Array(1), -1)`, "States.ArrayGetItem", "no element -1"},
		{`States.ArrayLength($.s)`, "States.ArrayLength", "argument 1 must be an array"},
		{`States.ArrayUnique(null)`, "States.ArrayUnique", "argument 1 must be an array, not null"},
		{`States.Base64Encode($.long)`, "States.Base64Encode", "10001 characters"},
		{`States.Base64Decode($.long)`, "States.Base64Decode", "10001 characters"},
		{`States.Base64Decode('?')`, "States.Base64Decode", "not encoded in Base64"},
		{`States.Base64Encode(1)`, "States.Base64Encode", "must be a string"},
		{`States.Hash($.long, 'MD5')`, "States.Hash", "10001 characters"},
		{`States.Hash('x', 'md5')`, "States.Hash", `"md5" is no algorithm`},
		{`States.JsonMerge($.o, $.a, false)`, "States.JsonMerge", "argument 2 must be an object, not an array"},
		{`States.JsonMerge($.o, $.o, $.t)`, "States.JsonMerge", "argument 3 must be false"},
		{`States.JsonMerge($.o, $.o, 'false')`, "States.JsonMerge", "argument 3 must be false, not a string"},
		{`States.MathAdd(2147483648, 0)`, "States.MathAdd", "more than 32 bits"},
		{`States.MathAdd('1', 0)`, "States.MathAdd", "argument 1 must be a number, not a string"},
		{`States.MathRandom(1, 1)`, "States.MathRandom", "must be less than the end"},
		{`States.StringSplit($.n, ',')`, "States.StringSplit", "argument 1 must be a string"},
		{`States.StringSplit($.s, null)`, "States.StringSplit", "argument 2 must be a string, not null"},
		{`States.Array(States.ArrayLength($.s))`, "States.ArrayLength", "must be an array"},
	} {
		got, err := intrinsic.MustParse(test.call).Eval(e)
		var refused *intrinsic.Error
		if !errors.As(err, &refused) || refused.Function != test.function || !strings.Contains(refused.Message, test.message) {
			t.Errorf("%s: got %s, %v; want %s: %s", test.call, got, err, test.function, test.message)
		}
	}
	_, err := intrinsic.MustParse("States.Array(1, $.missing)").Eval(e)
	if !errors.As(err, new(*jsonpath.NotFoundError)) {
		t.Errorf("a missing path gave %v", err)
	}
}

func TestSyntaxErrors(t *testing.T) {
	nested := strings.Repeat("States.Array(", 11) + strings.Repeat(")", 11)
	for _, test := range []struct {
		call    string
		offset  int
		message string
		hint    string
	}{
		{"", 0, "expected a call", ""},
		{"$.a", 0, "expected a call", ""},
		{"States.Foramt('{}', 1)", 0, "States.Foramt is no intrinsic function", "did you mean States.Format?"},
		{"Format('{}', 1)", 0, "Format is no intrinsic function", "did you mean States.Format?"},
		{"states.arraylenght($)", 0, "is no intrinsic function", "did you mean States.ArrayLength?"},
		{"States.Now()", 0, "States.Now is no intrinsic function", ""},
		{"States.Array(uuid())", 13, "uuid is no intrinsic function", "did you mean States.UUID?"},
		{"States.UUID", 11, "expected (", ""},
		{"States.UUID(", 12, "expected a path", ""},
		{"States.UUID() x", 14, "unexpected text", ""},
		{"States.UUID(1)", 0, "States.UUID takes no arguments, not 1", ""},
		{"States.Format()", 0, "States.Format takes at least 1 arguments, not 0", ""},
		{"States.ArrayLength($, $)", 0, "States.ArrayLength takes 1 argument, not 2", ""},
		{"States.MathAdd(1)", 0, "States.MathAdd takes 2 arguments, not 1", ""},
		{"States.MathRandom(1)", 0, "States.MathRandom takes 2 or 3 arguments, not 1", ""},
		{"States.Array(1,)", 15, "expected a path", ""},
		{"States.Array(,1)", 13, "expected a path", ""},
		{"States.Array(1 2)", 15, "expected , or )", ""},
		{`States.Array("a")`, 13, "expected a path", ""},
		{"States.Array('a)", 13, "the quote is not closed", ""},
		{`States.Array('a\`, 15, "a backslash stands only", ""},
		{`States.Format('\"{}\"', 1)`, 15, "a backslash stands only", ""},
		{`States.Array('\n')`, 14, "a backslash stands only", ""},
		{"States.Array(01)", 13, "01 is no number", ""},
		{"States.Array(-)", 13, "- is no number", ""},
		{"States.Array($.a[)", 16, "not closed", ""},
		{"States.Array(1, $.a.)", 20, "a name is missing", ""},
		{"States.Array($.a $.b)", 16, "white space", ""},
		{"States.Format('{} {}', 1)", 0, "the template has 2 {} for 1 arguments", ""},
		{"States.Format('x', 1)", 0, "the template has 0 {} for 1 arguments", ""},
		{"States.Format(1)", 0, "the template must be a string", ""},
		{"States.JsonMerge($.a, $.b, true)", 0, "argument 3 must be false", ""},
		{nested, 130, "nested more than 10 deep", ""},
	} {
		_, err := intrinsic.Parse(test.call)
		var syntax *intrinsic.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: error %v, want a syntax error", test.call, err)
			continue
		}
		if syntax.Offset != test.offset || !strings.Contains(syntax.Message, test.message) || syntax.Hint != test.hint {
			t.Errorf("%s: got %v, want offset %d: %s (%s)", test.call, syntax, test.offset, test.message, test.hint)
		}
	}
	if _, err := intrinsic.Parse(nested[len("States.Array(") : len(nested)-1]); err != nil {
		t.Errorf("10 nested calls: %v", err)
	}
}

func TestTree(t *testing.T) {
	const text = " States.Format('{}{}', $$.x[?(@.a, 1)], States.ArrayGetItem($v.list, $.i) )"
	c, err := intrinsic.Parse(strings.Replace(text, "@.a, 1", "@.a == ','", 1))
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, p := range c.Paths() {
		paths = append(paths, p.String())
	}
	if want := []string{"$$.x[?(@.a == ',')]", "$v.list", "$.i"}; !cmp.Equal(paths, want) {
		t.Errorf("paths %q, want %q", paths, want)
	}
	inner := c.Args[2].(*intrinsic.Call)
	if c.Offset != 1 || c.Result() != value.StringKind || inner.Function != "States.ArrayGetItem" ||
		inner.String() != "States.ArrayGetItem($v.list, $.i)" || inner.Result() != value.AbsentKind {
		t.Errorf("got %d %v, %s %q %v", c.Offset, c.Result(), inner.Function, inner, inner.Result())
	}
	if c.String() != strings.TrimSpace(strings.Replace(text, "@.a, 1", "@.a == ','", 1)) || c.Args[0].String() != "'{}{}'" {
		t.Errorf("texts %q, %q", c, c.Args[0])
	}
}

func TestStringFunction(t *testing.T) {
	var got []string
	for _, name := range []string{
		"States.Array", "States.ArrayGetItem", "States.Base64Decode", "States.Base64Encode", "States.Format", "States.Hash",
		"States.JsonToString", "States.MathAdd", "States.StringToJson", "States.StringSplit", "States.UUID", "States.X",
	} {
		if intrinsic.StringFunction(name) {
			got = append(got, strings.TrimPrefix(name, "States."))
		}
	}
	want := []string{"ArrayGetItem", "Base64Decode", "Base64Encode", "Format", "Hash", "JsonToString", "UUID"}
	if !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRandom(t *testing.T) {
	e := newEnv(`{}`)
	id := regexp.MustCompile(`^"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$`)
	seen := map[string]bool{}
	for range 100 {
		v, err := intrinsic.MustParse("States.UUID()").Eval(e)
		if err != nil || !id.MatchString(v.String()) || seen[v.String()] {
			t.Fatalf("UUID %s, %v", v, err)
		}
		seen[v.String()] = true
	}
	seeded, numbers := map[string]bool{}, map[string]bool{}
	for range 200 {
		v, err := intrinsic.MustParse("States.MathRandom(1, 4)").Eval(e)
		if err != nil {
			t.Fatal(err)
		}
		numbers[v.String()] = true
		v, err = intrinsic.MustParse("States.MathRandom(0, 1000000, 7)").Eval(e)
		if err != nil {
			t.Fatal(err)
		}
		seeded[v.String()] = true
	}
	if want := map[string]bool{"1": true, "2": true, "3": true}; !cmp.Equal(numbers, want) {
		t.Errorf("random numbers %v, want %v", numbers, want)
	}
	if len(seeded) != 1 {
		t.Errorf("one seed gave %d numbers", len(seeded))
	}
}
