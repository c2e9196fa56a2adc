package runtime

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// A view is the struct that a template reads: one field for each expression in the template, filled in the template's
// order just before it runs. Two tags say what a field is:
//
//	Command []string `asl:"$.commands" to:"/Overrides/ContainerOverrides/0/Command.$"`
//
// asl is the expression, to the JSON Pointer of the template's member that it stands in. A third, without, names the members
// that the expression's value must not have, with commas between them.
type viewPlan struct {
	fields []viewField
}

type viewField struct {
	index int
	expr  expression
	to    pointer

	without []string
}

// NoView is the view of a template that reads nothing.
type NoView struct{}

// InputView is the view of [Input].
type InputView struct {
	Document Value `asl:"$" to:""`
}

// Input is the template of a task that has no Parameters: it is given the state's input.
func Input(_ *Context, view *InputView) Value { return view.Document }

func planView(t reflect.Type, c Config) (*viewPlan, error) {
	plan := &viewPlan{}
	for i := range t.NumField() {
		f := t.Field(i)
		text, ok := f.Tag.Lookup("asl")
		if !ok {
			return nil, fmt.Errorf("%s.%s has no asl tag", t.Name(), f.Name)
		}
		text = c.fill(text)
		expr, err := parseExpression(text)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %s: %w", t.Name(), f.Name, text, err)
		}
		field := viewField{index: i, expr: expr, to: parsePointer(f.Tag.Get("to"))}
		if names := f.Tag.Get("without"); names != "" {
			field.without = strings.Split(names, ",")
		}
		plan.fields = append(plan.fields, field)
	}
	return plan, nil
}

// fill evaluates the fields of a view. unset are the values of which the view's fields show less than was given; wrong tells of
// those that do not have their field's type.
func (p *viewPlan) fill(s *scope, view reflect.Value) (unset []given, wrong *wrongType, err error) {
	for i := range p.fields {
		f := &p.fields[i]
		v, err := s.eval(f.expr, f.to)
		if err != nil {
			return nil, nil, err
		}
		target := view.Field(f.index)
		if document, ok := target.Addr().Interface().(*value.Value); ok {
			*document = v
			continue
		}
		err = f.refuse(v)
		if err == nil {
			err = assign(target, v)
		}
		if err != nil {
			wrong = wrong.add(f.to, v, err)
		} else if hasUnset(v) {
			unset = append(unset, given{f.to, v})
		}
	}
	return unset, wrong, nil
}

// refuse looks for members that the value must not have. Step Functions takes names of parameters in camel case too.
func (f *viewField) refuse(v value.Value) error {
	for _, name := range f.without {
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

// assign stores v in a field of a view. The types are those that parameters have in the AWS SDK. Null is the same as a
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

// wrongType collects the values of a view that do not have the types of their fields.
type wrongType struct {
	first  error
	places []pointer
	values []value.Value
}

func (w *wrongType) add(to pointer, v value.Value, err error) *wrongType {
	if w == nil {
		w = &wrongType{first: err}
	}
	w.places, w.values = append(w.places, to), append(w.values, v)
	return w
}

// reason says what is wrong with the first value, in parameters that the template made.
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

// pointer is a JSON Pointer (RFC 6901), by its tokens.
type pointer []string

func parsePointer(text string) pointer {
	tokens := strings.Split(text, "/")[1:]
	for i, t := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(t)
	}
	return tokens
}

// last returns the name of the template's member, "" if the template is nothing but an expression.
func (p pointer) last() string {
	if len(p) == 0 {
		return ""
	}
	return p[len(p)-1]
}

// get returns the value at the place that p names, absent if there is none.
func (p pointer) get(v value.Value) value.Value {
	for i, token := range p {
		if v.Kind() == value.ArrayKind {
			n, err := strconv.Atoi(token)
			if err != nil {
				return value.Value{}
			}
			v = v.At(n)
			continue
		}
		if i == len(p)-1 {
			token = strings.TrimSuffix(token, ".$")
		}
		v = v.Get(token)
	}
	return v
}

// steps goes from v by the tokens; each is of an element, by its number, or of a member. Where v does not tell, for it is not
// what the pointer is of, numbers are elements.
func (p pointer) steps(v value.Value) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for _, token := range p {
			i, err := strconv.Atoi(token)
			element := err == nil && v.Kind() != value.ObjectKind
			if !yield(token, element) {
				return
			}
			if element {
				v = v.At(i)
			} else {
				v = v.Get(token)
			}
		}
	}
}

// location returns the place in a document that a field makes, as AWS writes it: Output/a[1]/b (R82).
func (p pointer) location(field string, document value.Value) string {
	for token, element := range p.steps(document) {
		if element {
			field += "[" + token + "]"
		} else {
			field += "/" + token
		}
	}
	return field
}

// member returns the name of the innermost member on the way.
func (p pointer) member(document value.Value) (name string) {
	for token, element := range p.steps(document) {
		if !element {
			name = token
		}
	}
	return name
}

// set returns v with the place that p names set, where the way there exists.
func (p pointer) set(v, to value.Value) value.Value {
	if len(p) == 0 {
		return to
	}
	if v.Kind() == value.ArrayKind {
		if i, err := strconv.Atoi(p[0]); err == nil && i >= 0 && i < v.Len() {
			return v.WithElement(i, p[1:].set(v.At(i), to))
		}
		return v
	}
	if v.Kind() != value.ObjectKind {
		v = value.EmptyObject
	}
	name := p[0]
	if len(p) == 1 {
		name = strings.TrimSuffix(name, ".$")
	}
	return v.With(name, p[1:].set(v.Get(name), to))
}
