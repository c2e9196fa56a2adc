package durable_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/durable"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// steps is how many tasks an execution of the benchmarks has, each with a document of 1 KB that is another one.
const steps = 10

// chain makes a machine of tasks that give what they are given with a number more.
func chain(b *testing.B, e asl.Engine) *asl.Machine[asl.Value, asl.Value] {
	var states []table.State
	for i := range steps {
		t := &table.Task{Name: fmt.Sprint("S", i), Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", Next: fmt.Sprint("S", i+1),
			Run: table.RequestResponse("S", table.Input, asl.CallFunc(func(_ context.Context, in asl.Value) (asl.Value, error) {
				n, _ := in.Get("n").AsInt()
				return in.With("n", value.Int(n+1)), nil
			}))}
		if i == steps-1 {
			t.Next, t.End = "", true
		}
		states = append(states, t)
	}
	m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Chain", StartAt: "S0", States: states, Checksum: "1"})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

var kilobyte = value.Object(value.Field("n", value.Int(0)), value.Field("text", value.String(strings.Repeat("x", 1000))))

// BenchmarkTransitions runs executions of ten tasks, so many at a time, each transition on disk before the next, by turns with the log alone
// with as many records of as many bytes, which is the most that there can be. The figures are for one transition: an execution has two
// records more than transitions, its start and its end.
func BenchmarkTransitions(b *testing.B) {
	const rounds = 20
	for _, n := range []int{1, 16, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			folder := b.TempDir()
			e, err := durable.Open(folder)
			if err != nil {
				b.Fatal(err)
			}
			m := chain(b, e)
			engine := side{name: "engine", run: func() error {
				_, err := m.Run(context.Background(), kilobyte)
				return err
			}}
			l := recordlog.Open(b.TempDir())
			if err := l.Scan(nil); err != nil {
				b.Fatal(err)
			}
			alone := side{name: "log", run: func() error { return putAlone(l, usualRecord) }}
			executions := max(1, b.N/steps/rounds)
			b.ResetTimer()
			for range rounds {
				engine.measure(b, n, executions)
				alone.measure(b, n, executions)
			}
			b.StopTimer()
			if err := errors.Join(e.Close(), l.Close()); err != nil {
				b.Fatal(err)
			}
			transitions := float64(rounds * executions * steps)
			engine.report(b, transitions)
			alone.report(b, transitions)
			b.ReportMetric(float64(alone.took)/float64(engine.took), "ratio")
			b.ReportMetric(0, "ns/op") // of both
			w := writtenIn(b, folder)
			b.ReportMetric(float64(w.bytes)/transitions, "B/transition")
			if records, size := w.records/(rounds*executions), w.bytes/w.records; records != recordsEach || size < usualRecord-10 || size > usualRecord+10 {
				b.Errorf("an execution has %d records of %d bytes, and the log alone others", records, size)
			}
		})
	}
}

// recordsEach is how many records an execution of [chain] has, and usualRecord how many bytes each of them has.
const recordsEach, usualRecord = steps + 2, 210

// putAlone writes what an execution writes.
func putAlone(l recordlog.Log, size int) error {
	var at recordlog.Place
	for range recordsEach {
		if err := l.Put(make([]byte, size), &at).Wait(); err != nil {
			return err
		}
	}
	return nil
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

func (s *side) report(b *testing.B, transitions float64) {
	b.ReportMetric(float64(s.took)/transitions, s.name+"-ns/transition")
	b.ReportMetric(float64(s.used)/transitions, s.name+"-cpu-ns/transition")
}

// written is what a folder has of executions.
type written struct{ records, bytes int }

// writtenIn returns how much the log of a folder has.
func writtenIn(b *testing.B, folder string) (w written) {
	l := recordlog.Open(folder)
	err := l.Scan(func(_, _ recordlog.Position, record []byte) error {
		w.records, w.bytes = w.records+1, w.bytes+len(record)+recordlog.HeadSize
		return nil
	})
	if err := errors.Join(err, l.Close()); err != nil {
		b.Fatal(err)
	}
	return w
}

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Skip(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// each calls f so many times, in n goroutines.
func each(b *testing.B, n, times int, f func() error) {
	var left atomic.Int64
	left.Store(int64(times))
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := f(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// BenchmarkParked starts executions that wait for a day, and opens their folder again. The figures are for one execution.
func BenchmarkParked(b *testing.B) {
	folder := b.TempDir()
	open := func() (*durable.Engine, *asl.Machine[asl.Value, asl.Value]) {
		e, err := durable.Open(folder)
		if err != nil {
			b.Fatal(err)
		}
		m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Rest", StartAt: "W", Checksum: "1",
			States: []table.State{&table.Wait{Name: "W", Seconds: 86400, End: true}}})
		if err != nil {
			b.Fatal(err)
		}
		return e, m
	}
	e, m := open()
	var left atomic.Int64
	left.Store(int64(b.N))
	var all sync.WaitGroup
	for range 256 {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := m.Start(context.Background(), value.EmptyObject); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	time.Sleep(time.Second) // until all have left memory
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	e, m = nil, nil
	before := heap()
	begin := time.Now()
	e, m = open()
	took := time.Since(begin)
	b.ReportMetric(float64(heap()-before)/float64(b.N), "heap-B/execution")
	b.ReportMetric(float64(sizeOf(folder))/float64(b.N), "disk-B/execution")
	b.ReportMetric(float64(took.Nanoseconds())/float64(b.N), "open-ns/execution")
	runtime.KeepAlive(m)
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// sizeOf returns how many bytes the files of a folder have.
func sizeOf(folder string) (n int64) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return 0
	}
	for _, f := range files {
		if info, err := f.Info(); err == nil {
			n += info.Size()
		}
	}
	return n
}
