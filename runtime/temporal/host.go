package temporal

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// host is the [asl.Host] of a frame: workflow code.
type host struct {
	root    *root
	scope   *scope
	frame   *asl.Frame // with which a new workflow can go on; nil in branches and iterations
	entered bool
	entries int        // states entered since the last wait
	at      *asl.Frame // which it runs, once it has entered a state
	failed  *fork      // that has failed or was cut off, of the frame's state
	before  *forked    // of a frame that is redriven
}

// root is what all frames of a workflow share.
type root struct {
	engine  *Engine
	program asl.Program
	info    *workflow.Info
	pending int // activities
	ctx     workflow.Context
	turn    int               // the length of the history at the workflow task that is carried out
	bytes   int               // of the arguments that it has sent
	later   workflow.Future   // the next workflow task, if somebody waits for it
	stops   []workflow.Future // of jobs that are not wanted any more
	pages   pages
}

func (e *Engine) newHost(ctx workflow.Context, p asl.Program) *host {
	r := &root{engine: e, program: p, info: workflow.GetInfo(ctx), ctx: ctx}
	r.pages.root = r
	return &host{root: r, scope: newScope(ctx, nil)}
}

// errContinue ends a workflow that goes on in a new one.
var errContinue = fmt.Errorf("temporal: the execution continues as new: %w", asl.ErrDetached)

// What Temporal's server takes of one workflow: 51,200 events, 50 MB of them, and 2 MB of an argument.
const (
	mostEvents  = 48_000
	mostHistory = 45 << 20
	mostFrame   = 3 << 19
)

// Now implements [asl.Host].
func (h *host) Now() time.Time { return workflow.Now(h.scope.ctx) }

// SleepUntil implements [asl.Host].
func (h *host) SleepUntil(t time.Time) error {
	h.entries = 0
	if d := t.Sub(h.Now()); d > 0 {
		if err := workflow.Sleep(h.scope.ctx, d); err != nil {
			return h.scope.err()
		}
	}
	return h.scope.err()
}

// mostEntries is after how many states an execution that never waits lets the clock go on, which stands still between waits: else it would
// never see the end of its time.
const mostEntries = 10_000

// Enter implements [asl.Host]. Between states of the execution itself is where its workflow continues as new.
func (h *host) Enter(f *asl.Frame) error {
	h.at, h.failed = f, nil
	if err := h.scope.err(); err != nil {
		return err
	}
	first := !h.entered
	h.entered = true
	switch {
	case h.frame == f && !first && h.root.long() && fits(f):
		return h.goOnAnew()
	case h.root.full():
		return &asl.Error{Name: asl.ErrorRuntime, Terminal: true, Cause: "The execution reached the history that Temporal's server takes of one " +
			"workflow. Between states of the execution itself it begins another, inside a Parallel or a Map it cannot: use a DISTRIBUTED Map."}
	}
	if h.entries++; h.entries > mostEntries {
		return h.SleepUntil(h.Now().Add(time.Millisecond))
	}
	return nil
}

// goOnAnew has the execution go on in a new workflow, unless something has come that this would not get.
func (h *host) goOnAnew() error {
	for _, stop := range h.root.stops {
		_ = stop.Get(h.scope.ctx, nil) // that a job cannot be stopped changes nothing (E39)
	}
	var s stopRequest
	if workflow.GetSignalChannel(h.scope.ctx, stopSignal).ReceiveAsync(&s) {
		h.scope.end(&asl.Aborted{Name: s.Name, Cause: s.Cause})
	}
	if err := h.scope.err(); err != nil {
		return err
	}
	return errContinue
}

// long reports whether the workflow's history is long enough.
func (r *root) long() bool {
	if again := r.engine.options.again; again != nil {
		return again(r.info.GetCurrentHistoryLength())
	}
	return r.info.GetContinueAsNewSuggested()
}

// full reports whether the server takes no more of the workflow's history than what its end needs.
func (r *root) full() bool {
	return r.info.GetCurrentHistoryLength() > mostEvents || r.info.GetCurrentHistorySize() > mostHistory
}

// fits reports whether a frame can be the argument of a workflow.
func fits(f *asl.Frame) bool {
	return f.Document.Size()+f.Variables.Size()+f.Context.Execution.Input.Size() < mostFrame
}

// Token implements [asl.Host]: it names the activity that the token completes. Nobody can guess an attempt's id.
func (h *host) Token(attempt string) string {
	return asl.TaskToken(token{h.root.info.WorkflowExecution.ID, attempt}.String())
}

// mostSent is how many bytes of arguments a workflow task sends: Temporal takes 4 MiB.
const mostSent = 2 << 20

// room has a coroutine wait for a workflow task that has room for its arguments.
func (r *root) room(ctx workflow.Context, bytes int) {
	for {
		if now := r.info.GetCurrentHistoryLength(); now != r.turn {
			r.turn, r.bytes, r.later = now, 0, nil
		}
		if r.bytes == 0 || r.bytes+bytes <= mostSent {
			r.bytes += bytes
			return
		}
		if r.later == nil {
			r.later = workflow.NewTimer(r.ctx, time.Millisecond)
		}
		if r.later.Get(ctx, nil) != nil || ctx.Err() != nil {
			return // it is cancelled: nothing is sent
		}
	}
}
