package asl

// Step names what TestState shows of the work of a state, by AWS's name (T2). Which steps there are depends on the type of
// the state: AWS shows those that a comment names.
type Step string

// The steps.
const (
	StepInput               Step = "input"
	StepAfterInputPath      Step = "afterInputPath"      // not of a Parallel state, nor of a Pass state with Result
	StepAfterParameters     Step = "afterParameters"     // of a Task state, and of a Pass state without Result
	StepAfterArguments      Step = "afterArguments"      // of a JSONata Task state
	StepResult              Step = "result"              // of a Task state, and of a Pass state with Result
	StepAfterResultSelector Step = "afterResultSelector" // of states that have a ResultPath
	StepAfterResultPath     Step = "afterResultPath"     // of states that have a ResultPath
	StepVariables           Step = "variables"           // an object: the variables after the state, if there are any
	StepErrorDetails        Step = "errorDetails"        // an object: retryIndex, retryBackoffIntervalSeconds, catchIndex

	// The steps of a Map.
	StepAfterItemsPath             Step = "afterItemsPath"             // not with an ItemReader
	StepAfterItemsPointer          Step = "afterItemsPointer"          // with the ItemsPointer of an ItemReader
	StepAfterItemSelector          Step = "afterItemSelector"          // with ItemSelector: an array of the iterations' inputs
	StepAfterItemBatcher           Step = "afterItemBatcher"           // with ItemBatcher: an array of the batches
	StepMaxConcurrency             Step = "maxConcurrency"             // a number
	StepToleratedFailureCount      Step = "toleratedFailureCount"      // a number, if the Map has one
	StepToleratedFailurePercentage Step = "toleratedFailurePercentage" // a number, if the Map has one
)
