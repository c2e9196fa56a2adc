// Package runner is linked into programs that package batch builds: it runs generated machines with task results that were
// written down, on a driven clock.
package runner

import (
	"math/rand/v2"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Spec is one execution to run: a line of JSON on the program's standard input.
type Spec struct {
	ID      string      `json:"id"` // of the run, repeated in the result
	Machine string      `json:"machine"`
	Input   value.Value `json:"input,omitzero"`
	Mocks   []Mock      `json:"mocks,omitzero"`
	Objects []Object    `json:"objects,omitzero"`
	// Echoes are the Lambda functions whose calls give what they are given where no mock is left.
	Echoes []string `json:"echoes,omitzero"`
	// Synchronous starts the execution as StartSyncExecution does.
	Synchronous bool `json:"synchronous,omitzero"`
	// StopAfter is the driven time in seconds after which the execution is stopped, if it is positive.
	StopAfter int `json:"stopAfter,omitzero"`
	// Rounds is how often the execution is run, if it is positive. It must go the same way every time.
	Rounds int `json:"rounds,omitzero"`
	// Cuts has frames put away and gone on with on the way ([memory.WithCuts]): at all places if it is negative, at every third
	// by a chance that the number seeds if it is positive. Attempts are stored then too ([memory.WithStoredAttempts]).
	Cuts int64 `json:"cuts,omitzero"`
	// Durable has the execution run on the durable engine, put away whenever it waits, and with the process crashed at each of its
	// points, once and twice in a row: before and after each write, and after each call of a service. It must go the same way.
	Durable bool `json:"durable,omitzero"`
	// Here has the execution be carried out where it is started ([memory.Engine.Direct]), unless it is to be stopped. It has no history.
	Here bool `json:"here,omitzero"`
	// Temporal has the execution run as a workflow of Temporal, by a program that is built for that. Cuts then have it continue as new
	// between all states.
	Temporal bool `json:"temporal,omitzero"`
	// Redrive has the execution redriven once if it fails, with the same mocks.
	Redrive bool `json:"redrive,omitzero"`
	// Replay has the execution run a second time, from its history alone. It must go the same way.
	Replay bool `json:"replay,omitzero"`
	// MakeOnly has the machine made and not run.
	MakeOnly bool `json:"makeOnly,omitzero"`
	// Test has one state run by itself; nothing but ID, Machine and Input is for it too.
	Test *Test `json:"test,omitzero"`
}

// Object is an object that there is before the run.
type Object struct {
	Bucket string `json:"bucket"`
	Key    string `json:"key"`
	Body   string `json:"body"`
}

// Mock is what one call of a task gives. A call of a state takes the first mock that was sent the same, or else the first.
type Mock struct {
	Sent      value.Value `json:"sent,omitzero"`      // what the call is given
	States    []string    `json:"states"`             // the state, or those it may be
	Kind      string      `json:"kind"`               // success, failure, timeout (never answers)
	Output    value.Value `json:"output,omitzero"`    // of success
	Error     *string     `json:"error,omitzero"`     // of failure
	Cause     *string     `json:"cause,omitzero"`     // of failure
	Submitted value.Value `json:"submitted,omitzero"` // answer to the call of a .sync or token task
}

// Result is how an execution went: a line of JSON on the program's standard output.
type Result struct {
	ID      string      `json:"id"`
	Fault   string      `json:"fault,omitzero"` // why it could not be run
	Status  string      `json:"status"`
	Output  value.Value `json:"output,omitzero"`
	Error   *string     `json:"error,omitzero"`
	Cause   *string     `json:"cause,omitzero"`
	History []Event     `json:"history"`
	Tested  *Tested     `json:"tested,omitzero"` // of a spec with Test
}

// Event is an event of the history, its details beside it.
type Event struct {
	ID           int64       `json:"id"`
	Previous     int64       `json:"prev"`
	Type         string      `json:"type"`
	Name         string      `json:"name,omitzero"`
	Input        value.Value `json:"input,omitzero"`
	Output       value.Value `json:"output,omitzero"`
	Parameters   value.Value `json:"parameters,omitzero"`
	Resource     string      `json:"resource,omitzero"`
	ResourceType string      `json:"resourceType,omitzero"`
	Credentials  value.Value `json:"taskCredentials,omitzero"`
	Assigned     value.Value `json:"assignedVariables,omitzero"`
	Index        *int        `json:"index,omitzero"`
	Length       *int        `json:"length,omitzero"`
	MapRunARN    string      `json:"mapRunArn,omitzero"`
	Region       string      `json:"region,omitzero"`
	Timeout      int64       `json:"timeoutInSeconds,omitzero"`
	Heartbeat    int64       `json:"heartbeatInSeconds,omitzero"`
	State        string      `json:"state,omitzero"`    // of EvaluationFailed, beside
	Location     string      `json:"location,omitzero"` // the field
	Error        *string     `json:"error,omitzero"`
	Cause        *string     `json:"cause,omitzero"`
}

// cuts says at which places frames are put away.
func (s *Spec) cuts() func(int) bool {
	if s.Cuts < 0 {
		return func(int) bool { return true }
	}
	chance := rand.New(rand.NewPCG(uint64(s.Cuts), 0)) // frames of a driven engine run one at a time
	return func(int) bool { return chance.IntN(3) == 0 }
}
