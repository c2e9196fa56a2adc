package memory

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// Redrive implements [asl.Redrivable].
func (x *execution) Redrive(ctx context.Context, token string) error {
	x.mu.Lock()
	over, done := x.status != asl.StatusRunning, x.done
	x.mu.Unlock()
	if over { // its jobs may still be being stopped
		if err := done.Wait(ctx, time.Time{}); err != nil {
			return err
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if token != "" && token == x.redrive {
		return nil
	}
	if reason := x.describe().NotRedrivable; reason != "" {
		return hosts.NotRedrivable(x.id, reason)
	}
	x.engine.again(x)
	was, now := x.failed, x.engine.clock.Now()
	was.redrive("", now)
	x.failed, x.redrive, x.redrives, x.redriven = nil, token, x.redrives+1, now
	x.status, x.stopped, x.output, x.err = asl.StatusRunning, time.Time{}, asl.Value{}, nil
	was.frame.Recorder = x.recorder
	x.begin(context.WithoutCancel(ctx), &host{before: was.fork}, was.frame)
	return nil
}

// describe is called with the lock held.
func (x *execution) describe() asl.Description {
	d := asl.Description{
		Machine: x.program.Name(), Status: x.status, Started: x.started, Stopped: x.stopped, Input: x.input, Output: x.output, Err: x.err,
		RedriveCount: x.redrives, Redriven: x.redriven,
	}
	d.NotRedrivable = d.WhyNotRedrivable(x.program.Type(), int(x.recorder.Newest()), x.engine.clock.Now())
	if d.NotRedrivable == "" && x.failed == nil {
		d.NotRedrivable = hosts.NothingToRedrive
	}
	return d
}

// again has the engine know an execution as one that runs, though it had ended.
func (e *Engine) again(x *execution) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.running[x.program.Name()+"/"+x.name] = true
	e.known[x.id] = x
	e.over = slices.DeleteFunc(e.over, func(other *execution) bool { return other == x })
}

// redrive has the frame of a host go on that has ended, and those inside that have not succeeded; as is its path now, since the number of
// retries is part of it.
func (h *host) redrive(as string, at time.Time) {
	inside := h.frame.Inner()
	h.frame.Redrive(as, at)
	if h.frame.Started == 0 {
		h.fork = nil // what it did is done again
	}
	if h.fork == nil {
		return
	}
	for _, branch := range h.fork.hosts {
		if branch != nil {
			branch.redrive(h.frame.Inner()+strings.TrimPrefix(branch.frame.Path, inside), at)
		}
	}
}

// goOn takes into a fork the branches that had succeeded before the redrive, and returns the hosts of those that had not.
func (h *host) goOn(k *fork) map[int]*host {
	before := h.before
	if h.before = nil; before == nil || len(before.outcomes) != len(k.outcomes) {
		return nil
	}
	hosts := map[int]*host{}
	for i, o := range before.outcomes {
		switch {
		case before.done[i] && o.Err == nil:
			k.take(i, o)
			k.ended(i, o)
		case before.hosts[i] != nil:
			hosts[i] = before.hosts[i]
		}
	}
	return hosts
}
