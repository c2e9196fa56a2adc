package temporal

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	enums "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// Replay returns the events of an execution of Step Functions whose workflow has Temporal's history: it runs the workflow code on that. It
// fails if the machine would not go the way that the history has gone, as workers would: keep histories of executions and replay them in tests
// before a version of this module is deployed.
func (e *Engine) Replay(p asl.Program, h *historypb.History) ([]asl.Event, error) {
	j, err := e.replay(p, h)
	return j.events, err
}

func (e *Engine) replay(p asl.Program, h *historypb.History) (*journal, error) {
	j := &journal{}
	if len(h.Events) < 3 { // no worker has carried out anything, and the replayer takes no such history
		return j, nil
	}
	began := h.Events[0].GetWorkflowExecutionStartedEventAttributes()
	r, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{DataConverter: e.options.converter, ExternalStorage: e.options.storage})
	if err != nil {
		return j, err
	}
	quietly := &unobserved{p}
	r.RegisterWorkflowWithOptions(func(ctx workflow.Context, document asl.Value, from *onward) (asl.Value, error) {
		*j = journal{ctx: ctx}
		return e.run(ctx, quietly, document, from, j)
	}, workflow.RegisterOptions{Name: began.GetWorkflowType().GetName()})
	err = r.ReplayWorkflowHistoryWithOptions(quiet, h, worker.ReplayWorkflowHistoryOptions{
		// Of these the ids of children and task tokens are made.
		OriginalExecution: workflow.Execution{ID: began.GetWorkflowId(), RunID: began.GetOriginalExecutionRunId()},
	})
	return j, err
}

var quiet = log.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))

// unobserved is a program without observers.
type unobserved struct{ asl.Program }

func (unobserved) Observers() []asl.Observer { return nil }

// historyOf returns Temporal's history of one run.
func (e *Engine) historyOf(ctx context.Context, id, run string) (*historypb.History, error) {
	h := &historypb.History{}
	for it := e.client.GetWorkflowHistory(ctx, id, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); it.HasNext(); {
		event, err := it.Next()
		if err != nil {
			return nil, err
		}
		h.Events = append(h.Events, event)
	}
	return h, nil
}

// input returns what the execution was started with. Where that is kept elsewhere its first run is replayed.
func (x *execution) input(ctx context.Context) (in asl.Value, err error) {
	it := x.engine.client.GetWorkflowHistory(ctx, x.workflow, x.first, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	if !it.HasNext() {
		return in, fmt.Errorf("temporal: %s has no history", x.workflow)
	}
	first, err := it.Next()
	if err != nil {
		return in, err
	}
	if x.engine.options.converter.FromPayloads(first.GetWorkflowExecutionStartedEventAttributes().GetInput(), &in) == nil {
		return in, nil
	}
	j, err := x.replayRun(ctx, x.first)
	if err != nil {
		return in, err
	}
	return j.input, nil
}
