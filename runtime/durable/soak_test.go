package durable_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/durable"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// What tells the test binary that it is the process to be killed: the folder of the engine, and how many executions there are to be.
const (
	soakFolder = "ASLGEN_SOAK_FOLDER"
	soakKills  = "ASLGEN_SOAK_KILLS" // how often it is killed, 25 times otherwise
)

// world is what is outside of the process: a folder with a file for each thing that was done, which outlives it.
type world string

// note makes a file, unless it is there: then it must say the same.
func (w world) note(kind, name, text string) error {
	file := filepath.Join(string(w), kind+" "+name)
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		if had, err := os.ReadFile(file); err != nil || len(had) > 0 && string(had) != text {
			return w.note("fault", name, fmt.Sprintf("%s %s was %s and is %s: %v", kind, name, had, text, err))
		}
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// names returns the names of the files of a kind.
func (w world) names(kind string) (names []string, err error) {
	all, err := filepath.Glob(filepath.Join(string(w), kind+" *"))
	for _, file := range all {
		names = append(names, strings.TrimPrefix(filepath.Base(file), kind+" "))
	}
	return names, err
}

// soakMachine calls twice at the same time, waits, and asks.
func soakMachine(e *durable.Engine, w world) (*asl.Machine[asl.Value, asl.Value], error) {
	call := func(name string) table.Branch {
		return table.Branch{StartAt: name, States: []table.State{&table.Task{Name: name, Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
			Run: table.RequestResponse(name, table.Input, asl.Call[asl.Value, asl.Value]{Caller: soakCall{w}})}}}
	}
	return table.NewMachine[asl.Value, asl.Value](e, table.Definition{
		Name: "Soak", StartAt: "Both", Checksum: "1",
		States: []table.State{
			&table.Parallel{Name: "Both", Branches: []table.Branch{call("One"), call("Two")}, Next: "Rest"},
			&table.Wait{Name: "Rest", Seconds: 1, Next: "Ask"},
			&table.Task{Name: "Ask", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End: true,
				Run: table.WaitForTaskToken("Ask", table.Input, asl.SendFunc(func(_ context.Context, token string, _ asl.Value) error {
					return w.note("token", token, "")
				}))},
		},
	})
}

type soakCall struct{ world }

func (s soakCall) Call(ctx context.Context, a *asl.Attempt, p asl.Value) (asl.Value, error) {
	time.Sleep(time.Duration(rand.IntN(3)) * time.Millisecond)
	return value.String(a.ID()), s.note("call", a.ID(), a.Execution()+" "+a.State+" "+p.String())
}

// soak is the process: it starts executions and answers tokens until it is killed, or all have ended.
func soak(folder string) error {
	w := world(filepath.Join(folder, "world"))
	e, err := durable.Open(filepath.Join(folder, "state"), durable.WithParkAfter(100*time.Millisecond))
	if err != nil {
		return err
	}
	m, err := soakMachine(e, w)
	if err != nil {
		return err
	}
	go soakAnswers(e, w)
	started, err := w.names("started")
	if err != nil {
		return err
	}
	for n := len(started); ; n++ {
		if _, over := os.Stat(filepath.Join(folder, "over")); over == nil {
			return soakEnd(e, w)
		}
		x, err := m.Start(context.Background(), value.Int(int64(n)), asl.Named(strconv.Itoa(n)))
		if err != nil && !strings.Contains(err.Error(), "ExecutionAlreadyExists") {
			return err
		}
		if err == nil {
			if err := w.note("started", strconv.Itoa(n), x.Running().ID()); err != nil {
				return err
			}
		}
		time.Sleep(time.Millisecond)
	}
}

// soakAnswers answers every token, and notes what was acknowledged.
func soakAnswers(e *durable.Engine, w world) {
	for {
		tokens, _ := w.names("token")
		for _, token := range tokens {
			if _, answered := os.Stat(filepath.Join(string(w), "answered "+token)); answered == nil {
				continue
			}
			err := e.SendTaskSuccess(context.Background(), token, value.String(token))
			if err == nil || strings.HasPrefix(err.Error(), asl.CodeTaskTimedOut) {
				_ = w.note("answered", token, "")
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// soakEnd waits for all executions that were acknowledged, and holds their histories to what there must be.
func soakEnd(e *durable.Engine, w world) error {
	started, err := w.names("started")
	if err != nil {
		return err
	}
	for _, name := range started {
		x, err := e.Execution("arn:aws:states:us-east-1:123456789012:execution:Soak:" + name)
		if err != nil {
			return err
		}
		if _, err := x.Wait(context.Background()); err != nil {
			return fmt.Errorf("execution %s: %w", name, err)
		}
		events, err := x.History(context.Background())
		if err != nil {
			return err
		}
		for i, event := range events {
			if event.ID != int64(i+1) {
				return fmt.Errorf("execution %s: event %d has the id %d", name, i+1, event.ID)
			}
		}
		if len(events) != 24 {
			return fmt.Errorf("execution %s has %d events", name, len(events))
		}
	}
	fmt.Println("soaked", len(started))
	return e.Close()
}

// TestKill kills a process again and again, at any moment. What it has acknowledged is there in the end, and no attempt was made
// with other parameters.
func TestKill(t *testing.T) {
	if folder := os.Getenv(soakFolder); folder != "" {
		if err := soak(folder); err != nil {
			t.Fatal(err)
		}
		return
	}
	kills := 25
	if testing.Short() {
		kills = 3
	}
	if n, err := strconv.Atoi(os.Getenv(soakKills)); err == nil {
		kills = n
	}
	folder := t.TempDir()
	for _, name := range []string{"world", "state"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	process := func() *exec.Cmd {
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKill$")
		c.Env = append(os.Environ(), soakFolder+"="+folder)
		return c
	}
	for range kills {
		c := process()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(20+rand.IntN(60)) * time.Millisecond)
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	if err := os.WriteFile(filepath.Join(folder, "over"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := process().CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := durable.Verify(filepath.Join(folder, "state")); err != nil {
		t.Error(err)
	}
	w := world(filepath.Join(folder, "world"))
	if faults, err := w.names("fault"); err != nil || len(faults) > 0 {
		t.Errorf("%v %v", faults, err)
	}
	calls, err := w.names("call")
	started, _ := w.names("started")
	if err != nil || len(calls) < 2*len(started) {
		t.Errorf("%d executions made %d calls: %v", len(started), len(calls), err)
	}
	t.Logf("%d kills, %d executions: %s", kills, len(started), out)
}
