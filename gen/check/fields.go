package check

import (
	"maps"
	"slices"
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
		l, known := t[fields[i].Name]
		if !known {
			c.unknownField(what, &fields[i], t)
		} else {
			known = c.fieldLanguage(&fields[i], l, ata)
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

func (c *checker) unknownField(what string, m *ast.Member, t fieldTable) {
	names := slices.Sorted(maps.Keys(t))
	c.errorf(m.Span, diag.UnknownField, "%s has no field %q", what, m.Name).WithHint(diag.DidYouMean(m.Name, names))
}

// counterparts says what the other query language has instead of a field; of the Path fields the name without Path.
var counterparts = map[string]string{
	"Arguments": `"Parameters"`, "Output": `"ResultSelector", "ResultPath" and "OutputPath"`, "Items": `"ItemsPath"`,
	"Condition": `"Variable" and a comparison`,
	"InputPath": "$states.input", "Parameters": `"Arguments" or "Output"`, "ItemsPath": `"Items"`,
	"Result": `"Output"`, "ResultSelector": `"Output"`, "ResultPath": `"Output"`, "OutputPath": `"Output"`,
	"Variable": `"Condition"`, "And": `"Condition"`, "Or": `"Condition"`, "Not": `"Condition"`,
}

// fieldLanguage reports a field that belongs to the other query language than the state's.
func (c *checker) fieldLanguage(m *ast.Member, l language, ata bool) bool {
	switch {
	case l == inJSONPath && ata:
		c.errorf(m.Span, diag.JSONPathField, "%q belongs to JSONPath, and the query language of this state is JSONata", m.Name).
			WithHint(instead("JSONata", m.Name))
	case l == inJSONata && !ata:
		c.errorf(m.Span, diag.JSONataField, "%q belongs to JSONata, and the query language of this state is JSONPath", m.Name).
			WithHint(instead("JSONPath", m.Name))
	default:
		return true
	}
	return false
}

func instead(language, name string) string {
	if other, ok := counterparts[name]; ok {
		return language + " has " + other + " for it"
	}
	if base, isPath := strings.CutSuffix(name, "Path"); isPath {
		if _, operator := ast.Operators[name]; !operator {
			return language + ` has "` + base + `" with a {% %} expression for it`
		}
	}
	if _, operator := ast.Operators[name]; operator {
		return language + ` has "Condition" for it`
	}
	return ""
}

// stateFields reports the fields that do not belong to a state of the type.
func (c *checker) stateFields(s *ast.State, kind string) {
	t, ata := stateFields[kind], c.jsonata(s)
	for i := range s.Fields {
		m := &s.Fields[i]
		switch l, known := t[m.Name]; {
		case !known:
			c.strangeStateField(m, kind)
		default:
			c.fieldLanguage(m, l, ata)
		}
	}
}

// strangeStateField reports a field that states of this type do not have, with what is known about it.
func (c *checker) strangeStateField(m *ast.Member, kind string) {
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
	c.unknownField("a "+kind+" state", m, stateFields[kind])
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
