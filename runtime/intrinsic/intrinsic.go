// Package intrinsic parses and evaluates the intrinsic functions of AWS Step Functions.
package intrinsic

import (
	"math/rand/v2"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Expr is an argument: a *Call, a *Literal or a *PathArg.
type Expr interface{ String() string }

// Call is a call of an intrinsic function.
type Call struct {
	Function string // States.Format
	Args     []Expr
	Offset   int // in bytes
	text     string
}

// Literal is a constant argument.
type Literal struct {
	Value  value.Value
	Offset int
	text   string
}

// PathArg is an argument that is a path.
type PathArg struct {
	Path   *jsonpath.Path
	Offset int
}

// SyntaxError is an error of Parse.
type SyntaxError struct {
	Offset  int
	Message string
	Hint    string
}

func (e *SyntaxError) Error() string { return e.Message }

// Error says that a function refused its arguments.
type Error struct{ Function, Message string }

func (e *Error) Error() string { return e.Message }

// Env is what a call needs.
type Env interface {
	Path(p *jsonpath.Path) (value.Value, error)
	Random() *rand.Rand
}

// Parse parses a call.
func Parse(text string) (*Call, error) { return &Call{Function: text, text: text}, nil }

// MustParse is Parse for generated code.
func MustParse(text string) *Call {
	c, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return c
}

func (c *Call) String() string    { return c.text }
func (l *Literal) String() string { return l.text }
func (a *PathArg) String() string { return a.Path.String() }

// Paths returns the paths in order of appearance.
func (c *Call) Paths() []*jsonpath.Path { return nil }

// Result returns the kind of the result.
func (c *Call) Result() value.Kind { return value.AbsentKind }

// Eval evaluates the call.
func (c *Call) Eval(env Env) (value.Value, error) { return value.Value{}, nil }

// StringFunction reports whether ErrorPath and CausePath accept the function (R45).
func StringFunction(name string) bool { return false }
