package ecsfake

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Call is a call that the server got.
type Call struct {
	Operation Operation
	Time      time.Time
	Input     value.Value // as it came over the wire
	Exception string      // the code of the API exception that was the answer; empty if there was none
	Lost      bool        // the connection was cut
}

// callLog holds the latest calls of an operation.
type callLog struct {
	count  int
	latest []Call
}

// maxCalls is how many calls of an operation are held before the older half is forgotten.
const maxCalls = 100_000

func (s *Server) note(c Call) {
	l := s.calls[c.Operation]
	if l == nil {
		l = &callLog{}
		s.calls[c.Operation] = l
	}
	if len(l.latest) == maxCalls {
		l.latest = slices.Delete(l.latest, 0, maxCalls/2)
	}
	l.count++
	l.latest = append(l.latest, c)
}

// Count returns how many calls of an operation there were, those that failed or were cut included.
func (s *Server) Count(op Operation) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.calls[op]; l != nil {
		return l.count
	}
	return 0
}

// Calls returns the calls of an operation in the order they came; of very many, the latest 50,000 at least.
func (s *Server) Calls(op Operation) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.calls[op]; l != nil {
		return slices.Clone(l.latest)
	}
	return nil
}

// Tasks returns all tasks in the order they were started, stopped ones included: of very many that DescribeTasks does not show
// any more, the latest 1,000 at least.
func (s *Server) Tasks() []types.Task { return s.tasksThat(func(*task) bool { return true }) }

// Running returns the tasks that have not reached STOPPED, in the order they were started.
func (s *Server) Running() []types.Task {
	return s.tasksThat(func(t *task) bool { return !t.is(statusStopped) })
}

func (s *Server) tasksThat(include func(*task) bool) []types.Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []types.Task
	for _, t := range s.order {
		if include(t) {
			list = append(list, clone(&t.view))
		}
	}
	return list
}

// Task returns the task of an ARN; ok is false if there is none.
func (s *Server) Task(arn string) (_ types.Task, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tasks[arn]
	if !ok {
		return types.Task{}, false
	}
	return clone(&t.view), true
}

// WaitStopped waits on the server's clock until the task of an ARN has reached STOPPED, and returns it.
func (s *Server) WaitStopped(ctx context.Context, arn string) (types.Task, error) {
	s.mu.Lock()
	t, ok := s.tasks[arn]
	s.mu.Unlock()
	if !ok {
		return types.Task{}, fmt.Errorf("ecsfake: there is no task %s", arn)
	}
	if err := t.ended.Wait(ctx, time.Time{}); err != nil {
		return types.Task{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !t.is(statusStopped) {
		return types.Task{}, errClosed
	}
	return clone(&t.view), nil
}

// clone returns a copy of a shape that shares nothing with it.
func clone[T any, P interface {
	*T
	smithy.Serializable
}](shape P) (again T) {
	if err := awsshape.Wire.Decode(awsshape.Wire.Encode(shape), P(&again)); err != nil {
		panic(err) // it was encoded from the same type
	}
	return again
}
