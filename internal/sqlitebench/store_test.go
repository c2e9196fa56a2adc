package sqlitebench

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/durable"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// steps is how many tasks an execution has, each with a document of 1 KB that is another one.
const steps = 10

var text = strings.Repeat("x", 1000)

// byHand returns what runs an execution with SQLite.
func byHand(t testing.TB, folder string) func() error {
	s, err := Open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	tasks := make([]func(Document) Document, steps)
	for i := range tasks {
		tasks[i] = func(d Document) Document { return Document{d.N + 1, d.Text} }
	}
	return func() error {
		out, err := s.Run(context.Background(), Document{Text: text}, tasks)
		if err == nil && (out.N != steps || out.Text != text) {
			err = fmt.Errorf("the output is %v", out)
		}
		return err
	}
}

// byMachine returns what runs an execution of the same tasks on the durable engine.
func byMachine(t testing.TB, folder string) func() error {
	e, err := durable.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	var states []table.State
	for i := range steps {
		s := &table.Task{Name: fmt.Sprint("S", i), Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", Next: fmt.Sprint("S", i+1),
			Run: table.RequestResponse("S", table.Input, asl.CallFunc(func(_ context.Context, in asl.Value) (asl.Value, error) {
				n, _ := in.Get("n").AsInt()
				return in.With("n", value.Int(n+1)), nil
			}))}
		if i == steps-1 {
			s.Next, s.End = "", true
		}
		states = append(states, s)
	}
	m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Chain", StartAt: "S0", States: states, Checksum: "1"})
	if err != nil {
		t.Fatal(err)
	}
	in := value.Object(value.Field("n", value.Int(0)), value.Field("text", value.String(text)))
	return func() error {
		out, err := m.Run(context.Background(), in)
		if n, _ := out.Get("n").AsInt(); err == nil && n != steps {
			err = fmt.Errorf("the output is %s", out)
		}
		return err
	}
}

// TestFlow compares the two: both carry out all tasks of all executions, and what was acknowledged is in the file of whoever opens it.
func TestFlow(t *testing.T) {
	const executions = 40
	folder := t.TempDir()
	for _, run := range []func() error{byHand(t, folder), byMachine(t, t.TempDir())} {
		each(t, 8, executions, run)
	}
	s, err := Open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Ended(t.Context(), steps)
	if err != nil || len(all) != executions {
		t.Errorf("%d executions have ended: %v", len(all), err)
	}
	for _, d := range all {
		if d.N != steps || d.Text != text {
			t.Errorf("an execution has ended with %v", d)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// BenchmarkFlow runs executions of ten tasks that have b.N transitions, so many at a time, by hand and on the engine by turns. The figures
// are for one transition.
func BenchmarkFlow(b *testing.B) {
	const rounds = 10
	for _, n := range []int{1, 16, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			sides := []side{{name: "sqlite", run: byHand(b, b.TempDir())}, {name: "engine", run: byMachine(b, b.TempDir())}}
			executions := max(1, b.N/steps/rounds)
			b.ResetTimer()
			for range rounds {
				for i := range sides {
					sides[i].measure(b, n, executions)
				}
			}
			b.ReportMetric(0, "ns/op") // of both
			for _, s := range sides {
				b.ReportMetric(float64(s.took)/float64(rounds*executions*steps), s.name+"-ns/transition")
				b.ReportMetric(float64(s.used)/float64(rounds*executions*steps), s.name+"-cpu-ns/transition")
			}
			b.ReportMetric(float64(sides[0].took)/float64(sides[1].took), "times-faster")
		})
	}
}

// side is one of the two that are compared, with the time that it took and the processor time that it used.
type side struct {
	name       string
	run        func() error
	took, used time.Duration
}

func (s *side) measure(b *testing.B, n, executions int) {
	began, before := time.Now(), processorTime(b)
	each(b, n, executions, s.run)
	s.took += time.Since(began)
	s.used += processorTime(b) - before
}

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Skip(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// each runs so many executions in n goroutines.
func each(t testing.TB, n, executions int, run func() error) {
	var left atomic.Int64
	left.Store(int64(executions))
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := run(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}
