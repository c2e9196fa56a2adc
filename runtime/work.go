package runtime

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// work is what an attempt does with its parameters. [Program.Restore] makes it again of an attempt that was stored.
type work interface {
	// call makes the call of a request-response task, or the one that hands out the token.
	call(ctx context.Context, a *Attempt) (value.Value, error)
	start(ctx context.Context, a *Attempt) (Started, error)
	wait(ctx context.Context, handle string) (value.Value, error)
	stop(ctx context.Context, handle, reason string) error
}

// effectWork is the work of a task.
type effectWork struct {
	*effect
	given any // the parameters, in the type that the effect takes
}

func (w effectWork) call(ctx context.Context, a *Attempt) (value.Value, error) {
	return w.makeCall(ctx, a, w.given)
}

func (w effectWork) start(ctx context.Context, a *Attempt) (Started, error) {
	return w.startJob(ctx, a, w.given)
}

func (w effectWork) wait(ctx context.Context, handle string) (value.Value, error) {
	return w.waitForJob(ctx, handle)
}

func (w effectWork) stop(ctx context.Context, handle, reason string) error {
	return w.stopJob(ctx, handle, reason)
}

// objectsWork is the work of a DISTRIBUTED Map with objects: reading items, writing results.
type objectsWork func(ctx context.Context, parameters value.Value) (value.Value, error)

func (w objectsWork) call(ctx context.Context, a *Attempt) (value.Value, error) {
	return w(ctx, a.parameters)
}

func (w objectsWork) start(context.Context, *Attempt) (Started, error) {
	return Started{}, fmt.Errorf("asl: objects have no jobs")
}

func (w objectsWork) wait(context.Context, string) (value.Value, error) {
	return value.Value{}, fmt.Errorf("asl: objects have no jobs")
}

func (w objectsWork) stop(context.Context, string, string) error { return nil }

// savedAttempt is an [Attempt] as it is written.
type savedAttempt struct {
	ID         string      `json:"id"`
	Execution  string      `json:"execution"`
	Machine    string      `json:"machine"`
	State      string      `json:"state"`
	Resource   string      `json:"resource"`
	RoleARN    string      `json:"roleArn,omitzero"`
	Pattern    Pattern     `json:"pattern"`
	Token      string      `json:"token,omitzero"`
	Deadline   time.Time   `json:"deadline,omitzero"`
	Heartbeat  int64       `json:"heartbeat,omitzero"` // nanoseconds
	Parameters value.Value `json:"parameters"`
}

// MarshalJSON writes the attempt with its parameters.
func (a *Attempt) MarshalJSON() ([]byte, error) {
	return json.Marshal(&savedAttempt{
		a.ID, a.Execution, a.Machine, a.State, a.Resource, a.RoleARN, a.Pattern, a.Token, a.Deadline, int64(a.Heartbeat), a.parameters,
	})
}

// UnmarshalJSON reads an attempt that MarshalJSON has written. Before it can be carried out, [Program.Restore] must know it.
func (a *Attempt) UnmarshalJSON(data []byte) error {
	var s savedAttempt
	if err := json.Unmarshal(data, &s, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	*a = Attempt{
		ID: s.ID, Execution: s.Execution, Machine: s.Machine, State: s.State, Resource: s.Resource, RoleARN: s.RoleARN, Pattern: s.Pattern,
		Token: s.Token, Deadline: s.Deadline, Heartbeat: time.Duration(s.Heartbeat), parameters: s.Parameters, submitted: a.submitted,
	}
	return nil
}

// Restore has a stored attempt be carried out by the program: by the state of its name, with its parameters in the type
// that the state's effect takes. It is an error if the program has no such state, or the parameters do not have the type.
func (p *Program) Restore(a *Attempt) error {
	var state State
	if s := p.branch.find(a.State); s != nil {
		state = s.state
	}
	switch s := state.(type) {
	case *Task:
		if s.Resource != a.Resource {
			return fmt.Errorf("asl: %s: state %q calls %s, and the attempt is one of %s", p.Name(), a.State, s.Resource, a.Resource)
		}
		given, err := s.Run.restore(a.parameters)
		if err != nil {
			return fmt.Errorf("asl: %s: the parameters of an attempt of state %q: %w", p.Name(), a.State, err)
		}
		a.work = given
		return nil
	case *Map:
		if d := s.Distributed; d != nil && d.ItemReader != nil && d.ItemReader.Resource == a.Resource {
			a.work = d.ItemReader.work(p.itemMemory)
			return nil
		}
		if d := s.Distributed; d != nil && d.ResultWriter != nil && d.ResultWriter.Resource == a.Resource {
			a.work = d.ResultWriter.work()
			return nil
		}
	}
	return fmt.Errorf("asl: %s has no state %q that calls %s", p.Name(), a.State, a.Resource)
}
