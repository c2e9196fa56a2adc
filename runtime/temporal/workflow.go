package temporal

import (
	"errors"
	"fmt"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/workflow"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

const (
	memoKey      = "asl"
	stopSignal   = "asl.stop"
	historyQuery = "asl.history"
)

// stopRequest is the signal that stops an execution.
type stopRequest struct {
	Name  string `json:"error,omitzero"`
	Cause string `json:"cause,omitzero"`
}

// timeless is the time of a frame that does not begin here.
var timeless time.Time

// journal keeps the history of the execution that a workflow runs, and has observers told of events once, not again when the workflow code is
// run again.
type journal struct {
	ctx    workflow.Context
	of     string // its ARN
	host   *host
	next   string    // the run that goes on, "" if this is the last one
	input  asl.Value // that the workflow was given
	events []asl.Event
}

// Repeats implements [asl.Journal]: the same events come again.
func (j *journal) Repeats(*asl.Frame) bool { return false }

// Record implements [asl.Journal].
func (j *journal) Record(f *asl.Frame, e asl.Event) int64 {
	newest := f.Recorder.Newest()
	if e.ID = f.Recorder.Count(e.Type); e.ID == newest {
		return newest // there is no room for it
	}
	if f.Recorder.Execution() == j.of {
		j.events = append(j.events, e)
	}
	if workflow.IsReplaying(j.ctx) {
		f.Recorder.Learn(f.Path, e)
	} else {
		f.Recorder.Tell(e)
	}
	return e.ID
}

// recorder returns the history of an execution that goes on, which the journal keeps.
func (j *journal) recorder(p asl.Program, from onward) *asl.Recorder {
	j.of = from.Frame.Context.Execution.ID()
	return asl.NewRecorder(j.of, int(from.Events), j, p.Observers()...)
}

// execution returns the workflow of a machine's executions.
func (e *Engine) execution(p asl.Program) func(workflow.Context, asl.Value, *onward) (asl.Value, error) {
	return func(ctx workflow.Context, document asl.Value, from *onward) (asl.Value, error) {
		return e.run(ctx, p, document, from, &journal{ctx: ctx})
	}
}

// run carries out an execution, from where it stands if that is given.
func (e *Engine) run(ctx workflow.Context, p asl.Program, document asl.Value, from *onward, j *journal) (asl.Value, error) {
	resumes := from != nil
	if !resumes {
		f, err := e.firstFrame(ctx, p, document)
		if err != nil {
			return asl.Value{}, failure(&asl.Error{Name: asl.ErrorRuntime, Cause: err.Error()})
		}
		from = &onward{Frame: f}
	}
	f := from.Frame
	f.Recorder = j.recorder(p, *from)
	h := e.newHost(ctx, p)
	h.frame, h.before, j.host, j.input = f, from.Fork, h, document
	if err := workflow.SetQueryHandler(ctx, historyQuery, func(after int64, most int) ([]asl.Event, error) {
		return page(j.events, after, most), nil
	}); err != nil {
		return asl.Value{}, err
	}
	workflow.Go(ctx, func(ctx workflow.Context) {
		var s stopRequest
		workflow.GetSignalChannel(ctx, stopSignal).Receive(ctx, &s)
		h.scope.end(&asl.Aborted{Name: s.Name, Cause: s.Cause})
	})
	carry := p.Run
	if resumes {
		carry = p.Resume
	}
	output, err := carry(h, f)
	if errors.Is(err, errContinue) {
		return asl.Value{}, workflow.NewContinueAsNewError(ctx, workflow.GetInfo(ctx).WorkflowType.Name, f.Context.Execution.Input,
			onward{Frame: f, Events: f.Recorder.Newest()})
	}
	h.awaitStops()
	if err != nil {
		return asl.Value{}, failure(err)
	}
	return output, nil
}

// firstFrame is that of an execution which begins.
func (e *Engine) firstFrame(ctx workflow.Context, p asl.Program, document asl.Value) (*asl.Frame, error) {
	info := workflow.GetInfo(ctx)
	l := label{Protocol: protocol, Name: lastPart(info.WorkflowExecution.ID)} // of somebody who knows nothing of Step Functions
	if said, err := e.labelOf(info.Memo); err != nil {
		return nil, err
	} else if said.Name != "" {
		l = said
	}
	if l.Protocol > protocol { // a worker that knows it goes on
		panic(fmt.Sprintf("temporal: the execution has the protocol %d: this worker knows those up to %d", l.Protocol, protocol))
	}
	var secret []byte
	if err := workflow.SideEffect(ctx, func(workflow.Context) any { return random(48) }).Get(&secret); err != nil {
		return nil, err
	}
	f, err := e.options.account.NewFrame(p, asl.StartRequest{Name: l.Name, Input: document, Synchronous: l.Synchronous}, info.WorkflowStartTime, func(n int) []byte {
		part := secret[:n]
		secret = secret[n:]
		return part
	})
	if err == nil && l.Unique != "" {
		f.Context.Execution.Unique = l.Unique
	}
	return f, err
}

// labelOf returns what a memo says, nothing if it is of somebody else.
func (e *Engine) labelOf(memo *commonpb.Memo) (l label, err error) {
	if said := memo.GetFields()[memoKey]; said != nil {
		if err = e.options.converter.FromPayload(said, &l); err != nil {
			err = fmt.Errorf("temporal: the memo %s: %w", memoKey, err)
		}
	}
	return l, err
}

func lastPart(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// page returns the events after one, at most so many if that is more than 0.
func page(events []asl.Event, after int64, most int) []asl.Event {
	from := 0
	for from < len(events) && events[from].ID <= after {
		from++
	}
	events = events[from:]
	if most > 0 && most < len(events) {
		events = events[:most]
	}
	return events
}
