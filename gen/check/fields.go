package check

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// language says in which query language a field exists.
type language uint8

const (
	both language = iota
	inJSONPath
	inJSONata
)

// fieldTable holds the fields of one kind of object.
type fieldTable map[string]language

// table returns the table of three lists of names: those of both languages, of JSONPath, and of JSONata.
func table(all, path, ata string) fieldTable {
	t := fieldTable{"Comment": both}
	for l, names := range []string{all, path, ata} {
		for name := range strings.FieldsSeq(names) {
			t[name] = language(l)
		}
	}
	return t
}

// stateFields is the field table by state type (1.3, with R13 to R15 and X9).
var stateFields = map[string]fieldTable{
	"Task": table("Type QueryLanguage Next End Assign Retry Catch Resource TimeoutSeconds HeartbeatSeconds Credentials",
		"InputPath OutputPath Parameters ResultSelector ResultPath TimeoutSecondsPath HeartbeatSecondsPath",
		"Arguments Output"),
	"Parallel": table("Type QueryLanguage Next End Assign Retry Catch Branches",
		"InputPath OutputPath Parameters ResultSelector ResultPath",
		"Arguments Output"),
	"Map": table("Type QueryLanguage Next End Assign Retry Catch ItemProcessor Iterator ItemSelector ItemReader ItemBatcher "+
		"ResultWriter MaxConcurrency ToleratedFailureCount ToleratedFailurePercentage Label",
		"InputPath OutputPath Parameters ResultSelector ResultPath ItemsPath MaxConcurrencyPath "+
			"ToleratedFailureCountPath ToleratedFailurePercentagePath",
		"Items Output"),
	"Pass": table("Type QueryLanguage Next End Assign", "InputPath OutputPath Parameters ResultPath Result", "Output"),
	"Wait": table("Type QueryLanguage Next End Assign Seconds Timestamp",
		"InputPath OutputPath SecondsPath TimestampPath", "Output"),
	"Choice":  table("Type QueryLanguage Assign Choices Default", "InputPath OutputPath", "Output"),
	"Succeed": table("Type QueryLanguage", "InputPath OutputPath", "Output"),
	"Fail":    table("Type QueryLanguage Error Cause", "ErrorPath CausePath", ""),
}

// The tables of the objects inside machines and states.
var (
	machineFields       = table("StartAt States Version TimeoutSeconds QueryLanguage", "", "")
	branchFields        = table("StartAt States", "", "")
	itemProcessorFields = table("StartAt States ProcessorConfig", "", "")
	processorFields     = table("Mode ExecutionType", "", "")

	retrierFields = table("ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy", "", "")
	catcherFields = table("ErrorEquals Next Assign", "ResultPath", "Output")
	ruleFields    = table("Next Assign", "Variable And Or Not "+strings.Join(slices.Collect(maps.Keys(ast.Operators)), " "),
		"Condition Output")

	credentialsFields = table("RoleArn", "RoleArn.$", "")

	itemReaderFields   = table("Resource ReaderConfig", "Parameters", "Arguments")
	readerConfigFields = table("InputType Transformation ManifestType CSVDelimiter CSVHeaderLocation CSVHeaders "+
		"ItemsPointer MaxItems", "MaxItemsPath", "")
	itemBatcherFields = table("BatchInput MaxItemsPerBatch MaxInputBytesPerBatch",
		"MaxItemsPerBatchPath MaxInputBytesPerBatchPath", "")
	resultWriterFields = table("Resource WriterConfig", "Parameters", "Arguments")
	writerConfigFields = table("Transformation OutputType", "", "")
)

// fields reports every field of an object that its table does not have, or has for the other query language. It reports
// whether all of them belong.
func (c *checker) fields(what string, fields []ast.Member, t fieldTable, ata bool) bool {
	ok := true
	for i := range fields {
		_, known := t[fields[i].Name]
		if !known {
			c.unknownField(what, &fields[i], fields, t, ata)
		} else {
			known = c.fieldLanguage(&fields[i], fields, t, ata)
		}
		ok = ok && known
	}
	return ok
}

// objectFields is fields for the object that a member of s holds, if it is written.
func (c *checker) objectFields(of []ast.Member, name string, t fieldTable, ata bool) []ast.Member {
	m := member(of, name)
	if m == nil || m.Value.Kind != value.ObjectKind {
		return nil
	}
	c.fields(name, m.Value.Members, t, ata)
	return m.Value.Members
}

// unknownField reports a field that an object with these fields cannot have, with the one that is meant: of the state's query
// language, and not there yet.
func (c *checker) unknownField(what string, m *ast.Member, of []ast.Member, t fieldTable, ata bool) {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(t)) {
		if l := t[name]; l == both || (l == inJSONata) == ata {
			names = append(names, name)
		}
	}
	hint := diag.DidYouMean(m.Name, names)
	if near, ok := diag.Nearest(m.Name, names); ok && member(of, near) != nil {
		hint = fmt.Sprintf("%q is there already: leave one of the two out", near)
	}
	c.errorf(m.Span, diag.UnknownField, "%s has no field %q", what, m.Name).WithHint(hint)
}

// counterparts are the fields of the other query language that do what a field does, where there are any.
var counterparts = map[string][]string{
	"Arguments": {"Parameters"}, "Items": {"ItemsPath"}, "Output": {"ResultSelector", "ResultPath", "OutputPath"},
	"Parameters": {"Arguments", "ItemSelector", "Output"}, "Result": {"Output"}, "ResultSelector": {"Output"},
	"ResultPath": {"Output"}, "OutputPath": {"Output"}, "Variable": {"Condition"}, "And": {"Condition"}, "Or": {"Condition"}, "Not": {"Condition"},
}

// fieldLanguage reports a field, one of an object with the table, that belongs to the other query language than the state's.
func (c *checker) fieldLanguage(m *ast.Member, of []ast.Member, t fieldTable, ata bool) bool {
	switch l := t[m.Name]; {
	case c.noWord:
		return true
	case l == inJSONPath && ata:
		c.errorf(m.Span, diag.JSONPathField, "%q belongs to JSONPath, and the query language of this state is JSONata", m.Name).
			WithHint(inJSONataInstead(m.Name, of, t))
	case l == inJSONata && !ata:
		c.errorf(m.Span, diag.JSONataField, "%q belongs to JSONata, and the query language of this state is JSONPath", m.Name).
			WithHint(inJSONPathInstead(m.Name, of, t))
	default:
		return true
	}
	return false
}

// inJSONataInstead is the hint at what JSONata has for a field. What takes a path in JSONPath is an expression there.
func inJSONataInstead(name string, of []ast.Member, t fieldTable) string {
	base, isPath := strings.CutSuffix(name, "Path")
	_, comparison := ast.Operators[name]
	switch {
	case name == "InputPath":
		return "JSONata has $states.input for it"
	case comparison:
		return `JSONata has "Condition" for it`
	}
	for _, other := range append(counterparts[name], base) {
		switch _, has := t[other]; {
		case !has || other == name:
		case member(of, other) != nil:
			return fmt.Sprintf("%q is there already: leave one of the two out", other)
		case isPath || other == "Condition":
			return "JSONata has " + strconv.Quote(other) + " with a {% %} expression for it"
		default:
			return "JSONata has " + strconv.Quote(other) + " for it"
		}
	}
	return ""
}

// inJSONPathInstead is the hint at what JSONPath has for a field.
func inJSONPathInstead(name string, of []ast.Member, t fieldTable) string {
	if name == "Condition" {
		return `JSONPath has "Variable" and a comparison for it`
	}
	var others []string
	for _, other := range counterparts[name] {
		if _, has := t[other]; has {
			others = append(others, strconv.Quote(other))
		}
	}
	switch {
	case others == nil:
		return ""
	case len(others) > 1:
		return "JSONPath has " + list(others, "and") + " for it"
	case member(of, counterparts[name][0]) != nil:
		return others[0] + " is there already: leave one of the two out"
	case strings.HasSuffix(others[0], `Path"`):
		return "JSONPath has " + others[0] + " with a path for it"
	}
	return "JSONPath has " + others[0] + " for it"
}

// stateFields reports the fields that do not belong to a state of the type.
func (c *checker) stateFields(s *ast.State, kind string) {
	t, ata := stateFields[kind], c.jsonata(s)
	for i := range s.Fields {
		m := &s.Fields[i]
		switch _, known := t[m.Name]; {
		case !known:
			c.strangeStateField(s, m, kind)
		default:
			c.fieldLanguage(m, s.Fields, t, ata)
		}
	}
}

// strangeStateField reports a field that states of this type do not have, with what is known about it.
func (c *checker) strangeStateField(s *ast.State, m *ast.Member, kind string) {
	switch m.Name {
	case "Next", "End": // the types without them: R93, R14
		c.errorf(m.Span, diag.NoTransition, "a %s state has no %s", kind, m.Name)
		return
	case "Retry", "Catch":
		c.errorf(m.Span, diag.BadHandler, "a %s state has no %s: only Task, Parallel and Map have", kind, m.Name)
		return
	case "Assign": // R66
		c.errorf(m.Span, diag.BadVariable, "a %s state cannot assign variables", kind)
		return
	}
	if owners := owners(m.Name); owners != nil {
		c.errorf(m.Span, diag.UnknownField, "%q is a field of %s states, not of %s", m.Name, strings.Join(owners, " and "), kind)
		return
	}
	c.unknownField("a "+kind+" state", m, s.Fields, stateFields[kind], c.jsonata(s))
}

// owners returns the state types that have the field.
func owners(name string) (kinds []string) {
	for _, kind := range stateTypes {
		if _, ok := stateFields[kind][name]; ok {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}
