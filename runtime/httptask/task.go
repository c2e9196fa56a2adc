package httptask

import (
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/roles"
)

// Roles gives the credentials of a role by its ARN, as what [awsrole.New] returns does.
//
// [awsrole.New]: https://pkg.go.dev/github.com/r-seed-632eed22/aslgen/runtime/awsrole#New
type Roles = roles.Roles

// TaskOption changes how a task calls an API of Amazon API Gateway or of Kubernetes.
type TaskOption func(*task)

// AsRole has the requests of states that have Credentials be signed as their role (R164). Without it such a request fails.
func AsRole(roles Roles) TaskOption { return func(t *task) { t.roles = roles } }

// Clock sets the clock that jobs of Kubernetes are watched by. It is [clock.Wall] otherwise.
func Clock(c clock.Clock) TaskOption { return func(t *task) { t.clock = c } }

// PollEvery sets how often it is asked how a job of Kubernetes is. It is 5 seconds otherwise.
func PollEvery(d time.Duration) TaskOption {
	return func(t *task) { t.every = max(d, time.Millisecond) }
}

// task is how the calls of a task are made.
type task struct {
	*Client
	roles Roles
	clock clock.Clock
	every time.Duration
}

func newTask(c *Client, options []TaskOption) task {
	t := task{Client: c, clock: clock.Wall, every: 5 * time.Second}
	for _, o := range options {
		o(&t)
	}
	return t
}
