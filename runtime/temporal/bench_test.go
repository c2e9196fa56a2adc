package temporal

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/durable"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// steps are the states of the flow that is measured: three calls in a row.
var steps = []string{"One", "Two", "Three"}

func flow() (states []table.State) {
	for i, name := range steps {
		s := call(name, func(_ context.Context, in asl.Value) (asl.Value, error) { return in, nil })
		if i+1 < len(steps) {
			s.Next, s.End = steps[i+1], false
		}
		states = append(states, s)
	}
	return states
}

// byHand is the same flow as somebody writes it for Temporal.
func byHand(ctx workflow.Context, in map[string]any) (out map[string]any, err error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Hour})
	out = in
	for _, name := range steps {
		if err := workflow.ExecuteActivity(ctx, name, out).Get(ctx, &out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// BenchmarkExecutions runs executions of three calls, so many at a time: as a machine on Temporal, by hand on Temporal, and as a machine on
// the durable engine.
func BenchmarkExecutions(b *testing.B) {
	p := newPlace(b, WithLease(30*time.Second))
	m := p.machine(p.Engine, unique("Flow"), "One", "1", flow()...)
	w := worker.New(p.client, p.queue, p.WorkerOptions())
	p.RegisterWorker(w, m)
	w.RegisterWorkflowWithOptions(byHand, workflow.RegisterOptions{Name: "byHand"})
	for _, name := range steps {
		w.RegisterActivityWithOptions(func(_ context.Context, in map[string]any) (map[string]any, error) { return in, nil }, activity.RegisterOptions{Name: name})
	}
	if err := w.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(w.Stop)
	kept, err := durable.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = kept.Close() })
	same := p.machine(kept, "Flow", "One", "1", flow()...)
	input := value.MustParse(`{"order": "` + strings.Repeat("x", 900) + `"}`)
	on := func(e asl.Engine, m asl.Program) func() (string, error) {
		return func() (string, error) {
			x, err := e.Start(b.Context(), m, asl.StartRequest{Input: input})
			if err != nil {
				return "", err
			}
			_, err = x.Wait(b.Context())
			return m.Name() + "/" + x.Name(), err
		}
	}
	ways := []struct {
		name string
		run  func() (id string, err error)
	}{
		{"machine", on(p.Engine, m)},
		{"byHand", func() (string, error) {
			r, err := p.client.ExecuteWorkflow(b.Context(), client.StartWorkflowOptions{ID: unique("hand"), TaskQueue: p.queue}, "byHand", input)
			if err != nil {
				return "", err
			}
			return r.GetID(), r.Get(b.Context(), nil)
		}},
		{"durable", on(kept, same)},
	}
	for _, at := range []int{1, 16, 64} {
		for _, way := range ways {
			b.Run(fmt.Sprintf("%s/%d", way.name, at), func(b *testing.B) {
				var last string
				var mu sync.Mutex
				together(b, at, func() error {
					id, err := way.run()
					mu.Lock()
					defer mu.Unlock()
					last = id
					return err
				})
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "executions/s")
				if way.name != "durable" {
					b.ReportMetric(p.events(last), "events")
				}
			})
		}
	}
}

// together calls run b.N times, so many at a time.
func together(b *testing.B, at int, run func() error) {
	var group sync.WaitGroup
	work := make(chan bool)
	for range at {
		group.Go(func() {
			for range work {
				if err := run(); err != nil {
					b.Error(err)
				}
			}
		})
	}
	b.ResetTimer()
	for range b.N {
		work <- true
	}
	close(work)
	group.Wait()
}

// events is how many events Temporal's history of a workflow has.
func (p *place) events(id string) float64 {
	r, err := p.describe(p.Context(), id, "")
	if err != nil {
		p.Fatal(err)
	}
	return float64(r.WorkflowExecutionInfo.HistoryLength)
}

// mapSize is how many items a Map is measured with, and handPage how many share a workflow by hand.
const (
	mapSize  = 10_000
	handPage = 250
)

// mapByHand does for each item what somebody writes for Temporal: child workflows of pages of items.
func mapByHand(ctx workflow.Context, items []int) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Hour})
	var all []workflow.Future
	if len(items) > handPage {
		for at := 0; at < len(items); at += handPage {
			all = append(all, workflow.ExecuteChildWorkflow(ctx, "mapByHand", items[at:at+handPage]))
		}
	} else {
		for _, i := range items {
			all = append(all, workflow.ExecuteActivity(ctx, "Do", i))
		}
	}
	for _, f := range all {
		if err := f.Get(ctx, nil); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkMap runs a Map Run over 10,000 items, and the same by hand.
func BenchmarkMap(b *testing.B) {
	p := newPlace(b, WithLease(30*time.Second))
	m := p.machine(p.Engine, unique("Load"), "Load", "1", &table.Map{Name: "Load", End: true, ResultPath: table.NullPath,
		Distributed: &table.Distributed{ExecutionType: asl.Express}, ItemProcessor: table.Branch{StartAt: "Do", States: []table.State{
			call("Do", func(_ context.Context, in asl.Value) (asl.Value, error) { return in, nil }),
		}}})
	w := worker.New(p.client, p.queue, p.WorkerOptions())
	p.RegisterWorker(w, m)
	w.RegisterWorkflowWithOptions(mapByHand, workflow.RegisterOptions{Name: "mapByHand"})
	w.RegisterActivityWithOptions(func(_ context.Context, in int) (int, error) { return in, nil }, activity.RegisterOptions{Name: "Do"})
	if err := w.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(w.Stop)
	items, numbers := make([]value.Value, mapSize), make([]int, mapSize)
	for i := range items {
		items[i], numbers[i] = value.Int(int64(i)), i
	}
	b.Run("machine", func(b *testing.B) {
		for b.Loop() {
			x, err := p.Start(b.Context(), m, asl.StartRequest{Input: value.Array(items...)})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := x.Wait(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(p.events(m.Name()+"/"+x.Name()), "events")
		}
	})
	b.Run("byHand", func(b *testing.B) {
		for b.Loop() {
			r, err := p.client.ExecuteWorkflow(b.Context(), client.StartWorkflowOptions{ID: unique("hand"), TaskQueue: p.queue}, "mapByHand", numbers)
			if err != nil {
				b.Fatal(err)
			}
			if err := r.Get(b.Context(), nil); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(p.events(r.GetID()), "events")
		}
	})
}

// BenchmarkSync runs a task of ECS that ends at once, and is asked for 20 times a second.
func BenchmarkSync(b *testing.B) {
	p := newPlace(b, WithLease(30*time.Second))
	if _, err := p.ecs.Define("job-id", "container-name", ecsfake.Exits(0, 0)); err != nil {
		b.Fatal(err)
	}
	m, err := runJob(p.Engine, p.ecs.Client())
	if err != nil {
		b.Fatal(err)
	}
	p.work(m)
	for b.Loop() {
		x, err := p.Start(b.Context(), m, asl.StartRequest{Input: value.MustParse(`{"commands": []}`)})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := x.Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(p.events(m.Name()+"/"+x.Name()), "events")
	}
}
