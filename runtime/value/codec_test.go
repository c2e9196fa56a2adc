package value_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func TestEncode(t *testing.T) {
	seven, name := 7, text("n")
	for _, test := range []struct {
		x    any
		want string
	}{
		{nil, `null`},
		{(*kinds)(nil), `null`},
		{kinds{Str: `<&>"` + "\u2028", Text: "t", I8: -128, U64: math.MaxUint64, F64: 1e21, F32: 0.1, Skip: "x"},
			`{"bool":false,"Flag":false,"text":"t","Str":"<&>\"` + "\u2028" + `","Int":0,"I8":-128,"Uint":0,"U8":0,"U64":18446744073709551615,"F64":1e+21,"F32":0.1}`},
		{containers{Bytes: []byte("\x00\xff"), Map: map[string]int{"b": 1, "a": 2}, ByInt: map[int8]string{10: "x", 9: "y", -1: "z"}, Pointer: &seven},
			`{"Bytes":"AP8=","ThreeBytes":"AAAA","Small":[],"Strings":[],"two":[0,0],"Map":{"a":2,"b":1},"Named":{},"ByInt":{"-1":"z","10":"x","9":"y"},` +
				`"ByUint":{},"ByBool":{},"ByText":{},"Pointer":7,"structs":[],"Anys":{}}`},
		{map[string]any{"t": time.Unix(0, 0).UTC(), "n": &name, "v": value.Value{}, "s": square{"q"}, "p": &square{"r"}},
			`{"n":"n","p":{"shape":"r"},"s":{"shape":"q"},"t":"1970-01-01T00:00:00Z","v":null}`},
		{embedding{Base: Base{ID: "i"}, hidden: hidden{"h"}, Rest: map[text]int{"z": 1, "y": 2}}, `{"id":"i","Base":0,"Shown":"h","Own":"","y":2,"z":1}`},
		{derived{Rest: map[string]fields{"a": {}}}, `1`},
		{faster{map[string]int{"a": 1}}, `1`},
		{withFields{Own: "o"}, `{"Square":{"shape":""},"Time":"0001-01-01T00:00:00Z"}`},
		{documents{Value: value.MustParse(`1.0`), Rest: map[string]value.Value{"zero": value.Null}}, `{"Value":1.0,"Ptr":null,"Values":[],"zero":null}`},
	} {
		got, err := shapes.Encode(test.x)
		if err != nil || got.String() != test.want || got.Size() != len(test.want) {
			t.Errorf("%T: have\n%s (%d), %v\nwant\n%s", test.x, got, got.Size(), err, test.want)
		}
		sameEncoding(t, test.x)
	}
}

func TestEncodeErrors(t *testing.T) {
	for _, test := range []struct {
		x    any
		want string
	}{
		{containers{Strings: []string{"a", "\xff"}}, `invalid UTF-8 within "/Strings/1"`},
		{kinds{F64: math.NaN()}, `unsupported value: NaN`},
		{embedding{Rest: map[text]int{"Own": 1}}, `duplicate object member name "Own"`},
		{map[string]any{"a": []any{func() {}}}, `within "/a/0"`},
		{lasting{}, `no default representation`},
		{list{Any: byValue{"a"}}, `within "/Any": no`},
	} {
		if _, err := shapes.Encode(test.x); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%T: have %v\nwant %s", test.x, err, test.want)
		}
		sameEncoding(t, test.x)
	}
}

// TestEncodeDeep: what is deep is written, what contains itself is an error.
func TestEncodeDeep(t *testing.T) {
	deep := list{}
	for range 3000 {
		deep = list{Next: &list{Any: deep}}
	}
	if _, err := shapes.Encode(deep); err != nil {
		t.Error(err)
	}
	circles := map[string]any{"pointer": &list{}, "slice": list{Others: make([]list, 1)}, "map": list{Named: map[string]list{}}, "any": map[string]any{}}
	circles["pointer"].(*list).Next = circles["pointer"].(*list)
	circles["slice"].(list).Others[0] = circles["slice"].(list)
	circles["map"].(list).Named["m"] = circles["map"].(list)
	circles["any"].(map[string]any)["m"] = circles["any"]
	for name, x := range circles {
		if _, err := shapes.Encode(x); err == nil || !strings.Contains(err.Error(), "encountered a cycle") {
			t.Error(name, err)
		}
	}
}

// TestDecodeInto: what is there already is kept, or goes, as package json has it.
func TestDecodeInto(t *testing.T) {
	one, list := 1, []string{"x", "y", "z"}
	for _, test := range []struct {
		into           any
		document, want string
	}{
		{&kinds{Str: "s", Int: 1, Bool: true}, `{"Int":2,"bool":null,"none":[1],"str":"no"}`,
			`{"bool":false,"Flag":false,"Str":"s","Int":2,"I8":0,"Uint":0,"U8":0,"U64":0,"F64":0,"F32":0}`},
		{&kinds{Str: "s", F32: 1}, `null`, `{"bool":false,"Flag":false,"Str":"","Int":0,"I8":0,"Uint":0,"U8":0,"U64":0,"F64":0,"F32":0}`},
		{&map[string]list0{"a": {X: 1, Y: 2}, "b": {}}, `{"a":{"Y":3},"c":{}}`, `{"a":{"X":1,"Y":3},"b":{"X":0,"Y":0},"c":{"X":0,"Y":0}}`},
		{&[]list0{{X: 1}, {X: 2}, {X: 3}}, `[{"Y":1},null]`, `[{"X":0,"Y":1},{"X":0,"Y":0}]`},
		{&[2]list0{{X: 1}, {X: 2}}, `[{"Y":1},{}]`, `[{"X":0,"Y":1},{"X":0,"Y":0}]`},
		{&list, `["q"]`, `["q"]`},
		{&struct{ A, B []byte }{[]byte("was"), []byte("was")}, `{"A":null,"B":"AQ=="}`, `{"A":"","B":"AQ=="}`},
		{&list, `[]`, `[]`},
		{&containers{Pointer: &one}, `{"Pointer":5}`, ``},
		{&struct{ A any }{"was"}, `{"A":"is"}`, `{"A":"is"}`},
		{&struct{ A any }{&list0{X: 1}}, `{"A":{"Y":2}}`, `{"A":{"X":1,"Y":2}}`},
		{&struct{ A any }{7}, `{"A":null}`, `{"A":null}`},
		{new(any), `{"a":[1,"x",true,null,{}]}`, `{"a":[1,"x",true,null,{}]}`},
		{&embedding{Rest: map[text]int{"a": 1}}, `{"Other":"o","b":2,"Shown":"s"}`, `{"id":"","Base":0,"Other":"o","Shown":"s","Own":"","a":1,"b":2}`},
		{&byValue{"b"}, `[1,2]`, ``},
	} {
		if err := shapes.Decode(value.MustParse(test.document), test.into); err != nil {
			t.Errorf("%T: %v", test.into, err)
		}
		if got, err := shapes.Encode(test.into); err != nil || test.want != "" && got.String() != test.want {
			t.Errorf("%T: have\n%s, %v\nwant\n%s", test.into, got, err, test.want)
		}
	}
	if one != 5 {
		t.Errorf("what is pointed to is %d", one)
	}
	if list == nil || cap(list) != 0 {
		t.Errorf("an empty array gives %#v", list)
	}
}

// TestDecodeOnce: a string that is not UTF-8 is no reason to read again what was read.
func TestDecodeOnce(t *testing.T) {
	var x struct {
		Method byValue
		Text   text
		Any    any
	}
	faulty := value.String("a\xff\xff")
	document := value.Object(value.Field("Method", value.Int(1)), value.Field("Text", faulty), value.Field("Any", value.Array(faulty)))
	if err := shapes.Decode(document, &x); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%+q", x); got != `{{"1"} "a\ufffd\ufffd" ["a\ufffd\ufffd"]}` {
		t.Errorf("have %s", got)
	}
}

type list0 struct{ X, Y int }

func TestDecodeErrors(t *testing.T) {
	for _, test := range []struct {
		into           any
		document, want string
	}{
		{&kinds{}, `{"Int":1.0}`, `unmarshal JSON number 1.0 into Go int within "/Int": invalid syntax`},
		{&kinds{}, `{"I8":128}`, `unmarshal JSON number 128 into Go int8 within "/I8": value out of range`},
		{&kinds{}, `{"F64":1e400}`, `unmarshal JSON number 1e400 into Go float64 within "/F64": value out of range`},
		{&containers{}, `{"Strings":["a",1]}`, `unmarshal JSON number into Go string within "/Strings/1"`},
		{&containers{}, `{"ThreeBytes":"AQ=="}`, `decoded length of 1 mismatches array length of 3`},
		{&containers{}, `{"two":[1]}`, `too few array elements`},
		{&shaped{}, `{"Square":{"shape":1}}`, `within "/Square": it has no shape`},
		{new(any), `[1e400]`, `unmarshal JSON number 1e400 into Go float64 within "/0": value out of range`},
		{&containers{}, `{"Bytes":"AQ\r\n=="}`, `illegal character '\r' at offset 2`},
		{&special{}, `{"Stringy":"x"}`, `cannot derive concrete type for nil interface`},
		{kinds{}, `{}`, `must be passed as a non-nil pointer reference`},
		{nil, `{}`, `must be passed as a non-nil pointer reference`},
	} {
		document := value.MustParse(test.document)
		if err := shapes.Decode(document, test.into); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%T: have %v\nwant %s", test.into, err, test.want)
		}
	}
}

// TestDecodeFails: what could not be read whole is what package json leaves.
func TestDecodeFails(t *testing.T) {
	for _, document := range []string{`{"Pointer":1,"Strings":["a",1,"b"],"Map":{"a":1}}`, `{"Map":{"a":1,"b":"x","c":3}}`, `{"Bytes":"AQ*"}`, `{"two":[1,"x"]}`} {
		var a, b containers
		a.Strings, b.Strings = make([]string, 3), make([]string, 3)
		err, wanted := shapes.Decode(value.MustParse(document), &a), decodeText(value.MustParse(document), &b)
		if err == nil || err.Error() != wanted.Error() {
			t.Errorf("%s: have %v\nwant %v", document, err, wanted)
		}
		if diff := cmp.Diff(b, a); diff != "" {
			t.Errorf("%s: %s", document, diff)
		}
	}
}

// TestCodecWithoutText: usual types are written and read without JSON text, whose making the allocations would show.
func TestCodecWithoutText(t *testing.T) {
	var x struct {
		Name   string
		Amount float64
		Gift   bool
		Nested *struct{ Count int }
	}
	document := value.MustParse(`{"Name":"","Amount":12.5,"Gift":true,"Nested":{"Count":3}}`)
	if err := value.Decode(document, &x); err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() { _ = value.Decode(document, &x) }); n > 0 {
		t.Errorf("%v allocations to read %s", n, document)
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = value.Encode(&x) }); n > 9 { // five values, two lists of members, a number
		t.Errorf("%v allocations to write %s", n, document)
	}
}

// TestPlansInParallel makes the plans of types in each other in several goroutines.
func TestPlansInParallel(t *testing.T) {
	codec := value.NewCodec("", writeShape, readShape)
	done := make(chan value.Value)
	all := []any{list{Next: &list{}}, []list{{}}, map[string]*list{"a": {}}, &containers{}, []containers{{}}}
	for range 4 {
		for _, x := range all {
			go func() {
				v, err := codec.Encode(x)
				if err != nil {
					t.Error(err)
				}
				if err := codec.Decode(v, reflect.New(reflect.TypeOf(x)).Interface()); err != nil {
					t.Error(err)
				}
				done <- v
			}()
		}
	}
	for range 4 * len(all) {
		<-done
	}
}
