package ecsfake

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// process is the program that runs the entry point and command of its container on this machine.
type process struct{}

var errNoCommand = errors.New("the container has neither a program nor an entry point nor a command")

func (process) launch(s *Server, t *task, c *container) (running, error) {
	if len(c.info.Arguments) == 0 {
		return nil, errNoCommand
	}
	cmd := exec.Command(c.info.Arguments[0], c.info.Arguments[1:]...)
	cmd.Env = s.environ(c)
	if s.output != nil {
		cmd.Stdout, cmd.Stderr = s.output, s.output
	}
	cmd.WaitDelay = time.Second // for children that outlive it and hold its output
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r := &runningProcess{s: s, cmd: cmd}
	r.hold()
	s.running.Go(func() {
		r.wait()
		code := exitCode(cmd.ProcessState)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.exit(t, c, &code)
		r.release()
	})
	return r, nil
}

// environ returns what the process inherits and what its container sets.
func (s *Server) environ(c *container) []string {
	list := []string{}
	for _, name := range s.options.Inherit {
		if v, ok := os.LookupEnv(name); ok {
			list = append(list, name+"="+v)
		}
	}
	for name, v := range c.info.Environment {
		list = append(list, name+"="+v)
	}
	return list
}

// runningProcess holds a driven clock while its process is doing something, but not for ever: one that never ends by
// itself would keep the time from coming at which it is killed.
type runningProcess struct {
	s        *Server
	cmd      *exec.Cmd
	unhold   func()
	patience *time.Timer

	mu   sync.Mutex
	over bool // it was waited for, so its number may be another process's
}

// wait waits for the process, and kills what is left of its group where the number of that is known to be its own still.
func (r *runningProcess) wait() {
	if !awaitExit(r.cmd) {
		r.cmd.Wait()
		r.mu.Lock()
		defer r.mu.Unlock()
		r.over = true
		return
	}
	r.killGroup()
	r.mu.Lock() // so that nobody kills between the end of the number's being its own and the note of that
	defer r.mu.Unlock()
	r.cmd.Wait()
	r.over = true
}

// killGroup kills the process and its children.
func (r *runningProcess) killGroup() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.over {
		killGroup(r.cmd)
	}
}

func (r *runningProcess) hold() {
	if r.s.clock == clock.Wall {
		return
	}
	unhold := r.s.clock.Hold()
	r.release()
	r.unhold = unhold
	r.patience = time.AfterFunc(r.s.options.Timing.ProcessHold, unhold)
}

func (r *runningProcess) release() {
	if r.unhold != nil {
		r.patience.Stop()
		r.unhold()
	}
}

func (r *runningProcess) stop() {
	r.hold()
	terminate(r.cmd)
}

func (r *runningProcess) kill() {
	r.hold()
	r.killGroup()
}

func (r *runningProcess) abandon() { r.killGroup() }

// lockedWriter lets several processes write.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (w *lockedWriter) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.w.Write(data)
}
