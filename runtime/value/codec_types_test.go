package value_test

import (
	"encoding"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// shape is what has a form of its own in these tests.
type shape interface {
	Shape() string
	SetShape(string)
}

func writeShape(s shape) value.Value {
	return value.Object(value.Field("shape", value.String(s.Shape())))
}

func readShape(v value.Value, s shape) error {
	text, ok := v.Get("shape").AsString()
	if !ok {
		return errors.New("it has no shape")
	}
	s.SetShape(strings.ToValidUTF8(text, "\uFFFD")) // a form is given a document as it is
	return nil
}

var shapes = value.NewCodec("shape", writeShape, readShape)

// The same by way of JSON text.
var (
	shapesWritten = json.WithMarshalers(json.MarshalToFunc(func(e *jsontext.Encoder, s shape) error {
		return e.WriteValue(writeShape(s).AppendJSON(nil))
	}))
	shapesRead = json.WithUnmarshalers(json.UnmarshalFromFunc(func(d *jsontext.Decoder, s shape) error {
		text, err := d.ReadValue()
		if err != nil {
			return err
		}
		return readShape(value.MustParse(string(text)), s)
	}))
)

func encodeText(x any) (value.Value, error) {
	text, err := json.Marshal(x, shapesWritten, json.Deterministic(true))
	if err != nil {
		return value.Value{}, err
	}
	return value.Parse(text)
}

func decodeText(v value.Value, into any) error {
	return json.Unmarshal(v.AppendJSON(nil), into, shapesRead)
}

type (
	square  struct{ Side string }
	text    string
	flag    bool
	small   byte
	byValue struct{ X string }
	byPtr   struct{ X string }
	textual struct{ X string }
	textPtr struct{ X string }
	mapped  map[string]int
	written struct{ X, Y string }
	zeroed  struct{ X int }
)

func (s *square) Shape() string      { return s.Side }
func (s *square) SetShape(to string) { s.Side = to }

func (b byValue) MarshalJSON() ([]byte, error) {
	if b.X == "a" {
		return nil, errors.New("no")
	}
	return []byte(` { "x" : "\u0041" } `), nil
}
func (b *byValue) UnmarshalJSON(data []byte) error { b.X += string(data); return nil }

func (b *byPtr) MarshalJSON() ([]byte, error)    { return stdjson.Marshal([]string{b.X}) }
func (b *byPtr) UnmarshalJSON(data []byte) error { return stdjson.Unmarshal(data, &[]*string{&b.X}) }

func (t textual) MarshalText() ([]byte, error)     { return []byte("text " + t.X), nil }
func (t *textual) UnmarshalText(data []byte) error { t.X = string(data); return nil }

func (t *textPtr) AppendText(b []byte) ([]byte, error) { return append(b, t.X...), nil }

func (m mapped) MarshalJSON() ([]byte, error) { return fmt.Append(nil, len(m)), nil }

func (w written) MarshalJSONTo(e *jsontext.Encoder) error { return json.MarshalEncode(e, w.X) }
func (w *written) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return json.UnmarshalDecode(d, &w.Y)
}

func (z *zeroed) IsZero() bool { return z.X == 1 }

type kinds struct {
	Bool  bool `json:"bool"`
	Flag  flag `json:",omitempty"`
	Text  text `json:"text,omitzero"`
	Str   string
	Empty string `json:"empty,omitempty"`
	Int   int
	I8    int8
	I64   int64 `json:"i64,omitzero"`
	Uint  uint
	U8    uint8
	U64   uint64
	F64   float64
	F32   float32 `json:",omitempty"`
	Skip  string  `json:"-"`
}

type containers struct {
	Bytes      []byte
	ThreeBytes [3]byte
	Small      []small
	Strings    []string
	Deep       [][]int  `json:",omitempty"`
	Two        [2]int16 `json:"two"`
	None       [0]int   `json:",omitempty"`
	Map        map[string]int
	Named      map[text]float64
	ByInt      map[int8]string
	ByUint     map[uint16]bool
	ByBool     map[flag]int
	ByText     map[textual]int
	Pointer    *int    `json:",omitempty"`
	Pointers   **text  `json:",omitzero"`
	Next       *kinds  `json:"next,omitempty"`
	Structs    []kinds `json:"structs"`
	Anys       map[string]any
}

type special struct {
	Any     any
	Stringy fmt.Stringer
	Texty   encoding.TextMarshaler
	Number  stdjson.Number
	Raw     stdjson.RawMessage
	Text    jsontext.Value
	Time    time.Time `json:"time,omitzero"`
	ByValue byValue
	ByPtr   byPtr
	Ptr     *byPtr
	ByPtrs  map[string]byPtr
	Textual textual `json:",omitempty"`
	TextPtr textPtr `json:",omitempty"`
	Mapped  mapped
	Written written
	Zero    interface{ IsZero() bool } `json:",omitzero"`
	Zeroed  zeroed                     `json:",omitzero"`
	PZeroed *zeroed                    `json:",omitzero"`
}

type documents struct {
	Value  value.Value
	Zero   value.Value `json:"zero,omitzero"`
	Empty  value.Value `json:",omitempty"`
	Ptr    *value.Value
	Values []value.Value
	Rest   map[string]value.Value `json:",embed"`
}

type shaped struct {
	Square  square
	Pointer *square
	Squares []square           `json:",omitempty"`
	Named   map[string]*square `json:",omitempty"`
	Any     any
	Embed   struct{ square }
}

type Base struct {
	ID   string `json:"id"`
	Base int
}

type Other struct{ Other string }

type hidden struct{ Shown string }

// fields has the methods of generated code.
type fields struct {
	Square square
	Time   time.Time
	Rest   map[string]fields `json:",embed" shape:"fields:value_test.fields"`
}

type bareFields fields

func (f fields) MarshalJSON() ([]byte, error) {
	v, err := encodeText(bareFields(f))
	return v.AppendJSON(nil), err
}

func (f *fields) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, (*bareFields)(f), shapesRead)
}

// faster has the tag of generated types, and a method that goes before theirs.
type faster struct {
	Rest map[string]int `json:",embed" shape:"fields:value_test.faster"`
}

func (f faster) MarshalJSON() ([]byte, error) { return json.Marshal(f.Rest) }

func (f faster) MarshalJSONTo(e *jsontext.Encoder) error { return json.MarshalEncode(e, len(f.Rest)) }

// withFields has the methods of fields, which write and read no more than what is embedded, and fields of its own.
type withFields struct {
	fields
	Own string
}

// derived has the fields of fields, with their tags, and methods of its own, as a type of a user's that is defined by a generated one.
type derived fields

func (d derived) MarshalJSON() ([]byte, error) { return fmt.Append(nil, len(d.Rest)), nil }

func (d *derived) UnmarshalJSON(data []byte) error {
	d.Square.Side = string(data)
	return nil
}

type embedding struct {
	Base
	*Other
	hidden
	Own  string
	Rest map[text]int `json:",embed"`
}

// What is left to package json, or refused.
type (
	conflicting struct {
		Base
		Other *struct{ ID string } `json:"id"`
	}
	quoted struct {
		N int `json:",string"`
	}
	folded struct {
		Name string `json:",case:ignore"`
	}
	lasting struct{ D time.Duration }
	lasted  struct {
		D time.Duration `json:",format:sec"`
	}
	channel struct{ C chan int }
	raw     struct {
		Rest jsontext.Value `json:",embed"`
	}
	inside struct {
		*hidden
		*quoted
	}
	loop struct {
		X int
		*Loop2
	}
	Loop2 struct {
		Y int
		*Loop3
	}
	Loop3 struct {
		Z int
		*Loop2
	}
	named struct {
		Base `json:"base"`
	}
	list struct {
		Next   *list
		Others []list
		Named  map[string]list
		Any    any
	}
)

// Structs that Go's vet does not let pass.
var (
	nothing  = structOf("x", "")
	tagged   = structOf("x", `json:"x"`)
	misspelt = structOf("X", `json:",omitEmpty"`)
	doubled  = structOf("X", `json:",omitzero,omitzero"`)
)

// structOf returns a struct with a field.
func structOf(name string, tag reflect.StructTag) reflect.Type {
	f := reflect.StructField{Name: name, Type: reflect.TypeFor[int](), Tag: tag}
	if name == strings.ToLower(name) {
		f.PkgPath = "x"
	}
	return reflect.StructOf([]reflect.StructField{f})
}

var codecTypes = []reflect.Type{
	reflect.TypeFor[kinds](), reflect.TypeFor[containers](), reflect.TypeFor[special](), reflect.TypeFor[documents](), reflect.TypeFor[shaped](),
	reflect.TypeFor[embedding](), reflect.TypeFor[conflicting](), reflect.TypeFor[quoted](), reflect.TypeFor[folded](), reflect.TypeFor[lasting](),
	reflect.TypeFor[lasted](), reflect.TypeFor[channel](), nothing, tagged, misspelt,
	doubled, reflect.TypeFor[raw](), reflect.TypeFor[inside](), reflect.TypeFor[loop](), reflect.TypeFor[named](),
	reflect.TypeFor[list](), reflect.TypeFor[any](), reflect.TypeFor[[]any](), reflect.TypeFor[map[string]any](), reflect.TypeFor[*containers](),
	reflect.TypeFor[map[string]kinds](), reflect.TypeFor[[]*special](), reflect.TypeFor[square](), reflect.TypeFor[*square](), reflect.TypeFor[byValue](),
	reflect.TypeFor[fields](), reflect.TypeFor[[]fields](), reflect.TypeFor[derived](), reflect.TypeFor[withFields](), reflect.TypeFor[faster](), reflect.TypeFor[float32](), reflect.TypeFor[uint8](), reflect.TypeFor[[2]embedding](), reflect.TypeFor[time.Time](), reflect.TypeFor[text](),
}

// source makes Go values and documents of bytes.
type source struct{ data []byte }

// next returns a number below n.
func (s *source) next(n int) int {
	if len(s.data) == 0 {
		return 0
	}
	b := s.data[0]
	s.data = s.data[1:]
	return int(b) % n
}

func oneOf[T any](s *source, all ...T) T { return all[s.next(len(all))] }

func (s *source) string() string {
	return oneOf(s, "", "a", "id", "é", "<&>\u2028", "\xff", `"\`, "12", "-0", "AQID", "x\r\n", "2026-01-02T03:04:05Z", "next", strings.Repeat("long", 20))
}

func (s *source) float() float64 {
	return oneOf(s, 0, 1, -1, 0.5, 1e21, 1e-7, 255, 1<<53, 3.4e38, 123456.789)
}

func (s *source) number() string {
	return oneOf(s, "0", "1", "-1", "-0", "1.0", "1.50", "1e2", "127", "128", "255", "256", "65535", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e400", "1e39", "1e-400")
}

// fill sets a value to what the next bytes say.
func (s *source) fill(v reflect.Value, depth int) {
	if s.next(5) == 0 || depth > 4 || !v.CanSet() {
		return
	}
	switch x := v.Addr().Interface().(type) {
	case *value.Value:
		*x = s.document(depth)
		return
	case *time.Time:
		*x = time.Unix(int64(s.next(256)), int64(s.next(2))*500).UTC()
		return
	case *stdjson.RawMessage:
		*x = s.document(depth).AppendJSON(nil)
		return
	case *jsontext.Value:
		*x = s.document(depth).AppendJSON(nil)
		return
	case *fmt.Stringer:
		*x = oneOf[fmt.Stringer](s, value.Int(1), time.Unix(1, 0).UTC())
		return
	case *encoding.TextMarshaler:
		*x = oneOf[encoding.TextMarshaler](s, textual{"t"}, &textual{"p"}, (*textual)(nil))
		return
	case *interface{ IsZero() bool }:
		*x = oneOf[interface{ IsZero() bool }](s, value.Int(1), value.Value{}, &zeroed{1}, (*zeroed)(nil))
		return
	case *any:
		*x = s.any(depth)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		s.fill(v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			s.fill(v.Field(i), depth+1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), s.next(3), 4))
		s.fillElements(v, depth)
	case reflect.Array:
		s.fillElements(v, depth)
	case reflect.Map:
		s.fillMap(v, depth)
	default:
		s.fillScalar(v)
	}
}

func (s *source) fillElements(v reflect.Value, depth int) {
	for i := range v.Len() {
		s.fill(v.Index(i), depth+1)
	}
}

func (s *source) fillMap(v reflect.Value, depth int) {
	v.Set(reflect.MakeMap(v.Type()))
	for range s.next(4) {
		key, element := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		s.fill(key, depth+1)
		s.fill(element, depth+1)
		v.SetMapIndex(key, element)
	}
}

func (s *source) fillScalar(v reflect.Value) {
	switch {
	case v.Kind() == reflect.Bool:
		v.SetBool(s.next(2) == 1)
	case v.Kind() == reflect.String:
		v.SetString(s.string())
	case v.CanInt():
		v.SetInt(int64(s.float()))
	case v.CanUint():
		v.SetUint(uint64(s.next(256)))
	case v.CanFloat():
		v.SetFloat(s.float())
	}
}

func (s *source) any(depth int) any {
	switch s.next(12) {
	case 0:
		return nil
	case 1:
		return s.string()
	case 2:
		return s.float()
	case 3:
		return s.next(2) == 1
	case 4:
		return []any{s.any(depth + 1)}
	case 5:
		return map[string]any{s.string(): s.any(depth + 1), "b": s.any(depth + 1)}
	case 6:
		return s.document(depth)
	}
	t := codecTypes[s.next(len(codecTypes))]
	v := reflect.New(t)
	s.fill(v.Elem(), depth+1)
	if s.next(2) == 0 {
		return v.Interface()
	}
	return v.Elem().Interface()
}

var memberNames = []string{
	"bool", "Bool", "Flag", "text", "Text", "Str", "empty", "Empty", "Int", "I8", "i64", "Uint", "U8", "U64", "F64", "F32", "Skip", "inner", "Bytes", "ThreeBytes", "Small",
	"Strings", "Deep", "two", "None", "Map", "Named", "ByInt", "ByUint", "ByBool", "ByText", "Pointer", "Pointers", "next", "structs", "Anys", "Any", "Stringy",
	"Texty", "Number", "Raw", "time", "ByValue", "ByPtr", "Ptr", "ByPtrs", "Textual", "TextPtr", "Mapped", "Written", "Zeroed", "PZeroed", "Value", "zero",
	"Values", "Square", "Squares", "Embed", "shape", "id", "ID", "Base", "Other", "Shown", "Own", "Name", "name", "N", "D", "C", "X", "Y", "Z", "base", "1", "-1", "01", "true", "é", "\xff",
}

// document returns a document, which may be absent.
func (s *source) document(depth int) value.Value {
	if depth > 4 {
		return value.MustParse(s.number())
	}
	switch s.next(9) {
	case 0:
		return value.Value{}
	case 1:
		return value.Null
	case 2:
		return value.Bool(s.next(2) == 1)
	case 3:
		return value.String(s.string())
	case 4:
		return value.MustParse(s.number())
	case 5:
		all := make([]value.Value, s.next(5))
		for i := range all {
			all[i] = s.document(depth + 1)
		}
		return value.Array(all...)
	}
	members := make([]value.Member, s.next(20))
	for i := range members {
		members[i] = value.Field(oneOf(s, memberNames...), s.document(depth+1))
	}
	return value.Object(members...)
}

// changed returns a document in which some of what is in it is another.
func (s *source) changed(v value.Value, depth int) value.Value {
	if s.next(12) == 1 {
		return s.document(depth)
	}
	for i, e := range v.Elements() {
		v = v.WithElement(i, s.changed(e, depth+1))
	}
	for name, m := range v.Members() {
		if m = s.changed(m, depth+1); !m.IsAbsent() {
			v = v.With(name, m)
		}
	}
	return v
}
