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

// BenchmarkTransitions runs executions of ten tasks, so many at a time, each transition on disk before the next, and beside it the
// log alone with as many records of as many bytes, which is the most that there can be. The figures are for one transition: an
// execution has two records more than transitions, its start and its end.
func BenchmarkTransitions(b *testing.B) {
	for _, n := range []int{1, 16, 256} {
		var written written
		b.Run(fmt.Sprintf("engine/%d", n), func(b *testing.B) {
			folder := b.TempDir()
			e, err := durable.Open(folder)
			if err != nil {
				b.Fatal(err)
			}
			m := chain(b, e)
			measured(b, n, func() error {
				_, err := m.Run(context.Background(), kilobyte)
				return err
			})
			if err := e.Close(); err != nil {
				b.Fatal(err)
			}
			written = writtenIn(b, folder)
			b.ReportMetric(float64(written.bytes)/float64(written.executions*steps), "B/transition")
			b.ReportMetric(float64(written.records)/float64(written.executions*steps), "records/transition")
		})
		b.Run(fmt.Sprintf("log/%d", n), func(b *testing.B) {
			l := recordlog.Open(b.TempDir())
			if err := l.Scan(nil); err != nil {
				b.Fatal(err)
			}
			records, size := written.records/written.executions, written.bytes/written.records
			measured(b, n, func() error {
				var at recordlog.Place
				for range records {
					if err := l.Put(make([]byte, size), &at).Wait(); err != nil {
						return err
					}
				}
				return nil
			})
			if err := l.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// written is what a folder has of executions.
type written struct{ executions, records, bytes int }

// writtenIn returns how much the log of a folder has.
func writtenIn(b *testing.B, folder string) written {
	w := written{executions: executions(b)}
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

// executions is how many make b.N transitions.
func executions(b *testing.B) int { return max(1, b.N/steps) }

// measured measures [each], and the processor time of it.
func measured(b *testing.B, n int, f func() error) {
	before := processorTime(b)
	b.ResetTimer()
	each(b, n, f)
	b.StopTimer()
	b.ReportMetric(float64((processorTime(b)-before).Nanoseconds())/float64(b.N), "cpu-ns/transition")
}

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Skip(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// each calls f as often as makes b.N transitions, in n goroutines.
func each(b *testing.B, n int, f func() error) {
	var left atomic.Int64
	left.Store(int64(executions(b)))
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
