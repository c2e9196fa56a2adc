package ast

import (
	"maps"
	"math"
	"slices"
)

// StateTypes are the values of Type, in the order AWS lists them.
var StateTypes = []string{"Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"}

// Where a machine stands.
const (
	Outermost = "machine"
	InBranch  = "branch"         // of a Parallel
	InMap     = "item processor" // of a Map
)

// The limits of Step Functions that ranges share (1.20, R111, R161, R170).
const (
	MaxSeconds  = 99999999
	MaxItems    = 100000000
	MaxDocument = 262144 // bytes of an input or output

	maxDelaySeconds = 31622400 // a leap year
)

var (
	works    = []string{"Task", "Parallel", "Map"}
	goesOn   = append(slices.Clip(works), "Pass", "Wait")
	assigns  = append(slices.Clip(goesOn), "Choice")
	reads    = append(slices.Clip(assigns), "Succeed")
	task     = []string{"Task"}
	mapState = []string{"Map"}
	wait     = []string{"Wait"}
	fail     = []string{"Fail"}

	seconds   = Range{Low: 1, High: MaxSeconds}
	output    = []string{"Output"}
	condition = []string{"Condition"}
)

// StateFields are the fields of states (1.3, with R13 to R15 and X9). One that states of several types have is alike in all.
var StateFields = fieldsOf[State](
	Field{Name: "Type", Kind: Text},
	Field{Name: "Comment", Kind: Text},
	Field{Name: "QueryLanguage"}, // read before all others, which depend on it
	Field{Name: "Next", In: goesOn, Kind: Text},
	Field{Name: "End", In: goesOn, Kind: Boolean},
	Field{Name: "InputPath", In: reads, Language: OnlyJSONPath, Kind: FullPath, Nullable: true},
	Field{Name: "OutputPath", In: reads, Language: OnlyJSONPath, Kind: FullPath, Nullable: true, Instead: output},
	Field{Name: "Parameters", In: append(slices.Clip(works), "Pass"), Language: OnlyJSONPath, Kind: Template,
		Instead: []string{"Arguments", "ItemSelector", "Output"}},
	Field{Name: "ResultSelector", In: works, Language: OnlyJSONPath, Kind: Template, Instead: output},
	Field{Name: "ResultPath", In: append(slices.Clip(works), "Pass"), Language: OnlyJSONPath, Kind: ResultPath, Nullable: true,
		Instead: output},
	Field{Name: "Arguments", In: []string{"Task", "Parallel"}, Language: OnlyJSONata, Kind: Document, Expressions: true,
		Instead: []string{"Parameters"}},
	Field{Name: "Output", In: reads, Language: OnlyJSONata, Kind: Document, Expressions: true,
		Instead: []string{"ResultSelector", "ResultPath", "OutputPath"}},
	Field{Name: "Assign", In: assigns, Kind: ObjectTemplate, Expressions: true},
	Field{Name: "Retry", In: works, Kind: Structures, Fields: RetrierFields},
	Field{Name: "Catch", In: works, Kind: Structures, Fields: CatcherFields},

	Field{Name: "Resource", In: task, Kind: Text},
	Field{Name: "TimeoutSeconds", In: task, Kind: NumberField, Range: seconds, Expressions: true, Path: "TimeoutSecondsPath", Placeholder: true},
	Field{Name: "TimeoutSecondsPath", In: task, Language: OnlyJSONPath, Kind: ReferencePath},
	Field{Name: "HeartbeatSeconds", In: task, Kind: NumberField, Range: seconds, Expressions: true, Path: "HeartbeatSecondsPath", Placeholder: true},
	Field{Name: "HeartbeatSecondsPath", In: task, Language: OnlyJSONPath, Kind: ReferencePath},
	Field{Name: "Credentials", In: task, Kind: ObjectTemplate, Expressions: true},

	Field{Name: "Result", In: []string{"Pass"}, Language: OnlyJSONPath, Kind: Value, Instead: output},

	Field{Name: "Choices", In: []string{"Choice"}, Kind: Structures, Fields: RuleFields},
	Field{Name: "Default", In: []string{"Choice"}, Kind: Text},

	Field{Name: "Seconds", In: wait, Kind: NumberField, Range: Range{High: MaxSeconds}, Expressions: true, Path: "SecondsPath", Placeholder: true},
	Field{Name: "SecondsPath", In: wait, Language: OnlyJSONPath, Kind: ReferencePath},
	Field{Name: "Timestamp", In: wait, Kind: Text, Expressions: true, Path: "TimestampPath"},
	Field{Name: "TimestampPath", In: wait, Language: OnlyJSONPath, Kind: ReferencePath},

	Field{Name: "Error", In: fail, Kind: Text, Expressions: true, Path: "ErrorPath"},
	Field{Name: "ErrorPath", In: fail, Language: OnlyJSONPath, Kind: StringPath},
	Field{Name: "Cause", In: fail, Kind: Text, Expressions: true, Path: "CausePath"},
	Field{Name: "CausePath", In: fail, Language: OnlyJSONPath, Kind: StringPath},

	Field{Name: "Branches", In: []string{"Parallel"}, Kind: Machines},

	Field{Name: "ItemProcessor", In: mapState, Kind: Machines},
	Field{Name: "Iterator", In: mapState, Kind: Machines, NewName: "ItemProcessor"},
	Field{Name: "Items", In: mapState, Language: OnlyJSONata, Kind: Value, Expressions: true, Instead: []string{"ItemsPath"}},
	Field{Name: "ItemsPath", In: mapState, Language: OnlyJSONPath, Kind: ItemsPath, Instead: []string{"Items"}},
	Field{Name: "ItemSelector", In: mapState, Kind: Template, Expressions: true},
	Field{Name: "ItemReader", In: mapState, Kind: Structure, Expressions: true, Fields: ItemReaderFields},
	Field{Name: "ItemBatcher", In: mapState, Kind: Structure, Expressions: true, Fields: ItemBatcherFields},
	Field{Name: "ResultWriter", In: mapState, Kind: Structure, Expressions: true, Fields: ResultWriterFields},
	Field{Name: "MaxConcurrency", In: mapState, Kind: NumberField, Placeholder: true, Range: Range{High: MaxSeconds}, Expressions: true,
		Path: "MaxConcurrencyPath"},
	Field{Name: "MaxConcurrencyPath", In: mapState, Language: OnlyJSONPath, Kind: NumberPath},
	Field{Name: "ToleratedFailureCount", In: mapState, Kind: NumberField, Range: Range{High: MaxItems}, Expressions: true,
		Path: "ToleratedFailureCountPath"},
	Field{Name: "ToleratedFailureCountPath", In: mapState, Language: OnlyJSONPath, Kind: NumberPath},
	Field{Name: "ToleratedFailurePercentage", In: mapState, Kind: NumberField, Range: Range{High: 100, Fraction: true}, Expressions: true,
		Path: "ToleratedFailurePercentagePath"},
	Field{Name: "ToleratedFailurePercentagePath", In: mapState, Language: OnlyJSONPath, Kind: NumberPath},
	Field{Name: "Label", In: mapState, Kind: Text},
)

// StateFieldsOf are the fields of states of each type.
var StateFieldsOf = each(StateFields, StateTypes)

// MachineFields are the fields of machines.
var MachineFields = fieldsOf[Machine](
	Field{Name: "Comment", Kind: Text},
	Field{Name: "QueryLanguage", In: []string{Outermost}}, // read before all others, which depend on it
	Field{Name: "Version", In: []string{Outermost}, Kind: Text},
	Field{Name: "TimeoutSeconds", In: []string{Outermost}, Kind: NumberField, Range: Range{Low: 1, High: MaxSeconds - 1, Zero: true}, Placeholder: true},
	Field{Name: "StartAt", Kind: Text},
	Field{Name: "States", Kind: Structures},
	Field{Name: "ProcessorConfig", In: []string{InMap}, Kind: Structure, Fields: ProcessorConfigFields},
)

// MachineFieldsOf are the fields of machines by where they stand (R7).
var MachineFieldsOf = each(MachineFields, []string{Outermost, InBranch, InMap})

func each(t *Fields, kinds []string) map[string]*Fields {
	all := map[string]*Fields{}
	for _, kind := range kinds {
		all[kind] = t.of(kind)
	}
	return all
}

// ProcessorConfigFields are the fields of a ProcessorConfig (R141).
var ProcessorConfigFields = fieldsOf[ProcessorConfig](
	Field{Name: "Comment"},
	Field{Name: "Mode", Kind: Text, Words: []string{"INLINE", Distributed}},
	Field{Name: "ExecutionType", Kind: Text, Words: []string{"STANDARD", Express}},
)

// CredentialsFields are the fields of Credentials (R164), which are kept as a template.
var CredentialsFields = fieldsOf[struct{}](
	Field{Name: "Comment"},
	Field{Name: "RoleArn"},
	Field{Name: "RoleArn.$", Language: OnlyJSONPath},
)

// RetrierFields are the fields of a retrier (R170).
var RetrierFields = fieldsOf[Retrier](
	Field{Name: "Comment", Kind: Text},
	Field{Name: "ErrorEquals", Kind: ErrorNames},
	Field{Name: "IntervalSeconds", Kind: NumberField, Range: Range{High: MaxSeconds}, Placeholder: true},
	Field{Name: "MaxAttempts", Kind: NumberField, Range: Range{High: MaxSeconds}, Placeholder: true},
	Field{Name: "BackoffRate", Kind: NumberField, Range: Range{Low: 1, High: math.Inf(1), Fraction: true}, Placeholder: true},
	Field{Name: "MaxDelaySeconds", Kind: NumberField, Range: Range{Low: 1, High: maxDelaySeconds}, Placeholder: true},
	Field{Name: "JitterStrategy", Kind: Text, Words: []string{"FULL", "NONE"}},
)

// CatcherFields are the fields of a catcher (R180).
var CatcherFields = fieldsOf[Catcher](
	Field{Name: "Comment", Kind: Text},
	Field{Name: "ErrorEquals", Kind: ErrorNames},
	Field{Name: "Next", Kind: Text},
	Field{Name: "Assign", Kind: ObjectTemplate, Expressions: true},
	Field{Name: "ResultPath", Language: OnlyJSONPath, Kind: ResultPath, Nullable: true, Instead: output},
	Field{Name: "Output", Language: OnlyJSONata, Kind: Document, Expressions: true, Instead: []string{"ResultPath"}},
)

// RuleFields are the fields of a rule of a Choice, nested ones too (R90 to R94).
var RuleFields = fieldsOf[Rule](append(comparisons(),
	Field{Name: "Comment", Kind: Text},
	Field{Name: "Next", Kind: Text},
	Field{Name: "Assign", Kind: ObjectTemplate, Expressions: true},
	Field{Name: "Variable", Language: OnlyJSONPath, Kind: FullPath, Instead: condition},
	Field{Name: "And", Language: OnlyJSONPath, Kind: Structures, Instead: condition},
	Field{Name: "Or", Language: OnlyJSONPath, Kind: Structures, Instead: condition},
	Field{Name: "Not", Language: OnlyJSONPath, Kind: Structure, Instead: condition},
	Field{Name: "Condition", Language: OnlyJSONata, Kind: Value, Expressions: true},
	Field{Name: "Output", Language: OnlyJSONata, Kind: Document, Expressions: true},
)...)

func comparisons() (rows []Field) {
	for _, operator := range slices.Sorted(maps.Keys(Operators)) {
		rows = append(rows, Field{Name: operator, Language: OnlyJSONPath, Kind: Comparison, Instead: condition})
	}
	return rows
}

// ItemReaderFields are the fields of an ItemReader (R150).
var ItemReaderFields = fieldsOf[ItemReader](
	Field{Name: "Comment"},
	Field{Name: "Resource", Kind: Text},
	Field{Name: "Parameters", Language: OnlyJSONPath, Kind: ObjectTemplate, Instead: []string{"Arguments"}},
	Field{Name: "Arguments", Language: OnlyJSONata, Kind: Document, Instead: []string{"Parameters"}},
	Field{Name: "ReaderConfig", Kind: Structure, Fields: ReaderConfigFields},
)

// ReaderConfigFields are the fields of a ReaderConfig (R150).
var ReaderConfigFields = fieldsOf[ReaderConfig](
	Field{Name: "Comment"},
	Field{Name: "InputType", Kind: Text, Words: []string{"CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"}},
	Field{Name: "Transformation", Kind: Text, Words: []string{"NONE", "LOAD_AND_FLATTEN"}},
	Field{Name: "ManifestType", Kind: Text, Words: []string{"ATHENA_DATA", "S3_INVENTORY"}},
	Field{Name: "CSVDelimiter", Kind: Text, Words: []string{"COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"}},
	Field{Name: "CSVHeaderLocation", Kind: Text, Words: []string{"FIRST_ROW", "GIVEN"}},
	Field{Name: "CSVHeaders", Kind: Texts},
	Field{Name: "ItemsPointer", Kind: Text},
	Field{Name: "MaxItems", Kind: NumberField, Range: Range{High: MaxItems}, Expressions: true, Path: "MaxItemsPath"},
	Field{Name: "MaxItemsPath", Language: OnlyJSONPath, Kind: NumberPath},
)

// ItemBatcherFields are the fields of an ItemBatcher (R151).
var ItemBatcherFields = fieldsOf[ItemBatcher](
	Field{Name: "Comment"},
	Field{Name: "BatchInput", Kind: Template, Expressions: true},
	Field{Name: "MaxItemsPerBatch", Kind: NumberField, Range: Range{Low: 1, High: MaxItems, Zero: true}, Expressions: true,
		Path: "MaxItemsPerBatchPath"},
	Field{Name: "MaxItemsPerBatchPath", Language: OnlyJSONPath, Kind: NumberPath},
	Field{Name: "MaxInputBytesPerBatch", Kind: NumberField, Range: Range{Low: 1, High: MaxDocument, Zero: true}, Expressions: true,
		Path: "MaxInputBytesPerBatchPath"},
	Field{Name: "MaxInputBytesPerBatchPath", Language: OnlyJSONPath, Kind: NumberPath},
)

// ResultWriterFields are the fields of a ResultWriter (R152).
var ResultWriterFields = fieldsOf[ResultWriter](
	Field{Name: "Comment"},
	Field{Name: "Resource", Kind: Text},
	Field{Name: "Parameters", Language: OnlyJSONPath, Kind: ObjectTemplate, Instead: []string{"Arguments"}},
	Field{Name: "Arguments", Language: OnlyJSONata, Kind: Document, Instead: []string{"Parameters"}},
	Field{Name: "WriterConfig", Kind: Structure, Fields: WriterConfigFields},
)

// WriterConfigFields are the fields of a WriterConfig (R152).
var WriterConfigFields = fieldsOf[WriterConfig](
	Field{Name: "Comment"},
	Field{Name: "Transformation", Kind: Text, Words: []string{"NONE", "COMPACT", "FLATTEN"}},
	Field{Name: "OutputType", Kind: Text, Words: []string{"JSON", "JSONL"}},
)
