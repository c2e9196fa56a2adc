package ecstask_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

// BenchmarkManyTasks has 10,000 executions wait for a .sync task each, against the endpoint: how many calls of DescribeTasks
// it takes to look at all of them once, and how long after a task has stopped its execution knows, in driven time.
func BenchmarkManyTasks(b *testing.B) {
	for b.Loop() {
		l := newLab(b)
		l.SetProgram("job", "main", ecsfake.Exits(0, 5*time.Minute))
		l.run(func(ctx context.Context) {
			m := l.machine(l.state(runSync))
			for range many() {
				e, err := m.Start(ctx, asl.Value{})
				if err != nil {
					b.Fatal(err)
				}
				l.executions = append(l.executions, e)
			}
			for _, e := range l.executions {
				if _, err := e.Running().Wait(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
		l.reportPolling(b)
		l.Close()
	}
}

// reportPolling reports what it took to see the ends of the lab's tasks.
func (l *lab) reportPolling(b *testing.B) {
	asked, calls := 0, l.Calls(ecsfake.DescribeTasks)
	for _, c := range calls {
		asked += c.Input.Get("tasks").Len()
	}
	b.ReportMetric(float64(len(calls))/(float64(asked)/float64(many())), "calls/round")
	b.ReportMetric(float64(len(calls)), "calls")
	stopped := map[string]time.Time{}
	for _, task := range l.Tasks() {
		stopped[*task.TaskArn] = *task.StoppedAt
	}
	var total, longest time.Duration
	for _, e := range l.executions {
		for _, event := range told.History(e) {
			if event.Type == asl.TaskSucceeded {
				arn, _ := event.Output.Get("TaskArn").AsString()
				late := event.Time.Sub(stopped[arn])
				total, longest = total+late, max(longest, late)
			}
		}
	}
	b.ReportMetric(total.Seconds()/float64(many()), "s-to-completion")
	b.ReportMetric(longest.Seconds(), "s-to-completion-at-most")
}

// BenchmarkWaiting says what a task that is waited for takes of the client's memory: with a goroutine that waits, and watched without one.
func BenchmarkWaiting(b *testing.B) {
	for name, start := range map[string]func(*board, context.Context, int){"Wait": (*board).start, "Watch": (*board).watch} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				board := newBoard()
				board.Run(b.Context(), func(ctx context.Context) {
					before := inUse()
					start(board, ctx, many())
					board.at(ctx, time.Second)
					board.calls = nil // what only the test remembers
					board.looks = map[string][]time.Time{}
					b.ReportMetric(float64(inUse()-before)/float64(many()), "bytes/task")
					board.stopped = true
				})
			}
		})
	}
}

// watch starts n tasks and has their ends be told.
func (b *board) watch(ctx context.Context, n int) {
	sync := b.client.Sync()
	for range n {
		if started, err := sync.Start(ctx, &asl.Attempt{}, &ecs.RunTaskInput{}); err == nil {
			_, _ = sync.Runner.(asl.Watcher).Watch(ctx, started.Handle, func() { b.ended++ })
		}
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
