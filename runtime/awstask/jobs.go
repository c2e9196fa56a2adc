package awstask

import (
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// jobKind is what Step Functions does with a job that it waits for (D7).
type jobKind struct {
	given  []string // parameters of the start that are part of the job's name
	answer string   // the member of the start's answer that is the rest of it
	named  bool     // the start has a Name, and with the same name it starts the job once

	question func(names []string) value.Value // the parameters of the question how it is
	batch    string                           // the list in the answer for several jobs, "" if there is one
	of       string                           // the member that has the job, "" if the answer is the job
	state    string                           // where its state is, with dots
	done     []string                         // states in which it has succeeded
	over     []string                         // states in which it has failed

	stopping func(names []string, reason string) value.Value
}

// jobKindOf returns the kind of the jobs that an integration runs.
func jobKindOf(integration string) jobKind {
	name, pattern, _ := strings.Cut(integration, ".")
	kind, known := jobKinds[name]
	if !known || pattern != "sync" && !(pattern == "sync:2" && name == "states:startExecution") {
		panic(fmt.Sprintf("awstask: it is not known how %s waits", integration))
	}
	return kind
}

// jobKinds are the jobs whose ends are known, by the ends of their Resources.
var jobKinds = map[string]jobKind{
	"athena:startQueryExecution": {
		answer: "QueryExecutionId", question: members("QueryExecutionId"), state: "QueryExecution.Status.State",
		done: []string{"SUCCEEDED"}, over: []string{"FAILED", "CANCELLED"},
		stopping: func(names []string, _ string) value.Value { return members("QueryExecutionId")(names) },
	},
	"batch:submitJob": {
		answer: "JobId", batch: "Jobs", state: "Status", done: []string{"SUCCEEDED"}, over: []string{"FAILED"},
		question: func(names []string) value.Value { return value.Object(value.Field("Jobs", texts(names))) },
		stopping: func(names []string, reason string) value.Value {
			return members("JobId", "Reason")(append(names, reason))
		},
	},
	"glue:startJobRun": {
		given: []string{"JobName"}, answer: "JobRunId", question: members("JobName", "RunId"), of: "JobRun", state: "JobRunState",
		done: []string{"SUCCEEDED", "STOPPED"}, over: []string{"FAILED", "TIMEOUT", "ERROR"},
		stopping: func(names []string, _ string) value.Value {
			return value.Object(value.Field("JobName", value.String(names[0])), value.Field("JobRunIds", texts(names[1:])))
		},
	},
	"states:startExecution": {
		answer: "ExecutionArn", named: true, question: members("ExecutionArn"), state: "Status",
		done: []string{"SUCCEEDED"}, over: []string{"FAILED", "TIMED_OUT", "ABORTED"},
		stopping: func(names []string, reason string) value.Value {
			return members("ExecutionArn", "Cause")(append(names, reason))
		},
	},
}

// members returns what makes an object of texts.
func members(names ...string) func(texts []string) value.Value {
	return func(texts []string) value.Value {
		var all []value.Member
		for i, name := range names {
			all = append(all, value.Field(name, value.String(texts[i])))
		}
		return value.Object(all...)
	}
}

func texts(all []string) value.Value {
	elements := make([]value.Value, len(all))
	for i, text := range all {
		elements[i] = value.String(text)
	}
	return value.Array(elements...)
}

// separator stands between the parts of a job's name.
const separator = "\n"

// handle returns the name of a job that was started with parameters and an answer.
func (k *jobKind) handle(parameters, answer value.Value) string {
	var parts []string
	for _, name := range k.given {
		text, _ := parameters.Get(name).AsString()
		parts = append(parts, text)
	}
	text, _ := answer.Get(k.answer).AsString()
	return strings.Join(append(parts, text), separator)
}

// stateOf returns the state of a job.
func (k *jobKind) stateOf(job value.Value) string {
	for name := range strings.SplitSeq(k.state, ".") {
		job = job.Get(name)
	}
	state, _ := job.AsString()
	return state
}
