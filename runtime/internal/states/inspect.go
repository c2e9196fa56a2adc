package states

import (
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// inJSONata are the steps of a JSONata state that TestState shows.
var inJSONata = []asl.Step{asl.StepInput, asl.StepAfterArguments, asl.StepAfterItemsPointer, asl.StepAfterItemSelector, asl.StepAfterItemBatcher, asl.StepMaxConcurrency,
	asl.StepToleratedFailureCount, asl.StepToleratedFailurePercentage, asl.StepVariables, asl.StepErrorDetails}

// inspect notes what came of a step, if the state is being tested.
func (r *run) inspect(s asl.Step, v value.Value) { r.test.step(s, v, r.jsonata) }

// inspectList notes a step that made a list.
func (r *run) inspectList(s asl.Step, list []value.Value) {
	if r.test != nil { // an execution makes no array of it
		r.inspect(s, value.Array(list...))
	}
}
