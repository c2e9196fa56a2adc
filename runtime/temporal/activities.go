package temporal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"go.temporal.io/sdk/activity"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// The activities of attempts.
const (
	callActivity  = "asl.call"
	startActivity = "asl.start"
	waitActivity  = "asl.wait"
	stopActivity  = "asl.stop"
	sendActivity  = "asl.send"
	awaitActivity = "asl.await"
	closeActivity = "asl.close"
)

// idSuffix tells the activities of one attempt apart. That which a token completes has the attempt's own id.
var idSuffix = map[string]string{startActivity: "/start", waitActivity: "/wait", stopActivity: "/stop", sendActivity: "/send"}

// closedType is the type of the failure that ends an await whose task is over.
const closedType = "asl.closed"

// activities carry out attempts.
type activities struct{ engine *Engine }

func (e *Engine) registerActivities(w worker.Registry) {
	a := &activities{e}
	for name, f := range map[string]any{
		callActivity: a.call, startActivity: a.start, waitActivity: a.wait, stopActivity: a.stop, sendActivity: a.send,
		awaitActivity: a.await, closeActivity: a.close,
	} {
		w.RegisterActivityWithOptions(f, activity.RegisterOptions{Name: name})
	}
}

// restore has an attempt be carried out by its machine. A worker that does not have the machine's version leaves it to another one.
func (a *activities) restore(o *order) (*asl.Attempt, error) {
	p := a.engine.program(o.Machine, o.Version)
	if p == nil {
		return nil, fmt.Errorf("temporal: this worker does not have the version %s of %s", o.Version, o.Machine)
	}
	if err := p.Restore(o.Attempt); err != nil {
		return nil, failure(&asl.Error{Name: asl.ErrorRuntime, Cause: err.Error()})
	}
	return o.Attempt, nil
}

// alive keeps the server told that the worker lives, and returns the attempt's context, whose time is over before the activity's.
func (a *activities) alive(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if end := activity.GetInfo(ctx).Deadline; !end.IsZero() { // in the worker's time
		ctx, cancel = context.WithDeadlineCause(ctx, end.Add(-slack), asl.TimeoutError())
	}
	tick := time.NewTicker(max(a.engine.options.lease/3, 10*time.Millisecond))
	go func() {
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	}()
	return ctx, cancel
}

// failed tells what is the task's own failure, which is final, from a worker that stops, whose attempt another goes on with.
func (a *activities) failed(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	switch e := asl.ErrorOf(err); {
	case errors.Is(err, activity.ErrResultPending): // the effect has somebody complete it by Temporal's own means
		a.engine.tokens.opened(activity.GetInfo(ctx))
		return err
	case ctx.Err() == nil, e != nil && e.Name == asl.ErrorRuntime: // a panic is told of, though nobody waits for the result any more
		return failure(err)
	case asl.IsTimeout(cause), errors.Is(cause, context.DeadlineExceeded):
		return failure(asl.TimeoutError())
	case sdk.IsCanceledError(cause):
		return sdk.NewCanceledError()
	}
	return err // the worker stops
}

// carry has the attempt of an order do something while the worker lives, and returns what the activity does.
func (a *activities) carry(ctx context.Context, o *order, do func(ctx context.Context, attempt *asl.Attempt) (answer, error)) (*answer, error) {
	attempt, err := a.restore(o)
	if err != nil {
		return nil, err
	}
	ctx, end := a.alive(ctx)
	defer end()
	w, err := do(ctx, attempt)
	if most := a.engine.options.result; err == nil && w.Document.Size() > most { // else the worker could not report it, ever
		err = &asl.Error{Name: asl.ErrorDataLimitExceeded, Cause: fmt.Sprintf(
			"The result has %d bytes, more than the %d that Temporal takes: give its clients and workers a temporal.Storage.", w.Document.Size(), most)}
	}
	if err != nil {
		return nil, a.failed(ctx, err)
	}
	return &w, nil
}

func (a *activities) call(ctx context.Context, o *order) (*answer, error) {
	return a.carry(ctx, o, func(ctx context.Context, attempt *asl.Attempt) (answer, error) {
		v, err := attempt.Call(ctx)
		return answer{Document: v}, err
	})
}

func (a *activities) send(ctx context.Context, o *order) (*answer, error) {
	return a.carry(ctx, o, func(ctx context.Context, attempt *asl.Attempt) (answer, error) {
		v, err := attempt.Send(ctx)
		a.beginHeartbeat(ctx, attempt, err)
		return answer{Document: v}, err
	})
}

// beginHeartbeat has the heartbeat's time begin when the token is out.
func (a *activities) beginHeartbeat(ctx context.Context, attempt *asl.Attempt, err error) {
	if err == nil && attempt.Heartbeat > 0 {
		_ = a.engine.SendTaskHeartbeat(ctx, attempt.Token) // which may have been answered already
	}
}

func (a *activities) start(ctx context.Context, o *order) (*answer, error) {
	return a.carry(ctx, o, func(ctx context.Context, attempt *asl.Attempt) (answer, error) {
		started, err := attempt.Start(ctx)
		if uncertain, ok := errors.AsType[*asl.Uncertain](err); ok {
			saved, _ := asl.SaveError(uncertain.Err)
			if saved.Status == "" { // of the worker's context
				saved, _ = asl.SaveError(asl.TimeoutError())
			}
			return answer{Handle: uncertain.Handle, Uncertain: &saved}, nil
		}
		a.beginHeartbeat(ctx, attempt, err)
		return answer{Document: started.Submitted, Handle: started.Handle}, err
	})
}

// wait waits for a job that this worker or another has started. That a worker is lost does no harm to the job: the next one is given the same
// handle. A job that is lost with its worker is started again.
func (a *activities) wait(ctx context.Context, o *order) (*answer, error) {
	return a.carry(ctx, o, func(ctx context.Context, attempt *asl.Attempt) (answer, error) {
		v, err := attempt.Wait(ctx, o.Handle)
		if errors.Is(err, fs.ErrNotExist) {
			var started asl.Started
			if started, err = attempt.Start(ctx); err == nil {
				v, err = attempt.Wait(ctx, started.Handle)
			}
		}
		return answer{Document: v}, err
	})
}

func (a *activities) stop(ctx context.Context, o *order) error {
	attempt, err := a.restore(o)
	if err != nil {
		return err
	}
	return attempt.Stop(ctx, o.Handle, o.Reason)
}

// await is completed by the token.
func (a *activities) await(ctx context.Context, _ *order) (asl.Value, error) {
	a.engine.tokens.opened(activity.GetInfo(ctx))
	return asl.Value{}, activity.ErrResultPending
}

// close ends an await whose task is over.
func (a *activities) close(ctx context.Context, workflow, id string) error {
	err := a.engine.tokens.complete(ctx, token{workflow, id}, nil, sdk.NewNonRetryableApplicationError("the task is over", closedType, nil))
	if isGone(err) {
		return nil
	}
	return err
}
