// Package intrinsic parses and evaluates the intrinsic functions of the Amazon States Language, such as
// States.Format('Hello {}', $.name) (docs/rules.md 1.19).
//
// Where AWS's behaviour was recorded, it is followed: numbers that must be whole are rounded half up, States.StringSplit
// takes its second argument for a set of characters, States.Format shows arrays and objects as Java does. AWS's words for
// what a function refuses were never recorded; the messages here are our own.
package intrinsic

import (
	"fmt"
	"math/rand/v2"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Expr is an argument of a call: a [*Call], a [*Literal] or a [*PathArg].
type Expr interface {
	// String returns the argument as it was written.
	String() string
	eval(env Env) (value.Value, error)
}

// Call is a parsed call. It comes from [Parse], is immutable and safe for concurrent use.
type Call struct {
	Function string // such as States.Format
	Args     []Expr
	Offset   int // where in the text that was parsed, in bytes
	text     string
	function *function
	template []string // of States.Format: a literal template, cut at its {}, or
	fault    error    // what is wrong with it
}

// Literal is a string in single quotes, a number, true, false or null.
type Literal struct {
	Value  value.Value
	Offset int
	text   string
}

// PathArg is a path.
type PathArg struct {
	Path   *jsonpath.Path
	Offset int
}

// SyntaxError is the error of [Parse].
type SyntaxError struct {
	Offset  int // where in the text, in bytes
	Message string
	Hint    string // what may have been meant; may be empty
}

func (e *SyntaxError) Error() string {
	if e.Hint != "" {
		return fmt.Sprintf("offset %d: %s (%s)", e.Offset, e.Message, e.Hint)
	}
	return fmt.Sprintf("offset %d: %s", e.Offset, e.Message)
}

// Error says why a function refused its arguments.
type Error struct {
	Function string // such as States.MathAdd
	Message  string
}

func (e *Error) Error() string { return e.Function + ": " + e.Message }

// Env is what a call reads from the outside.
type Env interface {
	// Path returns what a path selects. Its error ends the evaluation and is returned as it is.
	Path(p *jsonpath.Path) (value.Value, error)
	// Random is the source of States.UUID, and of States.MathRandom without a seed.
	Random() *rand.Rand
}

// MustParse is [Parse] for calls that are known to be right, as in generated code; it panics if one is not.
func MustParse(text string) *Call {
	c, err := Parse(text)
	if err != nil {
		panic(fmt.Sprintf("intrinsic: %q: %v", text, err))
	}
	return c
}

// String returns the call as it was written.
func (c *Call) String() string { return c.text }

// String returns the literal as it was written.
func (l *Literal) String() string { return l.text }

// String returns the path as it was written.
func (a *PathArg) String() string { return a.Path.String() }

// Paths returns the paths that the call reads, in the order they are written.
func (c *Call) Paths() []*jsonpath.Path {
	var paths []*jsonpath.Path
	for _, arg := range c.Args {
		switch arg := arg.(type) {
		case *PathArg:
			paths = append(paths, arg.Path)
		case *Call:
			paths = append(paths, arg.Paths()...)
		}
	}
	return paths
}

// Result returns what kind of value the call gives, [value.AbsentKind] if that depends on the data.
func (c *Call) Result() value.Kind { return c.function.result }

// Fault says why the call itself, without those in it, fails whatever its arguments are; nil if it need not.
func (c *Call) Fault() error {
	if c.fault == nil {
		return nil
	}
	return &Error{c.Function, c.fault.Error()}
}

// Eval calls the function, after evaluating its arguments from left to right. The error is a [*Error] if a function refuses
// its arguments, or comes from env.
func (c *Call) Eval(env Env) (value.Value, error) { return c.eval(env) }

func (c *Call) eval(env Env) (value.Value, error) {
	in := &invocation{call: c, env: env}
	in.args = in.room[:0]
	for _, arg := range c.Args {
		v, err := arg.eval(env)
		if err != nil {
			return value.Value{}, err
		}
		in.args = append(in.args, v)
	}
	v, err := c.function.call(in)
	if err != nil {
		return value.Value{}, &Error{c.Function, err.Error()}
	}
	return v, nil
}

func (l *Literal) eval(Env) (value.Value, error) { return l.Value, nil }

func (a *PathArg) eval(env Env) (value.Value, error) { return env.Path(a.Path) }

// invocation is a call with the values of its arguments.
type invocation struct {
	call *Call
	args []value.Value
	env  Env
	room [3]value.Value // for args: most calls have no more
}
