package awsshape

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/aws/smithy-go"
)

// decodeInput decodes the input of an operation. The SDK writes inputs but never reads them, so they have no Deserialize;
// everything they hold has. The schema comes from what the input writes, the Go field of a member has its name with a
// capital first letter.
func (d *decoder) decodeInput(into smithy.Serializable) error {
	fields := reflect.ValueOf(into)
	if fields.Kind() != reflect.Pointer || fields.IsNil() || fields.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("cannot decode into a %T", into)
	}
	e := &schemaEncoder{}
	into.Serialize(e)
	return smithy.ReadStruct(d, e.schema, func(member *smithy.Schema) error {
		field := fields.Elem().FieldByName(StepFunctions.name(member))
		if !field.IsValid() {
			return fmt.Errorf("%T has no field for the member %s", into, member.MemberName())
		}
		return d.decodeField(field, member)
	})
}

// schemaEncoder notes the schema of the shape that it is given.
type schemaEncoder struct {
	encoder
	schema *smithy.Schema
}

func (e *schemaEncoder) WriteStruct(s *smithy.Schema) {
	if e.schema == nil {
		e.schema = s
	}
	e.encoder.WriteStruct(s)
}

var errUnsupported = errors.New("a union or free-form document as a member of an input is not supported")

func (d *decoder) decodeField(field reflect.Value, s *smithy.Schema) error {
	switch x := field.Addr().Interface().(type) {
	case smithy.Deserializable:
		return x.Deserialize(d)
	case *time.Time:
		return d.ReadTime(s, x)
	case *[]byte:
		return d.ReadBlob(s, x)
	}
	switch field.Kind() {
	case reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		return d.decodeField(field.Elem(), s)
	case reflect.Slice:
		return d.decodeSlice(field, s)
	case reflect.Map:
		return d.decodeMap(field, s)
	}
	return d.decodeScalar(field, s)
}

func (d *decoder) decodeSlice(field reflect.Value, s *smithy.Schema) error {
	field.Set(reflect.MakeSlice(field.Type(), 0, d.current.Len()))
	return smithy.ReadList(d, s, func() error {
		element := reflect.New(field.Type().Elem()).Elem()
		if err := d.decodeField(element, s.ListMember()); err != nil {
			return err
		}
		field.Set(reflect.Append(field, element))
		return nil
	})
}

func (d *decoder) decodeMap(field reflect.Value, s *smithy.Schema) error {
	field.Set(reflect.MakeMap(field.Type()))
	return smithy.ReadMap(d, s, func(key string) error {
		element := reflect.New(field.Type().Elem()).Elem()
		if err := d.decodeField(element, s.MapValue()); err != nil {
			return err
		}
		field.SetMapIndex(reflect.ValueOf(key).Convert(field.Type().Key()), element)
		return nil
	})
}

func (d *decoder) decodeScalar(field reflect.Value, s *smithy.Schema) error {
	switch field.Kind() {
	case reflect.String:
		var text string
		err := d.ReadString(s, &text)
		field.SetString(text)
		return err
	case reflect.Bool:
		var b bool
		err := d.ReadBool(s, &b)
		field.SetBool(b)
		return err
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		largest := int64(1)<<(field.Type().Bits()-1) - 1
		i, err := d.readInt(-largest-1, largest)
		field.SetInt(i)
		return err
	case reflect.Float64:
		var f float64
		err := d.ReadFloat64(s, &f)
		field.SetFloat(f)
		return err
	case reflect.Float32:
		var f float32
		err := d.ReadFloat32(s, &f)
		field.SetFloat(float64(f))
		return err
	}
	return errUnsupported
}
