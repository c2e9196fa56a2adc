package memory_test

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// once are states of each type that take no time.
var once = map[string]func(name, next string) table.State{
	"Pass": func(name, next string) table.State { return &table.Pass{Name: name, Next: next} },
	"Pass with Parameters": func(name, next string) table.State {
		return &table.Pass{Name: name, Next: next, ResultPath: "$.result", Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
			return value.Object(value.Field("n", r.Value("$.n", "/n.$")))
		})}
	},
	"Choice": func(name, next string) table.State {
		return &table.Choice{Name: name, Choices: []table.Rule{{Variable: "$.n", Operator: "NumericEquals", Value: 1, Next: next}}}
	},
	"Wait": func(name, next string) table.State { return &table.Wait{Name: name, SecondsPath: "$.zero", Next: next} },
	"Task": func(name, next string) table.State {
		return &table.Task{Name: name, Resource: "arn:aws:states:::lambda:invoke", ResultPath: "$.result", Next: next,
			Run: table.RequestResponse("Work", func(_ *asl.Context, r *table.Reader) asl.Value { return r.Value("$.n", "/n.$") },
				asl.CallFunc(func(_ context.Context, n asl.Value) (asl.Value, error) { return n, nil }))}
	},
	"Parallel": func(name, next string) table.State {
		return &table.Parallel{Name: name, Next: next, ResultPath: table.NullPath, Branches: []table.Branch{
			branch(&table.Succeed{Name: "Work"}), branch(&table.Succeed{Name: "Work"}),
		}}
	},
	"Map": func(name, next string) table.State {
		m := each(name, 0, &table.Succeed{Name: "Work"})
		m.ResultPath, m.Next, m.End = "$.result", next, false
		return m
	},
}

// order is a document as a Go programmer would have it.
type order struct {
	N, Zero int
	Items   []int
	Result  any
}

// byHand are what the states of once do, written by hand: without a history, and nothing that could be stopped or resumed.
var byHand = map[string]func(o *order){
	"Pass":                 func(*order) {},
	"Pass with Parameters": func(o *order) { o.Result = map[string]any{"n": o.N} },
	"Choice": func(o *order) {
		if o.N != 1 {
			panic("no rule holds")
		}
	},
	"Wait": func(o *order) { time.Sleep(time.Duration(o.Zero) * time.Second) },
	"Task": func(o *order) { o.Result = o.N },
	"Parallel": func(o *order) {
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() { _ = o.N })
		}
		all.Wait()
	},
	"Map": func(o *order) {
		results := make([]int, len(o.Items))
		var all sync.WaitGroup
		for i, item := range o.Items {
			all.Go(func() { results[i] = item })
		}
		all.Wait()
		o.Result = results
	},
}

// BenchmarkState has twenty states of a type in a row, on a document of which they touch a small part: of 2 KB, and of
// 200 KB, where a transition must not cost more; and the same by hand.
func BenchmarkState(b *testing.B) {
	for name, state := range once {
		for _, size := range []int{2_000, 200_000} {
			b.Run(fmt.Sprintf("%s/%dKB", strings.ReplaceAll(name, " ", "_"), size/1000), func(b *testing.B) {
				var states []table.State
				for i := range 20 {
					states = append(states, state(fmt.Sprint("State ", i), fmt.Sprint("State ", i+1)))
				}
				m := newMachine(b, memory.New(), "State 0", table.Definition{States: append(states, &table.Succeed{Name: "State 20"})})
				input := value.MustParse(string(orderText(size))).With("n", value.Int(1)).With("zero", value.Int(0)).
					With("items", value.Array(value.Int(1), value.Int(2)))
				b.ReportAllocs()
				for b.Loop() {
					runDocument(b, m, input)
				}
				perState(b, 20)
			})
		}
		b.Run(strings.ReplaceAll(name, " ", "_")+"/hand-written", func(b *testing.B) {
			o := &order{N: 1, Items: []int{1, 2}}
			b.ReportAllocs()
			for b.Loop() {
				for range 20 {
					byHand[name](o)
				}
			}
			perState(b, 20)
		})
	}
}

func perState(b *testing.B, states int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(states), "ns/transition")
}

// BenchmarkPath reads a document through each kind of path, beside what one would write by hand on Go's own values.
func BenchmarkPath(b *testing.B) {
	document := value.MustParse(string(orderText(2_000)))
	var plain struct {
		Order struct {
			ID    string
			Items []string
		}
		Ballast []struct{ Name string }
	}
	plain.Order.ID, plain.Order.Items, plain.Ballast = "o-1729", []string{"book", "lamp"}, make([]struct{ Name string }, 60)
	var sink any
	for _, row := range []struct {
		kind, path string
		hand       func()
	}{
		{"root", "$", func() { sink = &plain }},
		{"member", "$.order.id", func() { sink = &plain.Order.ID }},
		{"index", "$.order.items[1]", func() { sink = &plain.Order.Items[1] }},
		{"wildcard", "$.ballast[*].name", func() { sink = namesOf(plain.Ballast) }},
		{"slice", "$.order.items[0:2]", func() { sink = plain.Order.Items[0:2] }},
		{"filter", "$.ballast[?(@.weight > 12)].name", func() { sink = namesOf(plain.Ballast) }},
		{"deep scan", "$..id", func() { sink = &plain.Order.ID }},
	} {
		p := jsonpath.MustParse(row.path)
		b.Run(strings.ReplaceAll(row.kind, " ", "_")+"/path", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Get(document); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(strings.ReplaceAll(row.kind, " ", "_")+"/hand-written", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				row.hand()
			}
		})
	}
	_ = sink
}

func namesOf(list []struct{ Name string }) []string {
	names := make([]string, 0, len(list))
	for _, e := range list {
		names = append(names, e.Name)
	}
	return names
}

// BenchmarkMap runs a Map of 100,000 items, forty at a time, beside as many calls on forty goroutines.
func BenchmarkMap(b *testing.B) {
	const items, workers = 100_000, 40
	list := make([]asl.Value, items)
	for i := range list {
		list[i] = value.Int(int64(i % 10))
	}
	input := value.Object(value.Field("items", value.Array(list...)))
	b.Run("machine", func(b *testing.B) {
		m := newMachine(b, memory.New(), "All", table.Definition{Type: asl.Express, States: []table.State{each("All", workers, &table.Pass{Name: "Work", End: true})}})
		b.ReportAllocs()
		for b.Loop() {
			runDocument(b, m, input)
		}
		perSecond(b, items, "items/s")
	})
	b.Run("hand-written", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			results := make([]asl.Value, items)
			var all sync.WaitGroup
			for w := range workers {
				all.Go(func() {
					for i := w; i < items; i += workers {
						results[i] = list[i]
					}
				})
			}
			all.Wait()
		}
		perSecond(b, items, "items/s")
	})
}

// BenchmarkParallel runs a Parallel of 1,000 branches, beside as many goroutines.
func BenchmarkParallel(b *testing.B) {
	const n = 1_000
	b.Run("machine", func(b *testing.B) {
		p := &table.Parallel{Name: "All", End: true}
		for range n {
			p.Branches = append(p.Branches, branch(&table.Pass{Name: "Work", End: true}))
		}
		m := newMachine(b, memory.New(), "All", table.Definition{States: []table.State{p}})
		b.ReportAllocs()
		for b.Loop() {
			runDocument(b, m, value.Int(1))
		}
		perSecond(b, n, "branches/s")
	})
	b.Run("hand-written", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			results := make([]asl.Value, n)
			var all sync.WaitGroup
			for i := range n {
				all.Go(func() { results[i] = value.Int(1) })
			}
			all.Wait()
		}
		perSecond(b, n, "branches/s")
	})
}

// BenchmarkParked has executions wait, as many as -benchtime says, and says what each of them takes.
func BenchmarkParked(b *testing.B) {
	ask := &table.Task{Name: "Park", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End: true, Run: table.WaitForTaskToken("Park",
		func(c *asl.Context, _ *table.Reader) string { return c.Task.Token },
		asl.SendFunc(func(context.Context, string, string) error { return nil }))}
	job := &table.Task{Name: "Park", Resource: "arn:aws:states:::batch:submitJob.sync", End: true, Run: table.Sync("Park",
		func(*asl.Context, *table.Reader) string { return "job" }, asl.Job[string, string]{Runner: &endless{}})}
	wait := &table.Wait{Name: "Park", Seconds: 3600, End: true}
	two := &table.Parallel{Name: "Both", End: true, Branches: []table.Branch{
		{StartAt: "Park", States: []table.State{wait}}, {StartAt: "Park", States: []table.State{wait}},
	}}
	for _, row := range []struct {
		name  string
		state table.State
		begin string
		waits int // in an execution
	}{{"Wait", wait, "Park", 1}, {"token", ask, "Park", 1}, {"sync", job, "Park", 1}, {"Parallel", two, "Both", 3}} {
		b.Run(row.name, func(b *testing.B) {
			park(b, b.N, row.state, row.begin, row.waits)
		})
	}
}

// endless are jobs that do not end.
type endless struct{ started, stopped atomic.Int64 }

func (e *endless) Start(context.Context, *asl.Attempt, string) (asl.Started, error) {
	return asl.Started{Handle: strconv.FormatInt(e.started.Add(1), 10), Submitted: value.EmptyObject}, nil
}

func (e *endless) Watch(context.Context, string, func()) (*asl.Watch, error) {
	return &asl.Watch{Leave: func() {}}, nil
}

func (e *endless) Wait(context.Context, string) (value.Value, error) { panic("it is watched") }

func (e *endless) Stop(context.Context, string, string) error {
	e.stopped.Add(1)
	return nil
}

func park(b *testing.B, n int, state table.State, begin string, waits int) {
	engine := memory.New()
	m := newMachine(b, engine, begin, table.Definition{States: []table.State{state}})
	before := inUse()
	ctx, cancel := context.WithCancel(b.Context())
	executions := make([]*asl.Execution[asl.Value], n)
	for i := range executions {
		executions[i] = start(b, ctx, m)
	}
	for len(engine.Parked()) < n*waits {
		time.Sleep(10*time.Millisecond + time.Duration(n)*time.Microsecond) // to ask costs more than to park them
	}
	b.ReportMetric(float64(inUse()-before)/float64(n), "bytes/execution")
	cancel() // they are detached, and end
	for _, e := range executions {
		_, _ = e.Running().Wait(context.Background())
	}
}

// inUse is what the program holds, stacks included.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// runDocument runs a machine where it is called.
func runDocument(b *testing.B, m *machine, input asl.Value) {
	if _, err := m.Run(b.Context(), input); err != nil {
		b.Fatal(err)
	}
}
