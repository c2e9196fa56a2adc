package ecstask_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/internal/again"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// startMachine starts a machine whose one state is given.
func (l *lab) startMachine(ctx context.Context, name string, s table.State, input asl.Value) *asl.Execution[asl.Value] {
	l.Helper()
	m, err := table.NewMachine[asl.Value, asl.Value](l.engine, table.Definition{Name: "Lab", StartAt: name, States: []table.State{s}})
	if err != nil {
		l.Fatal(err)
	}
	e, err := m.Start(ctx, input)
	if err != nil {
		l.Fatal(err)
	}
	l.executions = append(l.executions, e)
	return e
}

// branches returns a Parallel state that runs "job" in n branches.
func (l *lab) branches(n int) *table.Parallel {
	p := &table.Parallel{Name: "Fan", End: true}
	for range n {
		p.Branches = append(p.Branches, table.Branch{StartAt: "Run", States: []table.State{l.state(runSync)}})
	}
	return p
}

// The failure of a branch has the tasks of the others stopped (E39).
func TestSiblingFails(t *testing.T) { again.Same(t, func() string { return siblingFails(t) }) }

func siblingFails(t *testing.T) string {
	l := newLab(t)
	l.Inject(ecsfake.Runs("main", ecsfake.Exits(3, 10*time.Second)), ecsfake.Skip(1))
	l.run(func(ctx context.Context) {
		e := l.startMachine(ctx, "Fan", l.branches(3), value.EmptyObject)
		_, err := e.Running().Wait(ctx)
		if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != asl.ErrorTaskFailed {
			t.Error(err)
		}
		l.sleep(ctx, time.Hour)
	})
	if got := described(l.Tasks()...); got != stopped+"; EssentialContainerExited [3 0]; "+stopped {
		t.Error(got)
	}
	if l.Count(ecsfake.StopTask) != 2 {
		t.Errorf("StopTask was called %d times", l.Count(ecsfake.StopTask))
	}
	return l.histories()
}

// The end of an execution waits for the tasks of its branches to be stopped, too.
func TestAbortBranches(t *testing.T) { again.Same(t, func() string { return abortBranches(t) }) }

func abortBranches(t *testing.T) string {
	l := newLab(t)
	l.run(func(ctx context.Context) {
		e := l.startMachine(ctx, "Fan", l.branches(3), value.EmptyObject)
		l.sleep(ctx, 20*time.Second)
		told.Stop(e, "", "")
		_, _ = e.Running().Wait(ctx)
		l.sleep(ctx, time.Minute) // until what was stopped has ended
		if n := l.Count(ecsfake.StopTask); n != 3 {
			t.Errorf("%d tasks were stopped by the end of the execution", n)
		}
	})
	return l.histories()
}

// A retry of the Parallel runs tasks of its own: RunTask would answer the client tokens of the first with its old tasks.
func TestRetryOfBranches(t *testing.T) { again.Same(t, func() string { return retryOfBranches(t) }) }

func retryOfBranches(t *testing.T) string {
	l := newLab(t)
	l.Inject(ecsfake.Runs("main", ecsfake.Exits(3, 10*time.Second)))
	p := l.branches(2)
	p.Retry = retryAll
	l.run(func(ctx context.Context) {
		if _, err := l.startMachine(ctx, "Fan", p, value.EmptyObject).Running().Wait(ctx); err != nil {
			t.Error(err)
		}
	})
	if got := described(l.Tasks()...); got != "EssentialContainerExited [3 0]; "+stopped+"; "+well+"; "+well {
		t.Error(got)
	}
	return l.histories()
}

// A Map of tasks: no more at a time than MaxConcurrency, and none once one has failed.
func TestMapOfTasks(t *testing.T) {
	for name, fails := range map[string]bool{"all go well": false, "one fails": true} {
		t.Run(name, func(t *testing.T) { again.Same(t, func() string { return mapOfTasks(t, fails) }) })
	}
}

func mapOfTasks(t *testing.T, fails bool) string {
	l := newLab(t)
	most := 0
	run := &table.Task{Name: "Run", Resource: runSync.resource, End: true, Run: table.Sync("Run", func(_ *asl.Context, r *table.Reader) *ecs.RunTaskInput {
		most = max(most, 1+len(l.Running()))
		return &ecs.RunTaskInput{TaskDefinition: aws.String("job"), Overrides: &types.TaskOverride{
			ContainerOverrides: []types.ContainerOverride{{Name: aws.String("main"), Command: r.Strings("$", "/Overrides/ContainerOverrides/0/Command.$")}},
		}}
	}, l.client.Sync())}
	m := &table.Map{Name: "Each", MaxConcurrency: 4, End: true, ItemProcessor: table.Branch{StartAt: "Run", States: []table.State{run}}}
	if fails {
		l.Inject(ecsfake.Runs("main", ecsfake.Exits(3, time.Second)), ecsfake.Skip(5))
	}
	var items []asl.Value
	for i := range 10 {
		items = append(items, value.Array(value.String("item"), value.String(fmt.Sprint(i))))
	}
	l.run(func(ctx context.Context) {
		output, err := l.startMachine(ctx, "Each", m, value.Array(items...)).Running().Wait(ctx)
		if (err != nil) != fails {
			t.Error(err)
		}
		l.sleep(ctx, time.Hour)
		for i, task := range output.Elements() {
			if text := task.String(); !strings.Contains(text, fmt.Sprintf(`"Command":["item","%d"]`, i)) {
				t.Errorf("result %d: %s", i, text)
			}
		}
	})
	tasks := l.Tasks()
	if most != 4 || len(l.Running()) != 0 || !fails && len(tasks) != 10 {
		t.Errorf("%d at a time, %d tasks, %d left", most, len(tasks), len(l.Running()))
	}
	if failed := slices.IndexFunc(tasks, func(t types.Task) bool { return t.StopCode == types.TaskStopCodeUserInitiated }); (failed >= 0) != fails || len(tasks) > 10 {
		t.Errorf("%s", described(tasks...))
	}
	return l.histories()
}

// Executions beside one another, of every pattern, with answers that are lost and tasks that fail, retried or not.
func TestExecutionsAtOnce(t *testing.T) {
	again.Same(t, func() string {
		l := newLab(t)
		l.Inject(ecsfake.LoseAnswer(ecsfake.RunTask), ecsfake.Skip(3), ecsfake.For(15*time.Second))
		l.Inject(ecsfake.Runs("main", ecsfake.Exits(3, 5*time.Second)), ecsfake.Skip(2), ecsfake.Times(2))
		l.run(func(ctx context.Context) {
			for i := range 8 {
				s := l.state(all[i%len(all)])
				if i < 4 {
					s.Retry = retryAll
				}
				l.start(ctx, s)
			}
			l.sleep(ctx, 20*time.Second)
			told.Stop(l.executions[4], "Enough", "of this")
			for _, e := range l.executions {
				_, _ = e.Running().Wait(ctx)
			}
			l.sleep(ctx, time.Hour)
		})
		if left := l.Running(); len(left) != 0 {
			t.Errorf("%d tasks are left", len(left))
		}
		return l.histories()
	})
}
