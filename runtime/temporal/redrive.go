package temporal

import (
	"context"
	"errors"
	"strings"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"

	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// goOn takes in the branches of the frame before it was redriven: those that have succeeded do not run again.
func (k *fork) goOn() {
	before := k.host.before
	if k.host.before = nil; before == nil {
		return
	}
	k.again = before.Failed
	if k.again == nil {
		k.again = map[int]*onward{}
	}
	for i := range k.outcomes {
		if w, done := before.Done[i]; done {
			o := w.outcome()
			k.outcomes[i], k.done[i] = o, true
			k.ended(i, o)
		}
	}
}

// onward is with what a frame would be redriven that has failed, nil if it had not entered a state.
func (h *host) onward() *onward {
	if h.at == nil {
		return nil
	}
	o := &onward{Frame: h.at, Events: h.at.Recorder.Newest()}
	k := h.failed
	if k == nil || h.at.Started == 0 {
		return o
	}
	o.Fork = &forked{Done: map[int]outcome{}, Failed: map[int]*onward{}}
	for i, was := range k.outcomes {
		switch inside := k.inside[i]; {
		case k.done[i] && was.Err == nil:
			o.Fork.Done[i] = outcomeOf(was)
		case inside != nil:
			o.Fork.Failed[i] = inside.onward()
		case k.again[i] != nil:
			o.Fork.Failed[i] = k.again[i]
		}
	}
	return o
}

// redrive has the frames go on; as is the path now.
func (o *onward) redrive(as string, at time.Time) {
	inside := o.Frame.Inner()
	o.Frame.Redrive(as, at)
	if o.Fork == nil {
		return
	}
	for _, branch := range o.Fork.Failed {
		branch.redrive(o.Frame.Inner()+strings.TrimPrefix(branch.Frame.Path, inside), at)
	}
}

// Redrive implements [asl.Redrivable]: a new run of the workflow goes on with what the runs before have not done. Where that would be more than
// Temporal takes of an argument it needs a [Storage].
func (x *execution) Redrive(ctx context.Context, token string) error {
	newest, err := x.run(ctx, "")
	if err != nil {
		return err
	}
	l, err := x.engine.labelOf(newest.Memo)
	if err != nil || token != "" && l.Token == token {
		return err
	}
	d, err := x.described(ctx, newest)
	if err != nil {
		return err
	}
	if d.NotRedrivable != "" {
		return hosts.NotRedrivable(x.ID(), d.NotRedrivable)
	}
	j, count, err := x.replay(ctx, nil)
	if err != nil {
		return err
	}
	var from *onward
	if j.host != nil {
		from = j.host.onward()
	}
	if d.NotRedrivable = d.WhyNotRedrivable(x.of.Type, count, time.Now()); d.NotRedrivable == "" && from == nil {
		d.NotRedrivable = hosts.NothingToRedrive
	}
	if d.NotRedrivable != "" {
		return hosts.NotRedrivable(x.ID(), d.NotRedrivable)
	}
	from.Events = int64(count)
	from.redrive("", time.Now())
	l.Redrives, l.Token, l.Before, l.Protocol = l.Redrives+1, token, x.first, protocol
	_, err = x.launch(ctx, enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY, newest.Type.Name, l, d.Input, from)
	if _, already := errors.AsType[*serviceerror.WorkflowExecutionAlreadyStarted](err); already {
		return hosts.NotRedrivable(x.ID(), "Execution is RUNNING and cannot be redriven")
	}
	x.first = ""
	return err
}
