package ecsfake_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

// settle waits until no more goroutines run than want, which net/http leaves to end on their own, and returns how many do.
func settle(want int) int {
	for range 1_000_000 {
		if runtime.NumGoroutine() <= want {
			break
		}
		runtime.Gosched()
	}
	return runtime.NumGoroutine()
}

func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	output := newOutput()
	fake, err := ecsfake.Start(ecsfake.Options{Output: output})
	if err != nil {
		t.Fatal(err)
	}
	call := test{t, clock.Wall, fake.Client()}
	defineProcess(t, fake, "program-children")
	call.run(t.Context(), "job")
	output.waitFor("ready")
	pids, _, _ := strings.Cut(output.waitFor("parent"), " parent")
	pids = strings.TrimPrefix(pids, "ready\n")
	fake.Define("func", "main", ecsfake.Func(func(ctx context.Context, _ ecsfake.Container) int {
		<-ctx.Done()
		return 0
	}))
	fake.Define("script", "main", ecsfake.Exits(0, time.Hour))
	call.run(t.Context(), "func")
	arn := *call.run(t.Context(), "script").TaskArn
	waited := make(chan error)
	go func() {
		_, err := fake.WaitStopped(context.Background(), arn)
		waited <- err
	}()
	fake.Close()
	fake.Close()
	if err := <-waited; err == nil {
		t.Error("WaitStopped gave no error")
	}
	if after := settle(before); after > before {
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines, then %d\n%s", before, after, stacks[:runtime.Stack(stacks, true)])
	}
	for _, pid := range strings.Fields(pids) {
		if n, err := strconv.Atoi(pid); err != nil || running(n) {
			t.Errorf("process %s still runs", pid)
		}
	}
	if _, err := call.tryRun(t.Context(), "script"); err == nil {
		t.Error("a closed server answers")
	}
}

// running reports whether a process runs; one that has ended and waits for its parent to notice does not.
func running(pid int) bool {
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	for range 1_000_000 {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if process.Signal(syscall.Signal(0)) != nil || strings.Contains(string(status), ") Z ") {
			return false
		}
		runtime.Gosched()
	}
	return true
}

func TestCloseOnDrivenClock(t *testing.T) {
	before := runtime.NumGoroutine()
	driven := clock.NewDriven(begin)
	fake, err := ecsfake.Start(ecsfake.Options{Clock: driven})
	if err != nil {
		t.Fatal(err)
	}
	driven.Run(context.Background(), func(ctx context.Context) {
		define(t, fake, ecsfake.Func(func(ctx context.Context, _ ecsfake.Container) int {
			clock.SleepUntil(ctx, driven, time.Time{})
			return 0
		}))
		call := test{t, driven, fake.Client()}
		for range 10 {
			call.run(ctx, "job")
		}
	})
	fake.Close()
	if after := settle(before); after > before {
		t.Errorf("%d goroutines, then %d", before, after)
	}
}

// Ten thousand tasks at once cost no goroutine each.
func TestManyTasks(t *testing.T) {
	drive(t, ecsfake.Options{Timing: timing}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		before := runtime.NumGoroutine()
		define(t, fake, ecsfake.Exits(0, time.Hour))
		for range 1000 {
			out, err := t.tryRun(ctx, "job", func(in *ecs.RunTaskInput) { in.Count = aws.Int32(10) })
			if err != nil || len(out.Tasks) != 10 {
				t.Fatal(err)
			}
		}
		t.sleep(ctx, time.Minute)
		if more := runtime.NumGoroutine() - before; more > 20 {
			t.Errorf("%d goroutines more", more)
		}
		if got := len(fake.Running()); got != 10_000 {
			t.Errorf("%d running", got)
		}
		t.sleep(ctx, time.Hour)
		if got := len(fake.Running()); got != 0 {
			t.Errorf("%d running", got)
		}
	})
}

func BenchmarkTask(b *testing.B) {
	fake, err := ecsfake.Start(ecsfake.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer fake.Close()
	fake.Define("job", "main", ecsfake.Exits(0, 0))
	client := fake.Client()
	b.ReportAllocs()
	for b.Loop() {
		out, err := client.RunTask(b.Context(), &ecs.RunTaskInput{TaskDefinition: aws.String("job")})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := fake.WaitStopped(b.Context(), *out.Tasks[0].TaskArn); err != nil {
			b.Fatal(err)
		}
	}
}
