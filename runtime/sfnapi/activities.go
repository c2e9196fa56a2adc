package sfnapi

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Activities are the queues from which workers, in any language, take the tasks of activities with GetActivityTask. A machine's activity is
// done by them once its field is set with [Work].
//
// A task is in the memory of this process: after it has ended, an engine that goes on makes another, whose token is another.
type Activities struct {
	mu     sync.Mutex
	queues map[string]*activity // by ARN
	tasks  map[string]*activityTask
}

// activity is an activity with the tasks that no worker has taken.
type activity struct {
	name    string
	created time.Time
	waiting []*activityTask
	arrival clock.Gate // opens when a task comes
}

// activityTask is a task of an activity.
type activityTask struct {
	token     string
	input     value.Value
	heartbeat time.Duration
	clock     clock.Clock

	due    time.Time  // of the next heartbeat, once a worker has it; zero is never
	change clock.Gate // opens when it is taken, beats or ends
	over   bool
	output value.Value
	err    error
}

// NewActivities returns queues without tasks.
func NewActivities() *Activities {
	return &Activities{queues: map[string]*activity{}, tasks: map[string]*activityTask{}}
}

// Work has the workers of an activity do a task: the field of a machine's Tasks. HeartbeatSeconds count from when a worker takes it.
func Work[P, R any](a *Activities, field *asl.Call[P, R]) {
	*field = asl.Call[P, R]{Caller: activityCaller[P]{a}}
}

type activityCaller[P any] struct{ *Activities }

// Call implements [asl.Caller].
func (c activityCaller[P]) Call(ctx context.Context, a *asl.Attempt, _ P) (value.Value, error) {
	t := c.add(a.Resource, a, clock.From(ctx))
	defer c.forget(a.Resource, t)
	for {
		c.mu.Lock()
		if t.over {
			c.mu.Unlock()
			return t.output, t.err
		}
		t.change = t.clock.NewGate()
		change, due := t.change, t.due
		c.mu.Unlock()
		if err := change.Wait(ctx, due); err != nil && ctx.Err() != nil {
			return value.Value{}, err
		}
		if c.missed(t) {
			return value.Value{}, asl.HeartbeatError()
		}
	}
}

// missed reports whether the heartbeat of a task has not come in time.
func (a *Activities) missed(t *activityTask) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return !t.over && !t.due.IsZero() && !t.clock.Now().Before(t.due)
}

// queue returns an activity, which is made if there is none. It is called with the lock held.
func (a *Activities) queue(arn string) *activity {
	q := a.queues[arn]
	if q == nil {
		q = &activity{name: arn[strings.LastIndexByte(arn, ':')+1:], created: time.Now(), arrival: clock.Wall.NewGate()}
		a.queues[arn] = q
	}
	return q
}

func (a *Activities) add(arn string, of *asl.Attempt, c clock.Clock) *activityTask {
	t := &activityTask{token: asl.TaskToken(rand.Text() + rand.Text()), input: of.Parameters, heartbeat: of.Heartbeat, clock: c, change: c.NewGate()}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tasks[t.token] = t
	q := a.queue(arn)
	q.waiting = append(q.waiting, t)
	q.arrival.Open()
	return t
}

func (a *Activities) forget(arn string, t *activityTask) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t.over = true
	delete(a.tasks, t.token)
	q := a.queue(arn)
	q.waiting = slices.DeleteFunc(q.waiting, func(other *activityTask) bool { return other == t })
}

// pollTime is how long GetActivityTask waits for a task.
const pollTime = time.Minute

// take returns the next task of an activity, nil if none comes in time.
func (a *Activities) take(ctx context.Context, arn string, wait time.Duration) *activityTask {
	until := time.Now().Add(wait)
	for {
		a.mu.Lock()
		q := a.queue(arn)
		if len(q.waiting) > 0 {
			t := q.waiting[0]
			q.waiting = q.waiting[1:]
			t.beat()
			a.mu.Unlock()
			return t
		}
		q.arrival = clock.Wall.NewGate()
		arrival := q.arrival
		a.mu.Unlock()
		if arrival.Wait(ctx, until) != nil {
			return nil
		}
	}
}

// beat has the time of the next heartbeat begin.
func (t *activityTask) beat() {
	if t.heartbeat > 0 {
		t.due = t.clock.Now().Add(t.heartbeat)
	}
	t.change.Open()
}

// answer does something with the task of a token. It is not known if the token is none of an activity.
func (a *Activities) answer(token string, do func(t *activityTask)) (known bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.tasks[token]
	if t == nil {
		return false
	}
	if do(t); t.over {
		delete(a.tasks, token)
	}
	t.change.Open()
	return true
}

// answers hands the answers of workers to activities, and others to an engine.
type answers struct {
	asl.Callbacks
	activities *Activities
}

// SendTaskSuccess implements [asl.Callbacks].
func (s answers) SendTaskSuccess(ctx context.Context, token string, output value.Value) error {
	if s.activities.answer(token, func(t *activityTask) { t.output, t.over = output, true }) {
		return nil
	}
	return s.Callbacks.SendTaskSuccess(ctx, token, output)
}

// SendTaskFailure implements [asl.Callbacks].
func (s answers) SendTaskFailure(ctx context.Context, token string, failure *asl.Error) error {
	if failure == nil {
		failure = &asl.Error{Unnamed: true, Causeless: true}
	}
	if s.activities.answer(token, func(t *activityTask) { t.err, t.over = failure, true }) {
		return nil
	}
	return s.Callbacks.SendTaskFailure(ctx, token, failure)
}

// SendTaskHeartbeat implements [asl.Callbacks].
func (s answers) SendTaskHeartbeat(ctx context.Context, token string) error {
	if s.activities.answer(token, (*activityTask).beat) {
		return nil
	}
	return s.Callbacks.SendTaskHeartbeat(ctx, token)
}

// CheckTaskToken implements [asl.Callbacks].
func (s answers) CheckTaskToken(ctx context.Context, token string) error {
	if s.activities.answer(token, func(*activityTask) {}) {
		return nil
	}
	return s.Callbacks.CheckTaskToken(ctx, token)
}

// activityARN returns the ARN of the activity that a request names.
func (a *api) activityARN(in value.Value) (string, error) {
	arn, err := text(in, "activityArn")
	if parts := strings.Split(arn, ":"); err == nil && (len(parts) != 7 || parts[5] != "activity") {
		err = &asl.APIError{Code: asl.CodeInvalidArn, Message: "Invalid Arn: '" + arn + "'"}
	}
	return arn, err
}

func (a *api) getActivityTask(ctx context.Context, in value.Value) (value.Value, error) {
	arn, err := a.activityARN(in)
	if err != nil {
		return value.Value{}, err
	}
	t := a.activities.take(ctx, arn, pollTime)
	if t == nil {
		return value.EmptyObject, nil // as AWS answers a worker that has waited for a minute
	}
	return value.Object(field("taskToken", t.token), value.Field("input", value.String(t.input.String()))), nil
}

func (a *api) createActivity(_ context.Context, in value.Value) (value.Value, error) {
	name, err := text(in, "name")
	if err != nil {
		return value.Value{}, err
	}
	if name == "" || len(name) > 80 {
		return value.Value{}, &asl.APIError{Code: asl.CodeInvalidName, Message: "Invalid Name: '" + name + "'"}
	}
	arn := a.keeper.Account().ARN("activity", name)
	a.activities.mu.Lock()
	defer a.activities.mu.Unlock()
	return value.Object(field("activityArn", arn), value.Field("creationDate", seconds(a.activities.queue(arn).created))), nil
}

func (a *api) describeActivity(_ context.Context, in value.Value) (value.Value, error) {
	arn, err := a.activityARN(in)
	if err != nil {
		return value.Value{}, err
	}
	a.activities.mu.Lock()
	defer a.activities.mu.Unlock()
	q := a.activities.queues[arn]
	if q == nil {
		return value.Value{}, &asl.APIError{Code: "ActivityDoesNotExist", Message: "Activity Does Not Exist: '" + arn + "'"}
	}
	return q.described(arn), nil
}

func (q *activity) described(arn string) value.Value {
	return value.Object(field("activityArn", arn), field("name", q.name), value.Field("creationDate", seconds(q.created)))
}

func (a *api) listActivities(_ context.Context, in value.Value) (value.Value, error) {
	a.activities.mu.Lock()
	defer a.activities.mu.Unlock()
	arns := make([]string, 0, len(a.activities.queues))
	for arn := range a.activities.queues {
		arns = append(arns, arn)
	}
	slices.Sort(arns)
	return page(in, "activities", arns, 100, func(arn string) (value.Value, bool, error) {
		return a.activities.queues[arn].described(arn), true, nil
	})
}
