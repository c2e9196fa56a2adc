package states

import (
	"slices"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// The longest error and cause that an execution can end with, in characters: AWS's ExecutionFailedEventDetails has no room for
// more, https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionFailedEventDetails.html.
const (
	longestError = 256
	longestCause = 32768
)

// beginning returns the first characters of a text, at most so many.
func beginning(text string, most int) string {
	for i := range text {
		if most--; most < 0 {
			return text[:i]
		}
	}
	return text
}

// matches reports whether one of the names in an ErrorEquals stands for e (R174, R175, X3, X4, X6).
func matches(e *asl.Error, names []string) bool {
	if e.Name == asl.ErrorRuntime || e.Terminal {
		return false
	}
	return slices.ContainsFunc(names, func(name string) bool {
		switch name {
		case asl.ErrorAll:
			return true
		case asl.ErrorTaskFailed:
			return !e.Unnamed && (e.Name != asl.ErrorTimeout || e.Heartbeat)
		case asl.ErrorHeartbeatTimeout:
			return e.Heartbeat || e.Name == name
		}
		return !e.Unnamed && name == e.Name
	})
}

// errorOutput is the Error Output that a Catch hands on (R181).
func errorOutput(e *asl.Error) value.Value {
	name, cause := value.String(e.Name), value.String(e.Cause)
	if e.Unnamed {
		name = value.Null
	}
	if e.Causeless && e.Name != asl.ErrorTimeout { // a timeout has no cause in the history, and "" here
		cause = value.Null
	}
	return value.Object(value.Field("Error", name), value.Field("Cause", cause))
}
