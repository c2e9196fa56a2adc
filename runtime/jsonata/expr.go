// Package jsonata compiles and evaluates JSONata, version 2.0.6, the one that AWS Step Functions has (docs/rules.md R70).
//
// The behaviour is that of the reference implementation, down to its error codes and to what it makes of odd input; the
// option [AWS] gives the dialect of Step Functions. An expression is compiled once, to a tree of closures, and may then
// be evaluated many times and concurrently. No function of the language reads a clock or randomness but those of its
// [Env], and evaluation is bounded in steps, depth and memory, whatever the expression and the input: the same evaluation
// always ends in the same way.
package jsonata

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Expr is a compiled expression. It is immutable and safe for concurrent use.
type Expr struct {
	text    string
	tree    *node
	run     evalFunc
	program *program
}

// Option changes the language that [Compile] reads.
type Option func(*program)

// AWS is the dialect of Step Functions (docs/rules.md R73, R80, R84–R86): there is no $eval; there are $partition, $range,
// $hash, $uuid, $parse and $random with a seed; outside of predicates, steps and functions there is no input to refer to,
// so that names of fields, $ and $$ are syntax errors there; a result that is not finite is a text; and the limits are
// narrower.
func AWS(p *program) { p.library, p.aws = awsLibrary, true }

// Compile parses an expression and prepares it for evaluation. The error is a [*SyntaxError].
func Compile(text string, options ...Option) (e *Expr, err error) {
	p := &program{library: standardLibrary}
	for _, option := range options {
		option(p)
	}
	defer func() {
		if f, ok := recover().(*failure); ok {
			x := f.exported()
			e, err = nil, &SyntaxError{x.Code, x.Offset, x.End, x.Message}
		}
	}()
	return p.compile(text), nil
}

// MustCompile is [Compile] for expressions that are known to be right, as in generated code; it panics if one is not.
func MustCompile(text string, options ...Option) *Expr {
	e, err := Compile(text, options...)
	if err != nil {
		panic(fmt.Sprintf("jsonata: %q: %v", text, err))
	}
	return e
}

// String returns the expression as it was written.
func (e *Expr) String() string { return e.text }

// Eval evaluates the expression. The input is what $$ and names of fields refer to; bindings are the variables, without
// the dollar. The value is absent if the result is undefined. The error is an [*Error], [ErrTimeout], [ErrMemory],
// [ErrDepth] or [ErrFunction].
func (e *Expr) Eval(env *Env, input value.Value, bindings map[string]value.Value) (v value.Value, err error) {
	x := newEvaluation(env, e.program.aws, input, bindings)
	defer func() {
		if fault := recover(); fault != nil {
			v, err = value.Value{}, x.asError(fault)
		}
		x.leave()
	}()
	result := e.evaluate(x)
	if result.kind == functionKind {
		return value.Value{}, ErrFunction
	}
	return x.toValue(result, 0), nil
}

// asError is the error of something thrown. What the evaluation did not throw is thrown on. A failure without a place is
// one of the call that is under way.
func (x *evaluation) asError(fault any) error {
	switch fault := fault.(type) {
	case *failure:
		if s := x.site; s != nil {
			fault.at(s.offset, s.end)
			if fault.token == "" {
				fault.token = s.name
			}
		}
		return fault.exported()
	case *stop:
		return fault.err
	}
	panic(fault)
}

func (e *Expr) evaluate(x *evaluation) item {
	x.globals = e.program.place(x)
	context := x.input
	if context.kind == arrayKind {
		context = (&made{items: []item{context}, sequence: true, outer: true}).array()
	}
	var top *frame
	if e.program.bindsTop {
		top = &frame{}
	}
	return e.run(x, context, top)
}
