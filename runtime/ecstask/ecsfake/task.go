package ecsfake

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// The stages of a task's life that the server shows (docs/rules.md E34).
const (
	statusProvisioning   = "PROVISIONING"
	statusPending        = "PENDING"
	statusRunning        = "RUNNING"
	statusDeprovisioning = "DEPROVISIONING"
	statusStopped        = "STOPPED"
)

// task is a task. It is used with the server locked.
type task struct {
	view       types.Task // as the service describes it
	family     string
	containers []*container // beside those of view
	fate       fate
	next       *event // of the task itself
	stopping   bool
	ended      clock.Gate
}

func (t *task) arn() string           { return *t.view.TaskArn }
func (t *task) is(status string) bool { return *t.view.LastStatus == status }
func (t *task) subject() subject      { return subject{family: t.family, task: t.arn()} }

// live reports whether a container of the task has been started and not ended.
func (t *task) live() bool {
	for _, c := range t.containers {
		if c.live() {
			return true
		}
	}
	return false
}

func (s *Server) enter(t *task, status string) {
	t.view.LastStatus = &status
	t.view.Version++
}

// begin takes a new task into the server. Its life is a chain of events: begin, pend, run, then stop by one of many
// reasons, deprovision, end.
func (s *Server) begin(t *task) {
	s.sweep()
	s.tasks[t.arn()] = t
	s.order = append(s.order, t)
	t.next = s.after(s.options.Timing.Provisioning, func() { s.pend(t) })
}

func (s *Server) pend(t *task) {
	s.enter(t, statusPending)
	s.connect(t)
	if t.fate.startFailure == "" {
		t.view.PullStartedAt = aws.Time(s.clock.Now())
	}
	t.next = s.after(s.options.Timing.Pending, func() { s.run(t) })
}

func (s *Server) run(t *task) {
	if reason := t.fate.startFailure; reason != "" {
		s.failToStart(t, 0, reason)
		return
	}
	t.view.PullStoppedAt = aws.Time(s.clock.Now())
	for i, c := range t.containers {
		if err := s.launch(t, c); err != nil {
			s.failToStart(t, i, "CannotStartContainerError: "+err.Error())
			return
		}
	}
	s.enter(t, statusRunning)
	t.view.StartedAt = aws.Time(s.clock.Now())
	for _, c := range t.containers {
		s.showLaunched(c)
	}
	if order := t.fate.stop; order != nil {
		t.next = s.after(order.after, func() { s.stop(t, order.code, order.reason) })
	}
}

func (s *Server) failToStart(t *task, container int, reason string) {
	t.containers[container].view.Reason = &reason
	s.stop(t, types.TaskStopCodeTaskFailedToStart, reason)
}

// stop begins the end of a task; of one that is ending already it changes nothing.
func (s *Server) stop(t *task, code types.TaskStopCode, reason string) {
	if t.stopping {
		return
	}
	t.stopping = true
	s.dismiss(t.next)
	t.view.DesiredStatus = aws.String(statusStopped)
	t.view.StopCode = code
	if reason != "" {
		t.view.StoppedReason = &reason
	}
	t.view.StoppingAt = aws.Time(s.clock.Now())
	if !t.live() {
		s.deprovision(t)
		return
	}
	for _, c := range t.containers {
		if c.live() {
			c.killing = s.after(s.options.Timing.StopTimeout, c.running.kill)
			c.running.stop()
		}
	}
}

// exit notes that a container has ended; without a code it shows none.
func (s *Server) exit(t *task, c *container, code *int32) {
	if !c.live() {
		return
	}
	c.running = nil
	s.dismiss(c.killing)
	c.view.ExitCode = code
	c.view.LastStatus = aws.String(statusStopped)
	switch {
	case t.stopping && !t.live():
		s.deprovision(t)
	case !t.stopping && c.essential:
		s.stop(t, types.TaskStopCodeEssentialContainerExited, "Essential container in task exited")
	}
}

func (s *Server) deprovision(t *task) {
	s.enter(t, statusDeprovisioning)
	t.view.ExecutionStoppedAt = aws.Time(s.clock.Now().Truncate(time.Second)) // so precise is the service (docs/rules.md E41)
	for _, c := range t.containers {
		c.view.LastStatus = aws.String(statusStopped)
	}
	t.next = s.after(s.options.Timing.Deprovisioning, func() { s.end(t) })
}

func (s *Server) end(t *task) {
	s.enter(t, statusStopped)
	t.view.StoppedAt = aws.Time(s.clock.Now())
	s.disconnect(t)
	t.ended.Open()
}
