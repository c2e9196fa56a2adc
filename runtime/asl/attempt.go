package asl

import (
	"context"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Work is what an [Attempt] does with its parameters. [Program.Restore] makes it again of an attempt that was stored.
type Work interface {
	// Call makes the call of a request-response task, or the one that hands out the token.
	Call(ctx context.Context, a *Attempt) (value.Value, error)
	// Start starts the job of a .sync task, Wait waits for it, and Stop stops it, as those of a [Runner].
	Start(ctx context.Context, a *Attempt) (Started, error)
	Wait(ctx context.Context, handle string) (value.Value, error)
	Stop(ctx context.Context, handle, reason string) error
}

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
		a.ID(), a.Execution(), a.Machine, a.State, a.Resource, a.RoleARN, a.Pattern, a.Token, a.Deadline, int64(a.Heartbeat), a.Parameters,
	})
}

// UnmarshalJSON reads an attempt that MarshalJSON has written. Before it can be carried out, [Program.Restore] must know it.
func (a *Attempt) UnmarshalJSON(data []byte) error {
	var s savedAttempt
	if err := json.Unmarshal(data, &s, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	*a = Attempt{
		identity: identity{id: s.ID, execution: s.Execution}, Machine: s.Machine, State: s.State, Resource: s.Resource, RoleARN: s.RoleARN, Pattern: s.Pattern,
		Token: s.Token, Deadline: s.Deadline, Heartbeat: time.Duration(s.Heartbeat), Parameters: s.Parameters, submitted: a.submitted,
	}
	return nil
}
