// Package ast is a state machine as it is written: every field that Amazon States Language has, with its place in the
// file, and no judgement of it. It does not assume JSON.
package ast

import (
	"iter"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
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
	Bare     bool // it is a placeholder without quotes, and Text has it: what it is is not known
	Span     source.Span
	Kind     value.Kind
	Text     string // String: the contents; Number and Bool: the text
	Members  Members
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

// Member is a member of an object.
type Member struct {
	Name  string
	Span  source.Span // of the name
	Value *Node
}

// Members are those of an object, in the order written.
type Members []Member

// Named returns the first member with the name, nil if there is none.
func (all Members) Named(name string) *Member {
	for i := range all {
		if all[i].Name == name {
			return &all[i]
		}
	}
	return nil
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

// Is reports whether s is written, as one of the words.
func (s *String) Is(words ...string) bool { return s != nil && slices.Contains(words, s.Text) }

// Number is a number and its place. Text is as written.
type Number struct {
	Text string
	Span source.Span
	Bare bool // it is a placeholder without quotes, and Text has it
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

// Object is what all objects of a machine have.
type Object struct {
	Span   source.Span
	Fields Members // all of them, known or not, in the order written
}

// Begin sets what the object has by its node.
func (o *Object) Begin(n *Node) { o.Span, o.Fields = n.Span, n.Members }

// Field returns the member with the name, nil if it is not written.
func (o *Object) Field(name string) *Member { return o.Fields.Named(name) }

// Machine is a state machine, or the one inside a Parallel branch or a Map.
type Machine struct {
	Object
	Comment         *String
	Version         *String
	QueryLanguage   *String
	StartAt         *String
	TimeoutSeconds  *Number
	States          []*State
	StatesSpan      source.Span      // of the name "States"
	ProcessorConfig *ProcessorConfig // inside a Map
}

// The words of a ProcessorConfig that change what a Map is.
const (
	Distributed = "DISTRIBUTED"
	Express     = "EXPRESS"
)

// ProcessorConfig says how the items of a Map are processed.
type ProcessorConfig struct {
	Object
	Mode, ExecutionType *String
}

// IsDistributed reports whether a Map runs m for each of its items as an execution of its own.
func (m *Machine) IsDistributed() bool {
	return m.ProcessorConfig != nil && m.ProcessorConfig.Mode.Is(Distributed)
}

// State is a state of any type. A field that is not written is nil.
type State struct {
	Object // without Fields if the state is no object
	Name   String
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
	ItemProcessor                                     *Machine // or Iterator
	Items, ItemSelector                               *Node
	ItemsPath                                         *Path
	ItemReader                                        *ItemReader
	ItemBatcher                                       *ItemBatcher
	ResultWriter                                      *ResultWriter
	MaxConcurrency                                    *Number
	MaxConcurrencyPath                                *Path
	ToleratedFailureCount, ToleratedFailurePercentage *Number
	ToleratedFailureCountPath                         *Path
	ToleratedFailurePercentagePath                    *Path
	Label                                             *String
}

// ItemReader says where a Map reads its items from.
type ItemReader struct {
	Object
	Resource     *String
	Parameters   *Node // JSONPath
	Arguments    *Node // JSONata
	ReaderConfig *ReaderConfig
}

// ReaderConfig says how an ItemReader reads the items.
type ReaderConfig struct {
	Object
	InputType, Transformation, ManifestType *String
	CSVDelimiter, CSVHeaderLocation         *String
	CSVHeaders                              []String
	ItemsPointer                            *String
	MaxItems                                *Number
	MaxItemsPath                            *Path
}

// ItemBatcher says how a Map puts items together for one execution.
type ItemBatcher struct {
	Object
	BatchInput                                      *Node
	MaxItemsPerBatch, MaxInputBytesPerBatch         *Number
	MaxItemsPerBatchPath, MaxInputBytesPerBatchPath *Path
}

// ResultWriter says where a Map writes its results.
type ResultWriter struct {
	Object
	Resource     *String
	Parameters   *Node // JSONPath
	Arguments    *Node // JSONata
	WriterConfig *WriterConfig
}

// WriterConfig says how a ResultWriter writes the results.
type WriterConfig struct {
	Object
	Transformation, OutputType *String
}

// Machines returns the machines inside s.
func (s *State) Machines() []*Machine {
	if s.ItemProcessor == nil {
		return s.Branches
	}
	return append(slices.Clip(s.Branches), s.ItemProcessor)
}

// AllStates ranges over the states of m and of the machines inside them, each before those inside it.
func (m *Machine) AllStates() iter.Seq[*State] {
	return func(yield func(*State) bool) { m.allStates(yield) }
}

func (m *Machine) allStates(yield func(*State) bool) bool {
	for _, s := range m.States {
		if !yield(s) {
			return false
		}
		for _, inner := range s.Machines() {
			if !inner.allStates(yield) {
				return false
			}
		}
	}
	return true
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

// Retrier is an element of Retry.
type Retrier struct {
	Object
	Comment         *String
	ErrorEquals     []String
	IntervalSeconds *Number
	MaxAttempts     *Number
	BackoffRate     *Number
	MaxDelaySeconds *Number
	JitterStrategy  *String
}

// Catcher is an element of Catch.
type Catcher struct {
	Object
	Comment     *String
	ErrorEquals []String
	ResultPath  *Path
	Next        *String
	Output      *Node
	Assign      *Node
}

// Rule is a rule of a Choice state, or one nested in And, Or, Not.
type Rule struct {
	Object
	Comment   *String
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
