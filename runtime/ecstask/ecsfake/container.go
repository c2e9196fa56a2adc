package ecsfake

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Container is what a Go function that stands for a container learns about itself.
type Container struct {
	Task, Cluster, Definition string // ARNs
	Family                    string
	Name                      string
	Arguments                 []string // the entry point and the command, of RunTask's overrides if they have one
	Environment               map[string]string
}

// Exit codes of containers that are told to end: by SIGTERM, and by SIGKILL.
const (
	exitTerminated = 128 + 15
	exitKilled     = 128 + 9
)

// container is a container of a task. It is used with the server locked.
type container struct {
	view      *types.Container
	info      Container
	essential bool
	running   running // nil before the start and after the end
	killing   *event
}

func (c *container) live() bool { return c.running != nil }

// running is a program that a container runs. Its methods are called with the server locked.
type running interface {
	stop()    // as SIGTERM
	kill()    // as SIGKILL
	abandon() // because the server is closed
}

// Program is what a container runs: [Exits], [Vanishes] or [Func]. A container without one runs its entry point and
// command as a process.
type Program interface {
	// launch starts the program. It has the server's [Server.exit] called at its end, not before it returns.
	launch(s *Server, t *task, c *container) (running, error)
}

// launch starts a container.
func (s *Server) launch(t *task, c *container) (err error) {
	c.running, err = s.programOf(t, c).launch(s, t, c)
	return err
}

func (s *Server) programOf(t *task, c *container) Program {
	for _, name := range []string{c.info.Name, ""} {
		if p := t.fate.programs[name]; p != nil {
			return p
		}
	}
	if p := s.programs[programKey{t.family, c.info.Name}]; p != nil {
		return p
	}
	return process{}
}

// Script is a program that does nothing but end.
type Script struct {
	code    *int32
	after   time.Duration
	stopsIn time.Duration
}

// Exits returns a program that exits with code after a time, at once if that is 0, never if it is negative. Told to end
// before, it exits at once with 143, as a process does that SIGTERM ends.
func Exits(code int, after time.Duration) Script {
	return Script{code: aws.Int32(int32(code)), after: after}
}

// Vanishes returns a program like [Exits] whose container shows no exit code, however it ends.
func Vanishes(after time.Duration) Script { return Script{after: after} }

// StopsIn returns the script with another way to end when told to: it takes d. If that is longer than the stop timeout,
// it is killed then and exits with 137.
func (p Script) StopsIn(d time.Duration) Script {
	p.stopsIn = d
	return p
}

func (p Script) launch(s *Server, t *task, c *container) (running, error) {
	r := &runningScript{Script: p, s: s, t: t, c: c}
	if p.after >= 0 {
		r.next = s.after(p.after, func() { s.exit(t, c, p.code) })
	}
	return r, nil
}

type runningScript struct {
	Script
	s    *Server
	t    *task
	c    *container
	next *event
}

func (r *runningScript) stop() {
	r.s.dismiss(r.next)
	r.next = r.s.after(r.stopsIn, func() { r.end(exitTerminated) })
}

func (r *runningScript) kill() {
	r.s.dismiss(r.next)
	r.end(exitKilled)
}

func (r *runningScript) abandon() {}

func (r *runningScript) end(code int32) {
	if r.code == nil {
		r.s.exit(r.t, r.c, nil)
		return
	}
	r.s.exit(r.t, r.c, &code)
}

// Func is a program in Go. It runs as a goroutine of the server's clock, which ctx carries, and must wait with that and
// with ctx; the result is the exit code. ctx ends, with the cause [ErrStopped], when the container is told to end. What
// has not returned by the stop timeout counts as killed with exit code 137.
type Func func(ctx context.Context, c Container) (exitCode int)

// ErrStopped is the cause with which the context of a [Func] ends when its container is told to end.
var ErrStopped = errors.New("ecsfake: the container is told to end")

func (f Func) launch(s *Server, t *task, c *container) (running, error) {
	ctx, cancel := s.clock.WithDeadline(clock.NewContext(s.ctx, s.clock), time.Time{})
	r := &runningFunc{s: s, t: t, c: c, cancel: cancel}
	s.running.Add(1)
	s.clock.Go(ctx, func(ctx context.Context) {
		defer s.running.Done()
		defer cancel(nil)
		code := int32(f(ctx, c.info))
		s.mu.Lock()
		defer s.mu.Unlock()
		s.exit(t, c, &code)
	})
	return r, nil
}

type runningFunc struct {
	s      *Server
	t      *task
	c      *container
	cancel context.CancelCauseFunc
}

func (r *runningFunc) stop()    { r.cancel(ErrStopped) }
func (r *runningFunc) abandon() { r.cancel(errClosed) }

func (r *runningFunc) kill() {
	code := int32(exitKilled)
	r.s.exit(r.t, r.c, &code)
}
