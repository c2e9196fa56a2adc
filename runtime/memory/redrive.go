package memory

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// Redrive implements [asl.Redrivable].
func (x *execution) Redrive(ctx context.Context, token string) error {
	x.mu.Lock()
	ended := x.ending != nil
	x.mu.Unlock()
	if ended { // its jobs may still be being stopped
		if err := x.wait(ctx); err != nil {
			return err
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	last := x.redriven
	if last == nil {
		last = &redriven{}
	}
	if token != "" && token == last.token {
		return nil
	}
	switch d, err := x.describe(); { // it may be one that waits
	case err != nil:
		return err
	case d.NotRedrivable != "":
		return hosts.NotRedrivable(x.ID(), d.NotRedrivable)
	}
	x.engine.again(x)
	was, now := x.ending.failed, x.engine.now()
	was.redrive("", now)
	x.redriven = &redriven{token, last.count + 1, now}
	was.frame.Recorder = x.recorder
	x.begin(context.WithoutCancel(ctx), &host{before: was.fork}, was.frame)
	return nil
}

// again has the engine know an execution as one that runs, though it had ended.
func (e *Engine) again(x *execution) {
	e.mu.Lock()
	defer e.mu.Unlock()
	x.kept = false
	e.known[x.program.Name()][x.key()] = x
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

// resume takes into a fork the branches that had succeeded before the redrive, and returns the hosts of those that had not.
func (h *host) resume(k *fork) map[int]*host {
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
