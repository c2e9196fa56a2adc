package states

import (
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// attempts makes attempts at the work of a Task, Parallel or Map state until one succeeds, or Retry gives up and Catch
// decides.
func (r *run) attempts(retry []Retrier, catch []Catcher, input value.Value, next string, f finish,
	attempt func() (value.Value, error)) (value.Value, string, error) {
	for {
		if err := r.backOff(); err != nil {
			return value.Value{}, "", err
		}
		output, err := attempt()
		if err == nil {
			if output, err = f.output(r, input, output); err == nil || !r.jsonata {
				return output, next, err
			}
		}
		r.assigned = value.Value{} // nothing is assigned by what failed (R66)
		failed := asl.ErrorOf(err)
		if failed == nil || asl.TimedOut(err) {
			return value.Value{}, "", err
		}
		again, err := r.retry(retry, failed)
		if err != nil {
			return value.Value{}, "", err
		}
		if !again {
			if f.failed != "" && failed.Name != asl.ErrorRuntime { // after which the execution fails at once (3.2)
				r.append(asl.Event{Type: f.failed, Time: r.host.Now()})
			}
			return r.catch(catch, input, failed)
		}
	}
}

// finish is what a state does with its result (R20, R23, R24).
type finish struct {
	assign         *query.Template
	makeOutput     *query.Template // of a JSONata state, which has neither of the next three
	resultSelector *query.Template
	resultPath     query.Path
	outputPath     query.Path
	failed         asl.EventType // recorded if the state has failed, "" if its attempts say so themselves
}

// output applies Assign, ResultSelector, ResultPath and OutputPath, or those of JSONata.
func (f finish) output(r *run, input, result value.Value) (value.Value, error) {
	if r.jsonata {
		r.result = result
		return r.output("", f.assign, f.makeOutput, result)
	}
	if err := r.assign("", f.assign, result); err != nil {
		return result, err
	}
	if f.resultSelector != nil {
		var err error
		if result, err = r.template(f.resultSelector, "ResultSelector", result); err != nil {
			return result, err
		}
	}
	r.inspect(asl.StepAfterResultSelector, result)
	output, err := r.merge(f.resultPath, input, result)
	if err != nil {
		return output, err
	}
	r.inspect(asl.StepAfterResultPath, output)
	return r.apply(f.outputPath, output)
}
