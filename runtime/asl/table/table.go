package table

import (
	"cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/states"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// A machine, and the machines inside Parallel and Map states.
type (
	Definition = states.Definition
	Branch     = states.Branch
	Config     = states.Config
	Number     = states.Number
	UserType   = states.UserType
)

// The states, by their types. Their fields are those of Amazon States Language; a path field that is "" has the language's
// default, and one that is [NullPath] is null.
type (
	State    = states.State
	Task     = states.Task
	Pass     = states.Pass
	Choice   = states.Choice
	Wait     = states.Wait
	Succeed  = states.Succeed
	Fail     = states.Fail
	Parallel = states.Parallel
	Map      = states.Map
)

// What states have in them.
type (
	QueryLanguage = states.QueryLanguage
	Rule          = states.Rule
	Operator      = states.Operator
	Retrier       = states.Retrier
	Catcher       = states.Catcher
	Distributed   = states.Distributed
	ItemReader    = states.ItemReader
	ItemBatcher   = states.ItemBatcher
	ResultWriter  = states.ResultWriter
	Effect        = states.Effect
	Template      = query.Template
	Reader        = query.Reader
	Unset         = query.Unset
)

// JSONata is the query language of states whose expressions stand between {% and %}. The default, "", is JSONPath.
const JSONata = states.JSONata

// NullPath is an InputPath, OutputPath or ResultPath that is null (R26).
const NullPath = query.NullPath

// Document returns the template that f makes documents with.
func Document(f func(*asl.Context, *Reader) value.Value) *Template { return query.Document(f) }

// Input is the template of a task that has no Parameters: it is given the state's input.
func Input(c *asl.Context, r *Reader) value.Value { return query.Input(c, r) }

// Checksum is the SHA-256 of a machine's file without its insignificant white space, in hexadecimal. Of a file that is JSON
// only with its placeholders replaced it is that of the text, however its lines end.
func Checksum(source string) string { return states.Checksum(source) }

// Region returns the Region that a configuration gives for ${AWS::Region}, or else that of the engine.
func Region(e asl.Engine, given string) string { return cmp.Or(given, e.Account().Region) }

// AccountID returns the account that a configuration gives for ${AWS::AccountId}, or else that of the engine.
func AccountID(e asl.Engine, given string) string { return cmp.Or(given, e.Account().ID) }

// ConfigText returns what a placeholder that is no string in Go stands for, as a text or JSON: "" if that is nothing, which the machine then
// misses.
func ConfigText(x any) string {
	v, err := awsshape.Document(x)
	if err != nil || v.IsAbsent() || v.Kind() == value.NullKind {
		return ""
	}
	if text, ok := v.AsString(); ok {
		return text
	}
	return v.String()
}
