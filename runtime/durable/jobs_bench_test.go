package durable

import (
	"context"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

// BenchmarkJobs has as many executions as it is run times wait for ECS tasks of an hour, on driven time, ends the process meanwhile, and has the next
// one go on with them. It reports how often DescribeTasks is called each time that all are looked at, and how much later than its task the last
// execution ends. No task is started twice.
func BenchmarkJobs(b *testing.B) {
	c := clock.NewDriven(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	fake, err := ecsfake.Start(ecsfake.Options{Clock: c, Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer fake.Close()
	if _, err := fake.Define("job-id", "container-name", ecsfake.Exits(0, time.Hour)); err != nil {
		b.Fatal(err)
	}
	folder := b.TempDir()
	open := func() (*Engine, *asl.Machine[ecsjobs.RunJobInput, ecsjobs.RunJobOutput]) {
		e, err := Open(folder, WithClock(c), eagerly, OnFatal(func(err error) { b.Error(err) }))
		if err != nil {
			b.Fatal(err)
		}
		m, err := ecsjobs.NewRunJob(e, ecsjobs.NewRunJobTasks(ecsjobs.RunJobClients{ECS: ecstask.New(fake.Client(), ecstask.WithClock(c))}))
		if err != nil {
			b.Fatal(err)
		}
		return e, m
	}
	c.Run(clock.NewContext(b.Context(), c), func(ctx context.Context) {
		e, m := open()
		ids := make([]string, b.N)
		for i := range ids {
			x, err := m.Start(ctx, ecsjobs.RunJobInput{Commands: []string{"one"}})
			if err != nil {
				b.Fatal(err)
			}
			ids[i] = x.Running().ID()
		}
		started := c.Now()
		_ = clock.Sleep(ctx, 30*time.Minute)
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
		e, _ = open()
		calls := fake.Count(ecsfake.DescribeTasks)
		_ = clock.Sleep(ctx, 10*time.Second)
		looked := fake.Count(ecsfake.DescribeTasks) - calls
		for _, id := range ids {
			x, err := e.Execution(id)
			if err == nil {
				_, err = x.Wait(ctx)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(looked)/10, "calls/s")
		b.ReportMetric(c.Now().Sub(started.Add(time.Hour)).Seconds(), "s-late")
		if n := len(fake.Tasks()); n != b.N {
			b.Errorf("%d executions have %d tasks", b.N, n)
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	})
}
