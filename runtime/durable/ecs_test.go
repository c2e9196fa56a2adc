package durable

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

// The README's job is killed half way, and finishes: the next process finds its ECS task by the handle, and starts no other. If
// nobody looks for more than an hour after the task has stopped, whether it succeeded is not known.
func TestJobGoesOn(t *testing.T) {
	for name, row := range map[string]struct {
		ends, down time.Duration // of the task; of the process
		want       string
	}{
		"while it runs":      {30 * time.Minute, 5 * time.Minute, ""},
		"after it stopped":   {2 * time.Minute, 5 * time.Minute, ""},
		"when it is too old": {2 * time.Minute, 3 * time.Hour, asl.ErrorTaskLost},
	} {
		t.Run(name, func(t *testing.T) {
			c := clock.NewDriven(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
			fake, err := ecsfake.Start(ecsfake.Options{Clock: c, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer fake.Close()
			if _, err := fake.Define("job-id", "container-name", ecsfake.Exits(0, row.ends)); err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			open := func() (*Engine, *asl.Machine[ecsjobs.RunJobInput, ecsjobs.RunJobOutput]) {
				e := onDriven(t, c, folder)
				client := ecstask.New(fake.Client(), ecstask.WithClock(c))
				m, err := ecsjobs.NewRunJob(e, ecsjobs.NewRunJobTasks(ecsjobs.RunJobClients{ECS: client}))
				if err != nil {
					t.Fatal(err)
				}
				return e, m
			}
			c.Run(clock.NewContext(t.Context(), c), func(ctx context.Context) {
				e, m := open()
				x, err := m.Start(ctx, ecsjobs.RunJobInput{Commands: []string{"one"}})
				if err != nil {
					t.Fatal(err)
				}
				_ = clock.Sleep(ctx, time.Minute)
				if err := e.Close(); err != nil {
					t.Fatal(err)
				}
				_ = clock.Sleep(ctx, row.down)
				e, _ = open()
				again, err := e.Execution(x.Running().ID())
				if err != nil {
					t.Fatal(err)
				}
				_, err = again.Wait(ctx)
				if failed, _ := errors.AsType[*asl.Error](err); (failed == nil) != (row.want == "") || failed != nil && failed.Name != row.want {
					t.Error(err)
				}
				if tasks, calls := fake.Tasks(), fake.Count(ecsfake.RunTask); len(tasks) != 1 || calls != 1 {
					t.Errorf("%d tasks, RunTask is called %d times", len(tasks), calls)
				}
			})
		})
	}
}
