package value_test

import (
	"math"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func TestTextIsKept(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, `1.50`, `-0`, `1e400`, `"a\"b\\cé😀\n\u0001"`, `[]`, `{}`, `{"b":1,"a":[null,{"x":1.0}]}`,
		`[123456789012345678901234567890]`,
	} {
		v, err := value.Parse([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := v.String(); got != text {
			t.Errorf("%s became %s", text, got)
		}
		if v.Size() != len(text) {
			t.Errorf("%s: size %d, want %d", text, v.Size(), len(text))
		}
	}
}

// What is quoted is what the standard library quotes, wherever a byte stands that may not stand as it is.
func TestQuoting(t *testing.T) {
	for c := range 256 {
		for at := range 19 {
			text := []byte(strings.Repeat("x~", 10))
			text[at] = byte(c)
			want, _ := jsontext.AppendQuote(nil, string(text)) // a byte that is not UTF-8 is replaced
			if got := value.String(string(text)).String(); got != string(want) {
				t.Fatalf("%q is %s, want %s", text, got, want)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{``, ` `, `{`, `[1,]`, `{"a":1,"a":2}`, `1 2`, "\"\xff\"", `'a'`, `01`, `nul`} {
		if v, err := value.Parse([]byte(text)); err == nil {
			t.Errorf("%q parsed as %s", text, v)
		}
	}
}

func TestWithSharesAndKeeps(t *testing.T) {
	v := value.MustParse(`{"a":{"b":1},"c":[1,2]}`)
	for _, test := range []struct {
		got  value.Value
		want string
	}{
		{v.With("a", value.Int(7)), `{"a":7,"c":[1,2]}`},
		{v.With("d", value.Null), `{"a":{"b":1},"c":[1,2],"d":null}`},
		{v.With("a", value.Value{}), `{"c":[1,2]}`},
		{v.With("x", value.Value{}), `{"a":{"b":1},"c":[1,2]}`},
		{v.With("c", v.Get("c").WithElement(0, value.String("é"))), `{"a":{"b":1},"c":["é",2]}`},
		{value.Object(value.Field("x", value.Int(1)), value.Field("y", value.Value{}), value.Field("x", value.Int(2))), `{"x":2}`},
	} {
		if got := test.got.String(); got != test.want || test.got.Size() != len(test.want) {
			t.Errorf("got %s (size %d), want %s", got, test.got.Size(), test.want)
		}
	}
	if got := v.String(); got != `{"a":{"b":1},"c":[1,2]}` {
		t.Errorf("the original changed to %s", got)
	}
}

func TestLargeObjects(t *testing.T) {
	v := value.EmptyObject
	for i := range 100 {
		v = v.With(string(rune('a'+i)), value.Int(int64(i)))
	}
	for i := range 100 {
		if n, _ := v.Get(string(rune('a' + i))).AsInt(); n != int64(i) {
			t.Fatalf("member %d is %d", i, n)
		}
	}
	if v = v.With("b", value.Value{}); !v.Get("b").IsAbsent() || v.Get("c").String() != "2" || v.Len() != 99 {
		t.Fatal(v)
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]int64{`1`: 1, `1.0`: 1, `1e2`: 100, `-9223372036854775808`: math.MinInt64} {
		if i, ok := value.MustParse(text).AsInt(); !ok || i != want {
			t.Errorf("%s: %d, %t", text, i, ok)
		}
	}
	for _, text := range []string{`1.5`, `1e30`, `"1"`, `null`} {
		if i, ok := value.MustParse(text).AsInt(); ok {
			t.Errorf("%s is the integer %d", text, i)
		}
	}
	if !value.Float(math.NaN()).IsNull() || value.Float(1e21).String() != "1e+21" || value.Float(3).String() != "3" {
		t.Error("Float writes wrongly")
	}
}

func TestEqual(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{`0`, `0.0`, true}, {`{"a":1,"b":2}`, `{"b":2.0,"a":1}`, true}, {`[1,2]`, `[2,1]`, false}, {`"1"`, `1`, false},
		{`null`, `false`, false}, {`{"a":null}`, `{}`, false}, {`{"a":null}`, `{"b":null}`, false},
	} {
		if got := value.MustParse(test.a).Equal(value.MustParse(test.b)); got != test.want {
			t.Errorf("Equal(%s, %s) = %t", test.a, test.b, got)
		}
	}
}

func TestEncodeDecode(t *testing.T) {
	type in struct {
		List []string    `json:"list"`
		Rest value.Value `json:"rest,omitzero"`
		Opt  *int        `json:"opt,omitzero"`
	}
	v, err := value.Encode(in{})
	if err != nil || v.String() != `{"list":[]}` {
		t.Fatal(v, err)
	}
	var back in
	if err := value.Decode(value.MustParse(`{"list":["x"],"rest":{"n":1.0},"opt":3,"more":0}`), &back); err != nil {
		t.Fatal(err)
	}
	if back.Rest.String() != `{"n":1.0}` || *back.Opt != 3 {
		t.Fatal(back)
	}
}

// TestComparing: tests of users compare values, and what has them in it, with what they know.
func TestComparing(t *testing.T) {
	type output struct{ Answer value.Value }
	a, b := output{value.MustParse(`{"a":[1,"x",null,{"b":true}]}`)}, output{value.MustParse(`{"a": [1, "x", null, {"b": true}]}`)}
	if cmp.Diff(a, b) != "" {
		t.Error("equal values differ")
	}
	for _, other := range []string{`{"a":[2,"x",null,{"b":true}]}`, `{"a":[1,"y",null,{"b":true}]}`, `{"a":[1,"x",0,{"b":true}]}`, `{}`} {
		if c := (output{value.MustParse(other)}); cmp.Diff(a, c) == "" {
			t.Errorf("%s is no different", other)
		}
	}
}

func TestTimestamps(t *testing.T) {
	for text, want := range map[string]bool{
		"2016-03-14T01:59:00Z": true, "2016-03-14T01:59:00.123456789Z": true, "2016-03-14T01:59:00+23:59": true,
		"2016-03-14t01:59:00Z": false, "2016-03-14T01:59:00z": false, "2016-03-14T01:59:00": false, "2016-03-14T01:59:00.Z": false,
		"2016-03-14T01:59:00,5Z": false, "2016-03-14T1:59:00.5Z": false, "2016-03-14T01:59:00+24:00": false,
		"2016-03-14T01:59:00+00:60": false, "2016-02-30T01:59:00Z": false, "2016-03-14": false, "": false,
	} {
		at, ok := value.String(text).AsTimestamp()
		if ok != want || ok == at.IsZero() {
			t.Errorf("%q: %v %v", text, at, ok)
		}
	}
	if _, ok := value.Int(5).AsTimestamp(); ok {
		t.Error("a number is a timestamp")
	}
}
