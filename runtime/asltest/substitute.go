package asltest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// substituted is a program whose tasks are carried out by something else than their effects.
type substituted struct {
	asl.Program
	// work returns what carries out an attempt, in the iterations of a path.
	work func(a *asl.Attempt, path string) asl.Work
	// iterates reports whether a state has iterations, which paths show, and no branches.
	iterates func(state string) bool
}

func (p *substituted) Run(h asl.Host, f *asl.Frame) (value.Value, error) {
	return p.Program.Run(&substitute{h, p, ""}, f)
}

func (p *substituted) Resume(h asl.Host, f *asl.Frame) (value.Value, error) {
	return p.Program.Resume(&substitute{h, p, ""}, f)
}

// substitute is a host that has attempts carried out by what the program says.
type substitute struct {
	asl.Host
	program *substituted
	path    string
}

func (s *substitute) Do(a *asl.Attempt) (value.Value, error) {
	if w := s.program.work(a, s.path); w != nil {
		a.Work = w
	}
	return s.Host.Do(a)
}

func (s *substitute) Fork(f *asl.Frame, n, limit int, run func(h asl.Host, i int, at *asl.Frame) asl.Outcome, ended func(int, asl.Outcome) bool) ([]asl.Outcome, error) {
	state := f.State
	return s.Host.Fork(f, n, limit, func(h asl.Host, i int, at *asl.Frame) asl.Outcome {
		path := s.path
		if s.program.iterates(state) {
			path += fmt.Sprintf("/%s#%d", state, i)
		}
		return run(&substitute{h, s.program, path}, i, at)
	}, ended)
}

// call is the work of an attempt whose result a function gives, which may wait on the clock of its context. A job lasts as long as the function
// runs, and so does what waits for its token, which answers then gets the result.
type call struct {
	submitted value.Value // the service's answer to the call of a job or of what waits for its token
	result    func(ctx context.Context) (value.Value, error)
	answers   asl.Callbacks
}

func (c *call) Call(ctx context.Context, a *asl.Attempt) (value.Value, error) {
	if a.Pattern != asl.WaitForTaskTokenPattern {
		return c.result(ctx)
	}
	token := a.Token
	clock.From(ctx).Go(context.WithoutCancel(ctx), func(ctx context.Context) {
		result, err := c.result(ctx)
		if failed, ok := errors.AsType[*asl.Error](err); ok {
			_ = c.answers.SendTaskFailure(ctx, token, failed) // of a task that is over nobody waits for it
		} else if err == nil {
			_ = c.answers.SendTaskSuccess(ctx, token, result)
		}
	})
	return c.submitted, nil
}

func (c *call) Start(_ context.Context, a *asl.Attempt) (asl.Started, error) {
	return asl.Started{Handle: a.ID(), Submitted: c.submitted}, nil
}

func (c *call) Wait(ctx context.Context, _ string) (value.Value, error) { return c.result(ctx) }

func (c *call) Stop(context.Context, string, string) error { return nil }

// never waits until ctx ends.
func never(ctx context.Context) error { return clock.SleepUntil(ctx, clock.From(ctx), time.Time{}) }
