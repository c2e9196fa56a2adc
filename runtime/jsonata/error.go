package jsonata

import (
	"errors"
	"fmt"
	"strings"
)

// SyntaxError is the error of [Compile]: the text is no expression, or one that can never run.
type SyntaxError struct {
	Code    string // of JSONata, such as S0201; S0303 and those from S0501 on are of this package
	Offset  int    // where in the text the fault begins, in bytes
	End     int    // where it ends
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("offset %d: %s: %s", e.Offset, e.Code, e.Message)
}

// Error is what an expression threw during evaluation.
type Error struct {
	Code    string // of JSONata, such as T2001 or D3030
	Offset  int    // of the operator or call that failed, in bytes into the text of the expression
	End     int    // where that token ends; equal to Offset if no place is known
	Message string // without the code
}

// Error returns the message with the code before it, as AWS reports it.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// The errors of [Expr.Eval] that are no fault of an expression's logic. The texts of the limits are those of AWS
// (docs/rules.md R79, R83).
var (
	// ErrTimeout is the error of an expression that takes more than [Limits.Steps].
	ErrTimeout = errors.New("Expression evaluation timeout: Check for infinite loop")
	// ErrMemory is the error of an expression that produces more than [Limits.Memory].
	ErrMemory = errors.New("Expression evaluation memory limit exceeded: Check for excessive memory usage")
	// ErrDepth is the error of an expression that calls itself, or nests values, deeper than [Limits.Depth].
	ErrDepth = errors.New("Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive")
	// ErrFunction is the error of an expression whose value is a function, which is no JSON.
	ErrFunction = errors.New("jsonata: the result is a function")
)

// failure is an Error in the making: what the messages of the codes refer to is filled in when it is caught.
type failure struct {
	code        string
	value       item
	value2      item
	token       string // the operator or function; "" if not known yet
	index       int    // number of an argument, from 1
	typ         string // for T0412: what the array must be of
	message     string // the whole message, if no template fits
	offset, end int
	placed      bool // offset and end are known
}

// throw ends the evaluation. Eval catches it.
func throw(f failure) { panic(&f) }

// throwCode throws a failure that needs no more than its code.
func throwCode(code string) { throw(failure{code: code}) }

// at gives a failure its place, unless it has one.
func (f *failure) at(offset, end int) {
	if !f.placed {
		f.offset, f.end, f.placed = offset, end, true
	}
}

// stop is thrown when a limit is reached.
type stop struct{ err error }

// exported is the error that callers see.
func (f *failure) exported() *Error {
	message := f.message
	if message == "" {
		message = f.fill(messages[f.code])
	}
	return &Error{Code: f.code, Offset: f.offset, End: f.end, Message: message}
}

func (f *failure) fill(template string) string {
	if !strings.Contains(template, "{") {
		return template
	}
	return strings.NewReplacer(
		"{{{token}}}", f.token,
		"{{token}}", quoted(f.token),
		"{{value}}", shown(f.value),
		"{{value2}}", shown(f.value2),
		"{{exp}}", shown(f.value2),
		"{{index}}", fmt.Sprint(f.index),
		"{{type}}", quoted(f.typ),
	).Replace(template)
}

func quoted(s string) string { return string(appendJSONString(nil, s)) }

// shownSize is the length beyond which a value in a message is cut.
const shownSize = 1024

// shown is a value as it stands in a message.
func shown(v item) string {
	if v.kind == undefinedKind {
		return "undefined"
	}
	w := writer{limit: shownSize}
	w.value(v, 0)
	return string(w.out)
}
