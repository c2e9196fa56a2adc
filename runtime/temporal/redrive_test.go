package temporal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
)

// failing is a task that fails until it was called so often with the same input.
type failing struct {
	mu    sync.Mutex
	times map[string]int // by input, how often it fails
	calls map[string]int
	ids   map[string]bool // of attempts
}

// of is a failing task that is told apart from others.
type of struct {
	*failing
	name string
}

func (f of) Call(_ context.Context, a *asl.Attempt, in asl.Value) (asl.Value, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	text := f.name + in.String()
	f.calls[text]++
	if f.ids[a.ID()] {
		return asl.Value{}, fmt.Errorf("the attempt %s of %s was made before", a.ID(), text)
	}
	f.ids[a.ID()] = true
	if f.calls[text] <= f.times[text] {
		return asl.Value{}, &asl.Error{Name: "Failing"}
	}
	return in, nil
}

func (f *failing) task(name string) *table.Task {
	return &table.Task{Name: name, Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
		Run: table.RequestResponse(name, table.Input, asl.Call[asl.Value, asl.Value]{Caller: of{f, name}})}
}

// What has failed goes on in a new run: branches, iterations and children that have succeeded do not run again.
func TestRedrive(t *testing.T) {
	p := newPlace(t)
	f := &failing{times: map[string]int{`B"b"`: 1, `I2`: 1, `StandardTask2`: 1, `ExpressTask3`: 1}, calls: map[string]int{}, ids: map[string]bool{}}
	branch := func(s *table.Task) table.Branch {
		return table.Branch{StartAt: "Given " + s.Name, States: []table.State{&table.Pass{Name: "Given " + s.Name, Next: s.Name}, s}}
	}
	given := func(path string, s *table.Task) table.Branch {
		b := branch(s)
		b.States[0].(*table.Pass).InputPath = path
		return b
	}
	load := func(name, next string, as asl.Type) *table.Map {
		return &table.Map{Name: name, Next: next, ItemsPath: "$[2]", ResultPath: "$[2]", ItemProcessor: branch(f.task(name + "Task")), MaxConcurrency: 1,
			Distributed: &table.Distributed{ExecutionType: as}}
	}
	machine := p.machine(p.Engine, unique("Redriven"), "Fan", "1",
		&table.Parallel{Name: "Fan", Next: "Standard", Branches: []table.Branch{
			given("$.a", f.task("A")), given("$.b", f.task("B")),
			{StartAt: "Each", States: []table.State{&table.Map{Name: "Each", ItemsPath: "$.items", End: true, MaxConcurrency: 1, ItemProcessor: branch(f.task("I"))}}},
		}},
		load("Standard", "Express", asl.Standard), load("Express", "End", asl.Express), &table.Succeed{Name: "End"})
	p.work(machine)
	x := p.start(machine, "one", `{"a": "a", "b": "b", "items": [1, 2, 3]}`).(*execution)
	redrives := 0
	for {
		if _, err := x.Wait(t.Context()); err == nil || redrives == 5 {
			break
		}
		redrives++
		token := fmt.Sprint(redrives)
		for range 2 { // with the same token
			if err := x.Redrive(t.Context(), token); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.ends(x, `["a","b",[1,2,3]]`)
	if got := fmt.Sprint(f.calls); got != `map[A"a":1 B"b":2 ExpressTask1:1 ExpressTask2:1 ExpressTask3:2 I1:1 I2:2 I3:1 StandardTask1:1 StandardTask2:2 StandardTask3:1]` {
		t.Errorf("calls %s in %d redrives", got, redrives)
	}
	d, err := x.Describe(t.Context())
	types := p.types(x)
	if n := len(slices.DeleteFunc(slices.Clone(types), func(s string) bool { return s != "ExecutionRedriven" })); err != nil || n != redrives || d.RedriveCount != n {
		t.Errorf("%d redrives, %d events of one, described %+v, %v", redrives, n, d, err)
	}
	if all := strings.Join(types, " "); strings.Count(all, "ParallelStateEntered") != 1 || strings.Count(all, "MapRunStarted") != 2 {
		t.Errorf("the history is %s", all)
	}
	if err := x.Redrive(t.Context(), ""); err == nil {
		t.Error("what has succeeded is redriven")
	}
}
