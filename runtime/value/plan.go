package value

import (
	"encoding"
	"reflect"
	"time"

	"github.com/go-json-experiment/json"
)

// plan is how values of a Go type are written as documents and read from them. Both report whether it could be done: if not, package json
// does it again, or says why it cannot be.
type plan struct {
	write func(w *writer, v reflect.Value) (Value, bool)
	read  func(v Value, into reflect.Value) bool // into can be set
	parts parts                                  // of what is written
}

// deepestGo is how deep pointers, slices, maps and interfaces of Go values may lie in each other. Deeper ones are left to package json, which
// finds those that contain themselves.
const deepestGo = 1000

// plan returns the plan of a type.
func (c *Codec) plan(t reflect.Type) *plan {
	if p, made := c.plans.Load(t); made {
		return p.(*plan)
	}
	c.making.Lock()
	defer c.making.Unlock()
	m := planner{c, map[reflect.Type]*plan{}}
	p := m.plan(t)
	for t, p := range m.made {
		c.plans.Store(t, p)
	}
	return p
}

// planner makes the plan of a type with those of all types in it, which may be the type itself.
type planner struct {
	*Codec
	made map[reflect.Type]*plan
}

func (m planner) plan(t reflect.Type) *plan {
	if p, made := m.plans.Load(t); made {
		return p.(*plan)
	}
	if p, made := m.made[t]; made {
		return p
	}
	p := new(plan)
	m.made[t] = p
	*p = m.planOf(t)
	return p
}

var (
	valueType    = reflect.TypeFor[Value]()
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()

	marshaler   = reflect.TypeFor[json.Marshaler]()
	unmarshaler = reflect.TypeFor[json.Unmarshaler]()

	// What is asked for before those two, and after.
	marshalerTo     = reflect.TypeFor[json.MarshalerTo]()
	unmarshalerFrom = reflect.TypeFor[json.UnmarshalerFrom]()
	textAppender    = reflect.TypeFor[encoding.TextAppender]()
	textMarshaler   = reflect.TypeFor[encoding.TextMarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// hasAny reports whether a type, or a pointer to it, has one of the interfaces.
func hasAny(t reflect.Type, interfaces ...reflect.Type) bool {
	for _, i := range interfaces {
		if t.Implements(i) || reflect.PointerTo(t).Implements(i) {
			return true
		}
	}
	return false
}

// hasMethods reports whether a type has a JSON form of its own.
func hasMethods(t reflect.Type) bool {
	return hasAny(t, marshalerTo, marshaler, textAppender, textMarshaler, unmarshalerFrom, unmarshaler, textUnmarshaler)
}

func (m planner) planOf(t reflect.Type) plan {
	switch {
	case t == valueType:
		return plan{write: writeValue, read: readValue}
	case m.isFormed(t):
		return m.form
	case t == timeType, t == durationType:
		return m.byText()
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Interface, !hasMethods(t), m.isFields(t):
		return m.planOfKind(t)
	}
	return m.planOfMethods(t)
}

// isFormed reports whether a type has a form of T.
func (c *Codec) isFormed(t reflect.Type) bool {
	return c.formed != nil && reflect.PointerTo(t).AssignableTo(c.formed)
}

// isFields reports whether the methods of a type do no more than to write and read its fields. What is defined by such a type has its tags, but
// another name and methods of its own.
func (c *Codec) isFields(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || c.fields == "" || hasAny(t, marshalerTo, unmarshalerFrom) {
		return false
	}
	for i := range t.NumField() {
		if t.Field(i).Tag.Get(c.fields) == "fields:"+t.String() {
			return true
		}
	}
	return false
}

// planOfMethods returns the plan of a type that has methods to write or to read it.
func (m planner) planOfMethods(t reflect.Type) plan {
	p, text := m.planOfKind(t), m.byText()
	switch {
	case hasAny(t, marshalerTo):
		p.write = text.write
	case hasAny(t, marshaler):
		p.write = writeMarshaler
	case hasAny(t, textAppender, textMarshaler):
		p.write = text.write
	}
	switch {
	case hasAny(t, unmarshalerFrom):
		p.read = text.read
	case hasAny(t, unmarshaler):
		p.read = readUnmarshaler
	case hasAny(t, textUnmarshaler):
		p.read = text.read
	}
	return p
}

func (m planner) planOfKind(t reflect.Type) plan {
	switch t.Kind() {
	case reflect.Bool:
		return plan{write: writeBool, read: readBool}
	case reflect.String:
		return plan{writeString, readString, parts{scalars: 1}}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return plan{writeInt, readInt, parts{scalars: 1}}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return plan{writeUint, readUint, parts{scalars: 1}}
	case reflect.Float64:
		return plan{writeFloat, readFloat, parts{scalars: 1}}
	case reflect.Slice, reflect.Array:
		if e := t.Elem(); e.Kind() == reflect.Uint8 && e.PkgPath() == "" {
			return plan{writeBytes, readBytes, parts{scalars: 1}}
		}
		return m.planOfElements(t)
	case reflect.Map:
		return m.planOfMap(t)
	case reflect.Pointer:
		return m.planOfPointer(t)
	case reflect.Interface:
		return m.planOfInterface(t)
	case reflect.Struct:
		return m.planOfStruct(t)
	}
	return m.byText()
}

// byText is the plan of what is left to package json.
func (c *Codec) byText() plan {
	return plan{
		write: func(_ *writer, v reflect.Value) (Value, bool) {
			written, err := c.encodeText(addressable(v).Addr().Interface())
			return written, err == nil
		},
		read: func(v Value, into reflect.Value) bool { return c.decodeText(v, into.Addr().Interface()) == nil },
	}
}

func writeMarshaler(_ *writer, v reflect.Value) (Value, bool) {
	text, err := addressable(v).Addr().Interface().(json.Marshaler).MarshalJSON()
	if err != nil {
		return Value{}, false
	}
	written, err := Parse(text)
	return written, err == nil
}

func readUnmarshaler(v Value, into reflect.Value) bool {
	return into.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(v.AppendJSON(nil)) == nil
}

// addressable returns v, or a copy that has an address.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	at := reflect.New(v.Type()).Elem()
	at.Set(v)
	return at
}

func writeValue(_ *writer, v reflect.Value) (Value, bool) {
	if w, _ := reflect.TypeAssert[Value](v); !w.IsAbsent() {
		return w, true
	}
	return Null, true
}

func readValue(v Value, into reflect.Value) bool {
	*into.Addr().Interface().(*Value) = v
	return true
}
