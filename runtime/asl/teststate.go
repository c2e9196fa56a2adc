package asl

import (
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// StateTest is what TestState runs a state with (T1).
type StateTest struct {
	Input     value.Value // absent is {}
	Variables value.Value // an object that holds the variables' values; absent is none
	// Context is the whole context object: what it does not have, $$ does not find. If it is absent, it is that of an
	// execution which has no role; $$.State.Name is StateName, whatever the state's name is.
	Context value.Value

	RoleARN string // of the context object, if Context is absent; "" is none

	// The mock. A Task, Parallel or Map state needs Result, with which its work succeeds, or Error, with which that fails; the
	// other states take neither. The Result of a Parallel state is an array with an element for each branch, that of a Map
	// state an array, or an object if its ResultWriter has a Resource.
	Result value.Value
	Error  *Error
	// CheckResult holds Result to what the Resource of a Task answers; nil takes any. Package asltest has one that knows the models
	// of AWS's services.
	CheckResult func(resource string, result value.Value) error

	RetrierRetryCount        int // how often the retrier that Error matches was used before
	MapIterationFailureCount int // how many iterations of a DISTRIBUTED Map have failed; counts if it tolerates some
	// MapItemReaderData is what the ItemReader of a DISTRIBUTED Map finds in its object, before InputType and ItemsPointer;
	// for listObjectsV2 and manifests it is the array of items.
	MapItemReaderData string
}

// TestStatus is how the test of a state has ended, by AWS's name (T2).
type TestStatus string

// The ends of a test.
const (
	TestSucceeded   TestStatus = "SUCCEEDED"
	TestFailed      TestStatus = "FAILED"
	TestRetriable   TestStatus = "RETRIABLE"    // the state failed, and Retry would try again
	TestCaughtError TestStatus = "CAUGHT_ERROR" // the state failed, and Catch took the error
)

// StateResult is how a state went that TestState ran.
type StateResult struct {
	Status     TestStatus
	Output     value.Value          // of a state that succeeded or whose error was caught; absent otherwise
	Err        *Error               // nil if the state succeeded
	NextState  string               // "" if there is none
	Inspection map[Step]value.Value // the document after each step that the state has taken (R20–R24)
}
