package query

import (
	"fmt"
	"reflect"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Reader is what a template reads with. Its methods give what an expression gives, in the type that the place wants; the first
// Expression that fails fails the template, and those behind it are not evaluated. Of each method, text is the expression and to
// the JSON Pointer of the template's member that it stands in.
//
// A template runs once when the machine is made, to learn what it reads and in which order. It must read the same each time: the
// fields of a composite literal and the arguments of a call are evaluated in the order in which they are written.
type Reader struct {
	scope *Scope // nil while the template is planned
	plan  []read
	next  int // of the plan

	given []given    // the values of which the template's types show less than was given
	wrong *wrongType // those that do not have the type of their place
	err   error
}

// read is an expression that a template reads.
type read struct {
	text string
	expr Expression
	to   Pointer
}

// planOf runs a template once, to learn what it reads.
func planOf(template func(*asl.Context, *Reader)) ([]read, error) {
	r := &Reader{}
	template(&asl.Context{Execution: &asl.ContextExecution{}}, r)
	return r.plan, r.err
}

// Value returns what an expression gives.
func (r *Reader) Value(text, to string) value.Value {
	v, _ := r.eval(text, to)
	return v
}

// Text returns a string.
func (r *Reader) Text(text, to string) string { return Read[string](r, text, to) }

// String returns a string, as [Reader.Bool] and [Reader.Int32] return theirs: nil if the expression gives null.
func (r *Reader) String(text, to string) *string { return Read[*string](r, text, to) }

// Strings returns an array of strings.
func (r *Reader) Strings(text, to string) []string { return Read[[]string](r, text, to) }

// Bool returns a boolean.
func (r *Reader) Bool(text, to string) *bool { return Read[*bool](r, text, to) }

// Int32 returns a whole number.
func (r *Reader) Int32(text, to string) *int32 { return Read[*int32](r, text, to) }

// Read returns what an expression gives in any type that parameters have in the AWS SDK. The names without are those of members
// that an object must not have.
func Read[T any](r *Reader, text, to string, without ...string) (t T) {
	r.read(text, to, without, reflect.ValueOf(&t).Elem())
	return t
}

func (r *Reader) read(text, to string, without []string, into reflect.Value) {
	v, at := r.eval(text, to)
	if at == nil {
		return
	}
	err := refuse(without, v)
	if err == nil {
		err = assign(into, v)
	}
	if err != nil {
		r.wrong = r.wrong.add(at.to, v, err)
	} else if hasUnset(v) {
		r.given = append(r.given, given{at.to, v})
	}
}

// Eval evaluates the next expression of the plan, or plans it. It returns nil for the expression where there is no value.
func (r *Reader) eval(text, to string) (value.Value, *read) {
	switch {
	case r.err != nil:
		return value.Value{}, nil
	case r.scope == nil:
		r.plan = append(r.plan, read{text: text, to: ParsePointer(to)})
		if r.plan[len(r.plan)-1].expr, r.err = ParseExpression(text); r.err != nil {
			r.err = fmt.Errorf("%s: %w", text, r.err)
		}
		return value.Value{}, nil
	case r.next >= len(r.plan) || r.plan[r.next].text != text:
		r.err = fmt.Errorf("asl: a template reads %s, which it did not when the machine was made", text)
		return value.Value{}, nil
	}
	at := &r.plan[r.next]
	r.next++
	v, err := r.scope.Eval(at.expr, at.to)
	if err != nil {
		r.err = err
		return value.Value{}, nil
	}
	return v, at
}
