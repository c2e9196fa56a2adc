// Package ast is a state machine as it is written: every field that Amazon States Language has, with its place in the
// file, and no judgement of it. It does not assume JSON.
package ast

import (
	"iter"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/source"
	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// The query languages.
const (
	JSONPath = "JSONPath"
	JSONata  = "JSONata"
)

// Node is a value as written.
type Node struct {
	Span     source.Span
	Kind     value.Kind
	Text     string // String: the contents; Number and Bool: the text
	Members  []Member
	Elements []*Node

	// Expr is what the string says, if the node is the value of a template's "….$" member or of a field that takes a
	// path; nil if that is faulty.
	Expr *Expr
}

// CloudFormation returns the name of the function of CloudFormation that the node is: Ref, Fn::Sub; "" if it is none.
func (n *Node) CloudFormation() string {
	if n.Kind != value.ObjectKind || len(n.Members) != 1 {
		return ""
	}
	if m := &n.Members[0]; strings.HasPrefix(m.Name, "Fn::") || m.Name == "Ref" && m.Value.Kind == value.StringKind {
		return m.Name
	}
	return ""
}

// Member is a member of an object, in the order written.
type Member struct {
	Name  string
	Span  source.Span // of the name
	Value *Node
}

// Expr is what a string in a template or a path field says: a path, a call of an intrinsic function, or JSONata; none of
// them if that cannot be read before its ${placeholder} is replaced.
type Expr struct {
	Text    string
	Span    source.Span
	Path    *jsonpath.Path
	Call    *intrinsic.Call
	JSONata *jsonata.Expr
	Start   int // where JSONata begins in Text, in bytes
}

// String is a string and its place.
type String struct {
	Text string
	Span source.Span
}

// Number is a number and its place. Text is as written.
type Number struct {
	Text string
	Span source.Span
}

// Bool is a boolean and its place.
type Bool struct {
	Value bool
	Span  source.Span
}

// Path is the value of a field that takes a path. Exactly one of Null and Expr says what it holds; neither if it is faulty.
// or cannot be read before its ${placeholder} is replaced.
type Path struct {
	Span source.Span
	Null bool
	Expr *Expr
}

// Machine is a state machine, or the one inside a Parallel branch or a Map.
type Machine struct {
	Span           source.Span
	Fields         []Member // all of them, known or not
	Comment        *String
	Version        *String
	QueryLanguage  *String
	StartAt        *String
	TimeoutSeconds *Number
	States         []*State
	StatesSpan     source.Span // of the name "States"
	Processor      *Node       // ProcessorConfig, inside a Map
}

// State is a state of any type. A field that is not written is nil.
type State struct {
	Name   String
	Span   source.Span // of the state's object
	Fields []Member    // all of them, known or not, in the order written; nil if it is no object
	Type   *String

	Comment       *String
	QueryLanguage *String
	Next          *String
	End           *Bool

	// Data flow, JSONPath.
	InputPath, OutputPath, ResultPath *Path
	Parameters, ResultSelector        *Node
	Assign                            *Node

	// Data flow, JSONata.
	Arguments, Output *Node

	Retry []*Retrier
	Catch []*Catcher

	// Task.
	Resource                                 *String
	TimeoutSeconds, HeartbeatSeconds         *Number
	TimeoutSecondsPath, HeartbeatSecondsPath *Path
	Credentials                              *Node

	// Pass.
	Result *Node

	// Choice.
	Choices []*Rule
	Default *String

	// Wait.
	Seconds                    *Number
	Timestamp                  *String
	SecondsPath, TimestampPath *Path

	// Fail.
	Error, Cause         *String
	ErrorPath, CausePath *Path

	// Parallel.
	Branches []*Machine

	// Map.
	ItemProcessor *Machine // or Iterator
}

// JSONata reports whether the query language of s is JSONata, in the given outermost machine: its default holds for the
// states of branches and item processors too, whatever the state around them says (R10).
func (s *State) JSONata(outermost *Machine) bool {
	if s.QueryLanguage != nil {
		return s.QueryLanguage.Text == JSONata
	}
	return outermost.QueryLanguage != nil && outermost.QueryLanguage.Text == JSONata
}

// Onward ranges over the transitions of s by which an execution goes on if no error is caught, in the order written.
func (s *State) Onward() iter.Seq[*String] {
	return func(yield func(*String) bool) {
		for _, r := range s.Choices {
			if r.Next != nil && !yield(r.Next) {
				return
			}
		}
		for _, to := range []*String{s.Default, s.Next} {
			if to != nil && !yield(to) {
				return
			}
		}
	}
}

// Transitions ranges over all transitions of s, those of catchers last.
func (s *State) Transitions() iter.Seq[*String] {
	return func(yield func(*String) bool) {
		for to := range s.Onward() {
			if !yield(to) {
				return
			}
		}
		for _, c := range s.Catch {
			if c.Next != nil && !yield(c.Next) {
				return
			}
		}
	}
}

// Ends reports whether a machine may end with s.
func (s *State) Ends() bool {
	return s.Type.Text == "Succeed" || s.Type.Text == "Fail" || s.End != nil && s.End.Value
}

// Field returns the member of s with the name, nil if it is not written.
func (s *State) Field(name string) *Member { return field(s.Fields, name) }

// Field returns the member of m with the name, nil if it is not written.
func (m *Machine) Field(name string) *Member { return field(m.Fields, name) }

func field(fields []Member, name string) *Member {
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}

// Retrier is an element of Retry.
type Retrier struct {
	Span            source.Span
	Fields          []Member
	ErrorEquals     []String
	IntervalSeconds *Number
	MaxAttempts     *Number
	BackoffRate     *Number
	MaxDelaySeconds *Number
	JitterStrategy  *String
}

// Catcher is an element of Catch.
type Catcher struct {
	Span        source.Span
	Fields      []Member
	ErrorEquals []String
	ResultPath  *Path
	Next        *String
	Output      *Node
	Assign      *Node
}

// Rule is a rule of a Choice state, or one nested in And, Or, Not.
type Rule struct {
	Span      source.Span
	Fields    []Member
	And, Or   []*Rule // nil if not written
	Not       *Rule
	Variable  *Path
	Operator  string      // StringEquals, …, as written; "" if there is none
	OpSpan    source.Span // of the operator's name
	Operand   *Node       // its literal, or
	Path      *Path       // its path, for the …Path operators
	Next      *String
	Assign    *Node
	Condition *Node // JSONata
	Output    *Node // JSONata
}
