package diag

import (
	"slices"
	"strings"
)

// AWSDiagnostic is what AWS says of a definition in the place of a finding, as far as that is known: the code, and the message
// of ValidateStateMachineDefinition and CreateStateMachine, in which … stands for what differs; "" if that is not known.
type AWSDiagnostic struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// AWS's codes of which we have several kinds of finding.
const (
	awsSchema  = "SCHEMA_VALIDATION_FAILED"
	awsTarget  = "MISSING_TRANSITION_TARGET"
	awsJSONata = "INVALID_JSONATA_EXPRESSION"
)

// The messages of AWS that several codes have.
const (
	awsUnsupported = "Field '…' is not supported"
	awsRequired    = "These fields are required: […]"
	awsOneOf       = "There should only be one of the following fields: […]"
	awsMinimum     = "Minimum value is …"
	awsMaximum     = "Maximum value is …"
	awsMissing     = "The field '…' is required but was missing"
	awsNoARN       = "The resource provided … is not recognized. The value is not a valid resource ARN, or the resource is not available in this region."
	awsPath        = "The value for the field '…' must be a valid JSONPath or a valid intrinsic function call"
)

// aws holds what AWS says: of errors where it refuses, of warnings where it warns.
var aws = map[*Code][]AWSDiagnostic{
	BadJSON:              {{"INVALID_JSON_DESCRIPTION", ""}},
	NotObject:            schema("Definition must be a valid JSON object"),
	MissingField:         schema(awsRequired),
	UnknownField:         schema(awsUnsupported),
	UnknownTarget:        {{awsTarget, "Missing '…' target: …"}},
	WrongType:            schema("Expected value of type […]"),
	UnknownStateType:     schema("The field 'Type' should have one of these values: […]"),
	BadStateName:         {{"INVALID_STATE_NAME", ""}},
	DuplicateState:       {{"DUPLICATE_STATE_NAMES", ""}},
	UnknownStart:         {{awsTarget, "Missing '…' target: …"}},
	CrossesScope:         {{awsTarget, "Missing '…' target: …"}},
	NoTerminalState:      {{"MISSING_END_STATE", "Workflow has no terminal state"}},
	Unreachable:          {{awsTarget, `State "…" is not reachable.`}},
	NextOrEnd:            schema("This object should have only one of the following fields: [Next, End]"),
	NoTransition:         schema(awsUnsupported),
	BackToJSONPath:       schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"),
	JSONPathField:        schema("The QueryLanguage is set to 'JSONata', but field '…' is only supported for the 'JSONPath' QueryLanguage"),
	JSONataField:         schema("The QueryLanguage is set to 'JSONPath', but field '…' is only supported for the 'JSONata' QueryLanguage"),
	BadChoiceRule:        schema("These fields are required: [Next]", awsUnsupported),
	BadComparison:        schema("The object must have only one of the following fields, […]"),
	BadTimestamp:         schema("String does not match RFC3339 timestamp"),
	FailFieldTwice:       schema(awsOneOf),
	NoBranches:           schema("Value cannot be empty"),
	MapProcessor:         schema(awsOneOf, "This object should have only one of the following fields: [ItemProcessor, Iterator]"),
	FieldAndPath:         schema(awsOneOf),
	BadHandler:           schema(awsUnsupported, "These fields are required: […]", "Value cannot be empty"),
	AllNotLast:           schema("States.ALL must appear alone and at end of list"),
	RetryRange:           schema(awsMinimum, awsMaximum),
	UnknownVersion:       schema("Value should be one of the following: [1.0]"),
	ProcessorMode:        schema("These fields are required: [ExecutionType]", awsUnsupported),
	BatchSize:            schema(awsMinimum),
	ItemReader:           schema("The field '…' is required", awsRequired, awsUnsupported),
	BadLabel:             {{"INVALID_LABEL_NAME", ""}, {"DUPLICATE_LABEL_NAME", "Duplicate Label name: …"}},
	MapNumber:            schema(awsMinimum, awsMaximum),
	DistributedInExpress: schema("The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines"),
	BadResource:          schema(awsNoARN),
	UnsupportedPattern:   schema(awsNoARN),
	NotInExpress: schema("Express state machine does not support '…' service integration",
		"Express state machine does not support Activity ARN"),
	TaskTimeout:      schema(awsMinimum, awsMaximum, awsOneOf),
	NoRole:           schema(awsMissing, "The field 'Credentials' is not supported for activities"),
	UnknownECSAction: schema(awsNoARN),
	MissingParameter: schema(awsMissing, "Parameters field is required for resource ARN: …"),
	UnknownParameter: schema(`The field "…" is not supported by Step Functions`),
	BadPath:          schema("Value must be a valid JSONPath.", "Value is not a Reference Path: Reference path didn't start with '$'"),
	NotReference:     schema("Value is not a Reference Path"),
	BadDynamicValue:  schema(awsPath),
	BadIntrinsic:     schema(awsPath),
	ForgottenSuffix:  {{"NO_DOLLAR", "No .$ on a field that appears to be a JSONPath or Intrinsic Function"}},
	BadVariable: {
		{awsSchema, awsUnsupported},
		{"RESERVED_VARIABLE_NAME", "Cannot assign to reserved variable '…'."},
		{"INVALID_VARIABLE_NAME", "Invalid variable name '…': the variable name contains invalid characters."},
	},
	BadJSONata: {
		{awsSchema, "JSONata string must start with {% and end with %}"},
		{awsJSONata, "Unexpected end of expression"},
		{awsJSONata, "String literal must be terminated by a matching quote"},
		{awsJSONata, `The symbol "…" cannot be used as a unary operator`},
		{awsJSONata, "No terminating / in regular expression"},
	},
	NoInput: {{"UNSUPPORTED_JSONATA_EXPRESSION", "Reference to '…' is not supported."}},
}

// schema returns diagnostics of AWS's most frequent code.
func schema(messages ...string) (all []AWSDiagnostic) {
	for _, m := range messages {
		all = append(all, AWSDiagnostic{awsSchema, m})
	}
	return all
}

// AWS returns what AWS says in the place of the code's findings, as far as that is known.
func (c *Code) AWS() []AWSDiagnostic { return aws[c] }

// FromAWS returns the codes of which AWS's text speaks: its message, its code, or both as CreateStateMachine puts them. A
// message that is known tells more than the code.
func FromAWS(text string) []*Code {
	named := speaks(func(d AWSDiagnostic) bool { return strings.Contains(text, d.Code) })
	said := speaks(func(d AWSDiagnostic) bool {
		return d.saidIn(text) && (len(named) == 0 || strings.Contains(text, d.Code))
	})
	if len(said) > 0 {
		return said
	}
	return named
}

// speaks returns the codes that have such a diagnostic of AWS.
func speaks(such func(AWSDiagnostic) bool) (codes []*Code) {
	for _, c := range table {
		if slices.ContainsFunc(aws[c], such) {
			codes = append(codes, c)
		}
	}
	return codes
}

// saidIn reports whether a text has the message.
func (d AWSDiagnostic) saidIn(text string) bool {
	for part := range strings.SplitSeq(d.Message, "…") {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return d.Message != ""
}
