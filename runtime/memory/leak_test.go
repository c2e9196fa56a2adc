package memory_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// errand counts what runs outside of an execution: calls, jobs and tokens that nobody has answered.
type errand struct {
	engine *memory.Engine
	expect int           // how many begin
	all    chan struct{} // closed when they have begun

	mu      sync.Mutex
	begun   int
	running int
	tokens  []string
}

func (r *errand) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running++
	if r.begun++; r.begun == r.expect {
		close(r.all)
	}
}

func (r *errand) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running--
}

// forever returns when ctx ends.
func (r *errand) forever(ctx context.Context) error {
	return clock.SleepUntil(ctx, r.engine.Clock(), time.Time{})
}

// Call is a call that lasts until it is given up.
func (r *errand) Call(ctx context.Context, _ *asl.Attempt, _ asl.Value) (asl.Value, error) {
	r.begin()
	defer r.end()
	return value.Null, r.forever(ctx)
}

// Start starts a job that lasts until it is stopped.
func (r *errand) Start(_ context.Context, a *asl.Attempt, _ asl.Value) (asl.Started, error) {
	r.begin()
	return asl.Started{Handle: a.ID()}, nil
}

func (r *errand) Wait(ctx context.Context, _ string) (asl.Value, error) {
	return value.Null, r.forever(ctx)
}

func (r *errand) Stop(context.Context, string, string) error {
	r.end()
	return nil
}

// Send hands out a token that nobody answers.
func (r *errand) Send(_ context.Context, a *asl.Attempt, _ asl.Value) (asl.Value, error) {
	r.mu.Lock()
	r.tokens = append(r.tokens, a.Token)
	r.mu.Unlock()
	r.begin()
	r.end()
	return value.Null, nil
}

var errBoom = &asl.Error{Name: "Boom"}

// boom is a call that fails once all else has begun.
func (r *errand) boom(ctx context.Context, _ asl.Value) (asl.Value, error) {
	if r.engine.Driven() != nil {
		_ = clock.Sleep(ctx, time.Second)
		return value.Null, errBoom
	}
	select {
	case <-r.all:
		return value.Null, errBoom
	case <-ctx.Done():
		return value.Null, ctx.Err()
	}
}

// works are a state that fails and one of each kind that lasts, and how many of these the errand hears of.
func (r *errand) works() (states []table.State, heard int) {
	const resource = "arn:aws:states:::lambda:invoke"
	return []table.State{
		&table.Wait{Name: "Wait", Seconds: 3600, End: true},
		&table.Task{Name: "Call", Resource: resource, Run: table.RequestResponse("Call", table.Input, asl.Call[asl.Value, asl.Value]{Caller: r}), End: true},
		&table.Task{Name: "Job", Resource: "arn:aws:states:::ecs:runTask.sync", Run: table.Sync("Job", table.Input, asl.Job[asl.Value, asl.Value]{Runner: r}), End: true},
		&table.Task{Name: "Token", Resource: resource + ".waitForTaskToken", HeartbeatSeconds: 3600,
			Run: table.WaitForTaskToken("Token", func(c *asl.Context, _ *table.Reader) asl.Value { return value.String(c.Task.Token) }, asl.Send[asl.Value]{Sender: r}), End: true},
		&table.Task{Name: "Boom", Resource: resource, Run: table.RequestResponse("Boom", table.Input, asl.CallFunc(r.boom)), End: true},
	}, 3
}

// branches have a work each.
func branchesOf(states []table.State, names ...string) (branches []table.Branch) {
	for i, s := range states {
		branches = append(branches, table.Branch{StartAt: names[i], States: []table.State{s}})
	}
	return branches
}

// processor goes to the work whose number the item is.
func processor(states []table.State, names ...string) table.Branch {
	which := &table.Choice{Name: "Which"}
	for i, name := range names {
		which.Choices = append(which.Choices, table.Rule{Variable: "$", Operator: "NumericEquals", Value: i, Next: name})
	}
	return table.Branch{StartAt: "Which", States: append([]table.State{which}, states...)}
}

// A branch or an iteration that fails leaves no goroutine and nothing that runs behind, on either clock.
func TestFailureLeavesNothing(t *testing.T) {
	names := []string{"Wait", "Call", "Job", "Token", "Boom"}
	// Each returns a state and how many of the works begin.
	containers := map[string]func(r *errand) (table.State, int){
		"Parallel": func(r *errand) (table.State, int) {
			states, heard := r.works()
			return &table.Parallel{Name: "Outer", Branches: branchesOf(states, names...), End: true}, heard
		},
		"Map": func(r *errand) (table.State, int) {
			states, heard := r.works()
			return &table.Map{Name: "Outer", ItemProcessor: processor(states, names...), End: true}, heard
		},
		"DISTRIBUTED Map": func(r *errand) (table.State, int) {
			states, heard := r.works()
			return &table.Map{Name: "Outer", ItemProcessor: processor(states, names...), Distributed: &table.Distributed{}, End: true}, heard
		},
		"more items than may run": func(r *errand) (table.State, int) {
			states, heard := r.works()
			rotated := []string{"Boom", "Job", "Call", "Wait", "Token"}
			return &table.Map{Name: "Outer", MaxConcurrency: 3, ItemProcessor: processor(states, rotated...), End: true}, heard - 1
		},
		"nested": func(r *errand) (table.State, int) {
			states, heard := r.works()
			more, also := r.works()
			inner := &table.Map{Name: "Inner", ItemProcessor: processor(states, names...), Distributed: &table.Distributed{}, End: true}
			beside := &table.Parallel{Name: "Beside", Branches: branchesOf(more[:4], names[:4]...), End: true}
			return &table.Parallel{Name: "Outer", Branches: []table.Branch{
				{StartAt: "Inner", States: []table.State{inner}}, {StartAt: "Beside", States: []table.State{beside}},
			}, End: true}, heard + also
		},
	}
	for name, container := range containers {
		for _, engine := range []*memory.Engine{memory.New(), memory.NewDriven(begin)} {
			kind := "wall"
			if engine.Driven() != nil {
				kind = "driven"
			}
			t.Run(name+", "+kind, func(t *testing.T) {
				r := &errand{engine: engine, all: make(chan struct{})}
				var outer table.State
				outer, r.expect = container(r)
				r.fail(t, newMachine(t, engine, "Outer", table.Definition{States: []table.State{outer}}))
			})
		}
	}
}

// fail runs a machine that fails, and looks at what is left of it.
func (r *errand) fail(t *testing.T, m *machine) {
	check := func(ctx context.Context) {
		e, err := m.StartDocument(ctx, doc(t, "[0, 1, 2, 3, 4]"))
		if err != nil {
			t.Error(err)
			return
		}
		_, err = e.Running().Wait(ctx)
		if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != "Boom" && failed.Name != "States.ExceedToleratedFailureThreshold" {
			t.Errorf("it ended with %v", err)
		}
		for _, token := range r.tokens {
			if err := r.engine.SendTaskSuccess(ctx, token, value.Null); err == nil {
				t.Error("a token is still waited for")
			}
		}
	}
	if r.engine.Driven() == nil {
		check(t.Context())
	} else {
		drive(r.engine, check)
		if d := elapsed(r.engine); d > 2*time.Second {
			t.Errorf("it took %v", d)
		}
	}
	r.mu.Lock()
	if r.running != 0 || r.begun != r.expect {
		t.Errorf("of %d calls and jobs (%d expected), %d still run", r.begun, r.expect, r.running)
	}
	r.mu.Unlock()
	wantNoGoroutines(t)
}

func doc(t testing.TB, text string) asl.Value {
	t.Helper()
	v, err := value.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// wantNoGoroutines waits until no goroutine of an engine or a clock is left.
func wantNoGoroutines(t testing.TB) {
	t.Helper()
	buffer := make([]byte, 1<<20)
	left := ""
	for range 20_000 {
		left = ""
		for _, stack := range strings.Split(string(buffer[:runtime.Stack(buffer, true)]), "\n\n")[1:] { // this one is the first; others wait for it
			if strings.Contains(stack, "/aslgen/runtime") && !strings.Contains(stack, "testing.(*T).Run(") {
				left += stack + "\n\n"
			}
		}
		if left == "" {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("goroutines are left:\n%s", left)
}
