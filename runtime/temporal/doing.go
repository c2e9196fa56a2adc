package temporal

import (
	"errors"
	"strings"
	"time"

	enums "go.temporal.io/api/enums/v1"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// doing is an attempt that is carried out.
type doing struct {
	*host
	scope   *scope // of the attempt
	order   *order
	attempt *asl.Attempt
}

// repeated is how Temporal repeats what was lost with a worker or a network. The task's own failures are not repeated.
var repeated = &sdk.RetryPolicy{InitialInterval: 200 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: 10 * time.Second}

var once = &sdk.RetryPolicy{MaximumAttempts: 1}

const (
	// slack is for how much longer an activity lives than its attempt, so that it can say itself that its time is over.
	slack = 15 * time.Second
	// longest is how long an attempt without a deadline may take: every execution has one.
	longest = 365 * 24 * time.Hour
	// stopTime is how long a job that is not wanted any more may take to be stopped.
	stopTime = time.Minute
)

// Do implements [asl.Host].
func (h *host) Do(a *asl.Attempt) (asl.Value, error) {
	h.entries = 0
	if err := h.scope.err(); err != nil {
		return asl.Value{}, err
	}
	if most := h.root.engine.options.pending; h.root.pending >= most {
		if err := workflow.Await(h.scope.ctx, func() bool { return h.root.pending < most }); err != nil {
			return asl.Value{}, h.scope.err()
		}
	}
	const activities = 2 // of an attempt at a time
	h.root.pending += activities
	defer func() { h.root.pending -= activities }()
	p := h.root.program
	o := &order{Machine: p.Name(), Version: h.root.engine.versionOf(p), Attempt: a}
	d := &doing{host: h, scope: newScope(h.scope.ctx, h.scope), order: o, attempt: a}
	defer d.scope.cancel()
	switch a.Pattern {
	case asl.SyncPattern:
		return d.job()
	case asl.WaitForTaskTokenPattern:
		return d.callback()
	}
	got, err := d.run(callActivity)
	return got.Document, d.outcome(err)
}

// left is how much time the attempt has.
func (d *doing) left() time.Duration {
	if d.attempt.Deadline.IsZero() {
		return longest
	}
	return max(d.attempt.Deadline.Sub(d.Now()), time.Millisecond)
}

// begin begins an activity of the attempt.
func (d *doing) begin(kind string) workflow.Future {
	d.root.room(d.scope.ctx, d.attempt.Parameters.Size()+500)
	ctx := workflow.WithActivityOptions(d.scope.ctx, workflow.ActivityOptions{
		ActivityID: d.attempt.ID() + idSuffix[kind], ScheduleToCloseTimeout: d.left() + slack, HeartbeatTimeout: d.root.engine.options.lease,
		RetryPolicy: repeated, Summary: d.attempt.State,
	})
	return workflow.ExecuteActivity(ctx, kind, d.order)
}

func (d *doing) run(kind string) (got answer, err error) {
	err = d.begin(kind).Get(d.scope.ctx, &got)
	return got, err
}

// outcome is the error of an activity as the machine knows it.
func (d *doing) outcome(err error) error {
	if err == nil {
		return nil
	}
	if ended := d.host.scope.err(); ended != nil {
		return ended
	}
	if !d.attempt.Deadline.IsZero() && !d.Now().Before(d.attempt.Deadline) {
		return asl.TimeoutError()
	}
	return orFailure(err)
}

func isHeartbeat(t *sdk.TimeoutError) bool { return t.TimeoutType() == enums.TIMEOUT_TYPE_HEARTBEAT }

// orFailure is the failure of the machine's that err tells of, or else err.
func orFailure(err error) error {
	if failed := failureOf(err); failed != nil {
		return failed
	}
	return err
}

// await begins the activity that the token completes. Its worker has nothing to do, so nothing is lost with one.
func (d *doing) await() workflow.Future {
	ctx := workflow.WithActivityOptions(d.scope.ctx, workflow.ActivityOptions{
		ActivityID: d.attempt.ID(), ScheduleToCloseTimeout: d.left(), HeartbeatTimeout: d.attempt.Heartbeat, RetryPolicy: once, Summary: d.attempt.State,
	})
	return workflow.ExecuteActivity(ctx, awaitActivity, d.order)
}

// close ends what waits for a token whose task is over: cancelled, it would go on taking answers. It reports whether the task was answered
// before.
func (d *doing) close(await workflow.Future) bool {
	if !await.IsReady() {
		ctx := workflow.WithLocalActivityOptions(d.scope.detached(), workflow.LocalActivityOptions{ScheduleToCloseTimeout: stopTime})
		_ = workflow.ExecuteLocalActivity(ctx, closeActivity, d.root.info.WorkflowExecution.ID, d.attempt.ID()).Get(ctx, nil) // else its timeout ends it
	}
	return d.scope.err() == nil && d.answered(await)
}

// answered reports whether somebody has answered with the token whose activity is over.
func (d *doing) answered(await workflow.Future) bool {
	err := await.Get(d.scope.detached(), nil)
	if e, ok := errors.AsType[*sdk.ApplicationError](err); ok {
		return e.Type() != closedType
	}
	return err == nil
}

// result is what the task was answered with.
func (d *doing) result(await workflow.Future) (v asl.Value, err error) {
	if err = await.Get(d.scope.ctx, &v); err == nil {
		if v.IsAbsent() {
			v = value.Null
		}
		return v, nil
	}
	return v, d.outcome(err)
}

// callback runs a .waitForTaskToken attempt: what waits for the token is there before anybody has it.
func (d *doing) callback() (asl.Value, error) {
	await := d.await()
	got, err := d.run(sendActivity)
	if err != nil {
		if d.close(await) {
			return d.result(await)
		}
		return asl.Value{}, d.outcome(err)
	}
	d.attempt.Submitted(got.Document)
	return d.result(await)
}

// job runs a .sync attempt. If its parameters have its token, somebody may use that: it ends the task before the job does (E39c). A heartbeat
// is waited for even if nobody can send it.
func (d *doing) job() (asl.Value, error) {
	var await workflow.Future
	if d.attempt.Heartbeat > 0 || strings.Contains(d.attempt.Parameters.String(), d.attempt.Token) {
		await = d.await()
	}
	started, err := d.run(startActivity)
	if err == nil && started.Uncertain != nil {
		err = started.Uncertain.Err()
		if over := d.outcome(err); over != nil {
			err = over
		}
		d.stop(started.Handle, err)
		return asl.Value{}, err
	}
	if err != nil {
		if await != nil && d.close(await) {
			return d.result(await)
		}
		return asl.Value{}, d.outcome(err)
	}
	d.attempt.Submitted(started.Document)
	d.order.Handle = started.Handle
	return d.wait(d.begin(waitActivity), await)
}

// wait waits for the job, or for the answer to its token.
func (d *doing) wait(job, await workflow.Future) (asl.Value, error) {
	if await != nil {
		nothing := func(workflow.Future) {}
		workflow.NewSelector(d.scope.ctx).AddFuture(await, nothing).AddFuture(job, nothing).Select(d.scope.ctx)
		if await.IsReady() && d.answered(await) {
			return d.result(await)
		}
		if await.IsReady() && d.host.scope.err() == nil { // its time is over, or a heartbeat has not come
			_, err := d.result(await)
			d.stop(d.order.Handle, err)
			return asl.Value{}, err
		}
	}
	var got answer
	err := job.Get(d.scope.ctx, &got)
	if await != nil && d.close(await) {
		return d.result(await)
	}
	if err = d.outcome(err); err != nil && (d.host.scope.err() != nil || asl.IsTimeout(err)) {
		d.stop(d.order.Handle, err)
	}
	return got.Document, err
}

// stop has a job stopped as well as it can be (E39). The end of the execution waits for that.
func (d *doing) stop(handle string, why error) {
	o := *d.order
	o.Handle, o.Reason = handle, hosts.StopReason(d.attempt, why)
	ctx := workflow.WithActivityOptions(d.scope.detached(), workflow.ActivityOptions{
		ActivityID: d.attempt.ID() + idSuffix[stopActivity], ScheduleToCloseTimeout: stopTime, StartToCloseTimeout: stopTime / 3, RetryPolicy: repeated,
		Summary: d.attempt.State,
	})
	d.root.stops = append(d.root.stops, workflow.ExecuteActivity(ctx, stopActivity, &o))
}

// awaitStops waits for the jobs that are being stopped.
func (h *host) awaitStops() {
	for _, stop := range h.root.stops {
		_ = stop.Get(h.scope.detached(), nil) // that one cannot be stopped changes nothing (E39)
	}
}
