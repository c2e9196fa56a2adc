package awstask

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/awsname"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// codec reads and writes the types of the AWS SDK for Go as an integration has them. It goes by the Go types, for half of the SDK's
// services have no schemas.
type codec struct {
	sdk    bool // names are those of the AWS SDK for Java 2 (I5)
	strict bool // a text must be given as a text (I5b)
	unions map[reflect.Type]map[string]reflect.Type
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	readerType = reflect.TypeFor[io.Reader]()
	bytesType  = reflect.TypeFor[[]byte]()
)

// nameOf returns what the integration calls a field.
func (c *codec) nameOf(field string) string {
	if c.sdk {
		return awsname.Member(field)
	}
	return field
}

// result writes an answer of the SDK; none is the empty one.
func (c *codec) result(output any) (value.Value, error) {
	result, err := c.encode(reflect.ValueOf(output))
	if err == nil && result.IsAbsent() {
		return value.EmptyObject, nil
	}
	return result, err
}

// encode writes a part of a result. Numbers and booleans that are zero are there, for the service has sent them; what is nil, and a field that is "", is not.
func (c *codec) encode(v reflect.Value) (value.Value, error) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return value.Value{}, nil
		}
		if r, ok := v.Interface().(io.Reader); ok {
			text, err := io.ReadAll(r)
			return value.String(string(text)), err
		}
		if v.Kind() == reflect.Interface {
			return c.encodeUnion(v.Elem())
		}
		return c.encode(v.Elem())
	case reflect.Struct:
		return c.encodeStruct(v)
	case reflect.Slice:
		return c.encodeSlice(v)
	case reflect.Map:
		return c.encodeMap(v)
	case reflect.String:
		return value.String(v.String()), nil
	case reflect.Bool:
		return value.Bool(v.Bool()), nil
	case reflect.Int32, reflect.Int64:
		return value.Int(v.Int()), nil
	case reflect.Float32, reflect.Float64:
		return value.Parse(strconv.AppendFloat(nil, v.Float(), 'g', -1, v.Type().Bits()))
	}
	return value.Value{}, nil // what marks a type for the SDK alone
}

// iso is how results write times.
const iso = "2006-01-02T15:04:05.999Z"

func (c *codec) encodeStruct(v reflect.Value) (value.Value, error) {
	if v.Type() == timeType {
		t := v.Interface().(time.Time).UTC()
		if c.sdk {
			return value.String(t.Format(iso)), nil
		}
		return value.Int(t.UnixMilli()), nil
	}
	var members []value.Member
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" || f.Type.Kind() == reflect.String && v.Field(i).Len() == 0 {
			continue
		}
		member, err := c.encode(v.Field(i))
		if err != nil {
			return value.Value{}, fmt.Errorf("%s: %w", f.Name, err)
		}
		members = append(members, value.Field(c.nameOf(f.Name), member))
	}
	return value.Object(members...), nil
}

// encodeUnion writes the one member of a union, which the SDK has a type for: AttributeValueMemberS, whose Value is that of S.
func (c *codec) encodeUnion(v reflect.Value) (value.Value, error) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	_, name, found := strings.Cut(v.Type().Name(), "Member")
	if !found || v.Kind() != reflect.Struct || !v.FieldByName("Value").IsValid() {
		return value.Value{}, nil // a member that the SDK does not know
	}
	member, err := c.encode(v.FieldByName("Value"))
	return value.Object(value.Field(c.nameOf(name), member)), err
}

func (c *codec) encodeSlice(v reflect.Value) (value.Value, error) {
	switch {
	case v.IsNil():
		return value.Value{}, nil
	case v.Type() == bytesType:
		return value.String(string(v.Bytes())), nil
	}
	elements := make([]value.Value, v.Len())
	for i := range elements {
		e, err := c.encode(v.Index(i))
		if err != nil {
			return e, err
		}
		elements[i] = e
	}
	return value.Array(elements...), nil
}

func (c *codec) encodeMap(v reflect.Value) (value.Value, error) {
	if v.IsNil() {
		return value.Value{}, nil
	}
	members := map[string]value.Value{}
	for key, of := range v.Seq2() {
		member, err := c.encode(of)
		if err != nil {
			return member, err
		}
		members[key.String()] = member
	}
	var sorted []value.Member
	for _, name := range slices.Sorted(maps.Keys(members)) {
		sorted = append(sorted, value.Field(name, members[name]))
	}
	return value.Object(sorted...), nil
}

// mismatch is a parameter that cannot be used; its text is what Step Functions says (R165).
type mismatch string

func (m mismatch) Error() string { return string(m) }

func wrongKind(field, kind string) error {
	return mismatch(fmt.Sprintf("The value for the field '%s' must be a %s", field, kind))
}

// decode reads parameters into a field. Null is a parameter that is not given: the SDK cannot send it.
func (c *codec) decode(v value.Value, into reflect.Value, field string) error {
	if v.IsNull() {
		return nil
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		return c.decode(v, into.Elem(), field)
	case reflect.Interface:
		return c.decodeInterface(v, into, field)
	case reflect.Struct:
		return c.decodeStruct(v, into, field)
	case reflect.Slice:
		return c.decodeSlice(v, into, field)
	case reflect.Map:
		return c.decodeMap(v, into, field)
	}
	return c.decodeScalar(v, into, field)
}

func (c *codec) decodeScalar(v value.Value, into reflect.Value, field string) error {
	switch into.Kind() {
	case reflect.String:
		text, ok := v.AsString()
		switch {
		case ok:
		case c.strict:
			return wrongKind(field, "STRING")
		default:
			text = v.String()
		}
		into.SetString(text)
	case reflect.Bool:
		b, ok := v.AsBool()
		if !ok {
			return wrongKind(field, "BOOLEAN")
		}
		into.SetBool(b)
	case reflect.Int32, reflect.Int64:
		n, ok := v.AsInt()
		if !ok || into.OverflowInt(n) {
			return wrongKind(field, "NUMBER")
		}
		into.SetInt(n)
	case reflect.Float32, reflect.Float64:
		f, ok := v.AsFloat()
		if !ok {
			return wrongKind(field, "NUMBER")
		}
		into.SetFloat(f)
	default:
		return mismatch(fmt.Sprintf("The field %q is not supported by Step Functions", field))
	}
	return nil
}

// decodeStruct reads an object, or a time.
func (c *codec) decodeStruct(v value.Value, into reflect.Value, field string) error {
	if into.Type() == timeType {
		return decodeTime(v, into, field)
	}
	if v.Kind() != value.ObjectKind {
		return wrongKind(field, "JSON Object")
	}
	for name, member := range v.Members() {
		f := c.field(into.Type(), name)
		if f < 0 {
			return mismatch(fmt.Sprintf("The field %q is not supported by Step Functions", name))
		}
		if err := c.decode(member, into.Field(f), name); err != nil {
			return err
		}
	}
	return nil
}

// field returns the number of the field that the integration calls by a name, -1 if there is none.
func (c *codec) field(t reflect.Type, name string) int {
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && c.nameOf(f.Name) == name {
			return i
		}
	}
	return -1
}

func decodeTime(v value.Value, into reflect.Value, field string) error {
	if text, ok := v.AsString(); ok {
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return wrongKind(field, "valid timestamp")
		}
		into.Set(reflect.ValueOf(t))
		return nil
	}
	seconds, ok := v.AsFloat()
	if !ok {
		return wrongKind(field, "valid timestamp")
	}
	into.Set(reflect.ValueOf(time.UnixMilli(int64(seconds * 1000)).UTC()))
	return nil
}

func (c *codec) decodeSlice(v value.Value, into reflect.Value, field string) error {
	if into.Type() == bytesType {
		into.SetBytes(blob(v))
		return nil
	}
	if v.Kind() != value.ArrayKind {
		return wrongKind(field, "LIST")
	}
	into.Set(reflect.MakeSlice(into.Type(), v.Len(), v.Len()))
	for i, e := range v.Elements() {
		if err := c.decode(e, into.Index(i), field); err != nil {
			return err
		}
	}
	return nil
}

// blob returns the bytes that are sent for a value: those of a text, else the text of the JSON (I5b).
func blob(v value.Value) []byte {
	if text, ok := v.AsString(); ok {
		return []byte(text)
	}
	return []byte(v.String())
}

func (c *codec) decodeMap(v value.Value, into reflect.Value, field string) error {
	if v.Kind() != value.ObjectKind {
		return wrongKind(field, "JSON Object")
	}
	into.Set(reflect.MakeMapWithSize(into.Type(), v.Len()))
	for name, member := range v.Members() {
		e := reflect.New(into.Type().Elem()).Elem()
		if err := c.decode(member, e, name); err != nil {
			return err
		}
		into.SetMapIndex(reflect.ValueOf(name).Convert(into.Type().Key()), e)
	}
	return nil
}

// decodeInterface reads a stream, or a union: an object with one member.
func (c *codec) decodeInterface(v value.Value, into reflect.Value, field string) error {
	if into.Type() == readerType {
		into.Set(reflect.ValueOf(bytes.NewReader(blob(v))))
		return nil
	}
	wrappers := c.unions[into.Type()]
	if wrappers == nil {
		return mismatch(fmt.Sprintf("The field %q is not supported by Step Functions", field))
	}
	if v.Kind() != value.ObjectKind || v.Len() != 1 {
		return wrongKind(field, "JSON Object with one member")
	}
	for name, member := range v.Members() {
		wrapper := wrappers[name]
		if wrapper == nil {
			return mismatch(fmt.Sprintf("The field %q is not supported by Step Functions", name))
		}
		made := reflect.New(wrapper)
		if err := c.decode(member, made.Elem().FieldByName("Value"), name); err != nil {
			return err
		}
		into.Set(made)
	}
	return nil
}
