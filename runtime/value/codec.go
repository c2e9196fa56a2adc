package value

import (
	"reflect"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Encode returns the document of a Go value: of a Value itself, else by the rules of encoding/json, with nil slices and
// maps as [] and {} and map keys in order.
func Encode(x any) (Value, error) { return usual.Encode(x) }

// Decode stores the document in the Go value that into points to, by the rules of encoding/json with names matched
// exactly.
func Decode(v Value, into any) error { return usual.Decode(v, into) }

var usual Codec

// Codec encodes and decodes Go values as [Encode] and [Decode] do, but for types that have a form of their own.
//
// Values are made and stored without JSON text, by plans that are made once for each type. Package json is the rule for what they do: what is
// unusual is left to it, and so is everything as soon as something does not fit, since its errors say where.
type Codec struct {
	formed reflect.Type // what the address of a value with a form of its own can be assigned to; nil if there is none
	form   plan
	fields string // key of the tag of structs whose methods only write and read their fields

	marshal, unmarshal json.Options // the same form, for package json

	plans  sync.Map   // of *plan, by reflect.Type
	making sync.Mutex // is held while plans are made
}

// NewCodec returns a Codec by which types that are, or point to, a T have a form of their own, which write and read know. T is an interface
// or a pointer. It is never nil.
//
// A struct of which a field has a tag with the key fields that names the struct itself, "fields:orders.Input" in package orders, has
// MarshalJSON and UnmarshalJSON that do nothing but write and read it as the Codec does without them. They are not called then.
func NewCodec[T any](fields string, write func(T) Value, read func(Value, T) error) *Codec {
	return &Codec{
		formed: reflect.TypeFor[T](),
		fields: fields,
		form: plan{
			write: func(_ *writer, v reflect.Value) (Value, bool) {
				return write(addressable(v).Addr().Interface().(T)), true
			},
			read: func(v Value, into reflect.Value) bool { return read(v, into.Addr().Interface().(T)) == nil },
		},
		marshal: json.WithMarshalers(json.MarshalToFunc(func(e *jsontext.Encoder, t T) error {
			return e.WriteValue(write(t).AppendJSON(nil))
		})),
		unmarshal: json.WithUnmarshalers(json.UnmarshalFromFunc(func(d *jsontext.Decoder, t T) error {
			text, err := d.ReadValue()
			if err != nil {
				return err
			}
			v, err := Parse(text)
			if err != nil {
				return err
			}
			return read(v, t)
		})),
	}
}

// Encode returns the document of a Go value. Its errors are those of package json.
func (c *Codec) Encode(x any) (Value, error) {
	switch x := x.(type) {
	case Value:
		return x, nil
	case *Value:
		return *x, nil
	case nil:
		return Null, nil
	}
	of := reflect.ValueOf(x)
	p := c.plan(of.Type())
	w := newWriter(p.parts)
	v, ok := p.write(w, of)
	if w.leave(); ok {
		return v, nil
	}
	return c.encodeText(x)
}

// Decode stores the document in the Go value that into points to. Its errors are those of package json, and of the form of T.
func (c *Codec) Decode(v Value, into any) error {
	if p, ok := into.(*Value); ok {
		*p = v
		return nil
	}
	if v.IsAbsent() {
		v = Null
	}
	if to := reflect.ValueOf(into); to.Kind() == reflect.Pointer && !to.IsNil() && c.plan(to.Type().Elem()).read(v, to.Elem()) {
		return nil
	}
	return c.decodeText(v, into)
}

// encodeText is Encode by way of JSON text.
func (c *Codec) encodeText(x any) (Value, error) {
	data, err := json.Marshal(x, c.marshal, json.Deterministic(true))
	if err != nil {
		return Value{}, err
	}
	return Parse(data)
}

// decodeText is Decode by way of JSON text.
func (c *Codec) decodeText(v Value, into any) error {
	return json.Unmarshal(v.AppendJSON(nil), into, c.unmarshal)
}
