package query

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// refuse looks for members that a value must not have. Step Functions takes names of parameters in camel case too.
func refuse(names []string, v value.Value) error {
	for _, name := range names {
		for _, written := range []string{name, strings.ToLower(name[:1]) + name[1:]} {
			if m := v.Get(written); !m.IsAbsent() && !m.IsNull() {
				return &unsupportedField{written}
			}
		}
	}
	return nil
}

// unsupportedField is what a service's parameters have that Step Functions does not take.
type unsupportedField struct{ name string }

func (u *unsupportedField) Error() string {
	return fmt.Sprintf("has the field \"%s\", which is not supported by Step Functions", u.name)
}

// assign stores v in a variable. The types are those that parameters have in the AWS SDK. Null is the same as a
// parameter that is not given.
func assign(target reflect.Value, v value.Value) error {
	if v.IsNull() {
		target.SetZero()
		return nil
	}
	if shape, ok := target.Addr().Interface().(smithy.Serializable); ok {
		return assignShape(shape, v)
	}
	switch target.Kind() {
	case reflect.Pointer:
		target.Set(reflect.New(target.Type().Elem()))
		return assign(target.Elem(), v)
	case reflect.String:
		s, ok := v.AsString()
		if !ok {
			return mustBe("a STRING") // in AWS's words
		}
		target.SetString(s)
	case reflect.Bool:
		b, ok := v.AsBool()
		if !ok {
			return mustBe("a boolean")
		}
		target.SetBool(b)
	case reflect.Int32, reflect.Int64:
		n, ok := v.AsInt()
		if !ok || target.OverflowInt(n) {
			return mustBe(fmt.Sprintf("an integer of at most %d", int64(math.MaxInt64)>>(64-target.Type().Bits())))
		}
		target.SetInt(n)
	case reflect.Slice:
		if v.Kind() != value.ArrayKind {
			return mustBe("an array")
		}
		target.Set(reflect.MakeSlice(target.Type(), v.Len(), v.Len()))
		for i, e := range v.Elements() {
			if e.IsNull() { // in a list it is no parameter that is not given
				return fmt.Errorf("element %d must not be null", i)
			}
			if err := assign(target.Index(i), e); err != nil {
				return fmt.Errorf("element %d %w", i, err)
			}
		}
	default:
		return fmt.Errorf("cannot be a %s", target.Type())
	}
	return nil
}

func mustBe(what string) error { return errors.New("must be " + what) }

// assignShape decodes an object of the SDK's, which must have no member that the SDK does not know (E14).
func assignShape(shape smithy.Serializable, v value.Value) error {
	if err := awsshape.StepFunctions.Decode(v, shape); err != nil {
		return fmt.Errorf("does not have the types of the service: %v", err)
	}
	if name := unknownMember(v, awsshape.StepFunctions.Encode(shape)); name != "" {
		return &unsupportedField{name}
	}
	return nil
}

// unknownMember returns a member of given that known, its form after decoding, has lost.
func unknownMember(given, known value.Value) string {
	for i, e := range given.Elements() {
		if name := unknownMember(e, known.At(i)); name != "" {
			return name
		}
	}
	for name, m := range given.Members() {
		if known.Get(name).IsAbsent() && !isUnset(m) {
			return name
		}
		if inner := unknownMember(m, known.Get(name)); inner != "" {
			return inner
		}
	}
	return ""
}

// wrongType collects the values that a template read in vain: they do not have the types of their places.
type wrongType struct {
	first  error
	places []Pointer
	values []value.Value
}

func (w *wrongType) add(to Pointer, v value.Value, err error) *wrongType {
	if w == nil {
		w = &wrongType{first: err}
	}
	w.places, w.values = append(w.places, to), append(w.values, v)
	return w
}

// Reason says what is wrong with the first value, in parameters that the template made.
func (w *wrongType) reason(parameters value.Value) string {
	if u, ok := errors.AsType[*unsupportedField](w.first); ok && len(w.places[0]) == 0 {
		return fmt.Sprintf("The field \"%s\" is not supported by Step Functions", u.name)
	}
	return fmt.Sprintf("The value for the field '%s' %v", strings.TrimSuffix(w.places[0].member(parameters), ".$"), w.first)
}

// put sets the wrong values in the parameters, where the template has them: the message shows what was really given.
func (w *wrongType) put(parameters value.Value) value.Value {
	for i, to := range w.places {
		parameters = to.set(parameters, w.values[i])
	}
	return parameters
}
