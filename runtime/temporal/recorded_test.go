package temporal

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	historypb "go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

var record = flag.Bool("record", false, "record histories of the protocol anew, on a server")

// lasting is a job of a second.
type lasting struct{}

func (lasting) Start(_ context.Context, a *asl.Attempt, _ asl.Value) (asl.Started, error) {
	return asl.Started{Handle: a.ID(), Submitted: value.True}, nil
}

func (lasting) Wait(ctx context.Context, _ string) (asl.Value, error) {
	return value.String("done"), clock.Sleep(ctx, time.Second)
}

func (lasting) Stop(context.Context, string, string) error { return nil }

// recordedStates use all that gives commands: calls, retries, waits, jobs, tokens, branches, iterations, Map Runs of both types.
func recordedStates(answers func() asl.Callbacks) []table.State {
	failed := map[string]bool{}
	first := call("First", func(_ context.Context, in asl.Value) (asl.Value, error) {
		if !failed[in.String()] {
			failed[in.String()] = true
			return asl.Value{}, &asl.Error{Name: "Again"}
		}
		return in, nil
	})
	first.Retry = []table.Retrier{{ErrorEquals: []string{"Again"}, IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1, JitterStrategy: "FULL"}}
	job := &table.Task{Name: "Job", Resource: "arn:aws:states:::eks:runJob.sync", End: true, Run: table.Sync("Job", table.Input, asl.Job[asl.Value, asl.Value]{Runner: lasting{}})}
	ask := &table.Task{Name: "Ask", Resource: "arn:aws:states:::eks:runJob.waitForTaskToken", End: true,
		Run: table.WaitForTaskToken("Ask", table.Input, asl.SendFunc(func(ctx context.Context, token string, in asl.Value) error {
			return answers().SendTaskSuccess(ctx, token, in)
		}))}
	same := func(name string) *table.Task {
		return call(name, func(_ context.Context, in asl.Value) (asl.Value, error) { return in, nil })
	}
	branch := func(s table.State, name string) table.Branch {
		return table.Branch{StartAt: name, States: []table.State{s}}
	}
	express := &table.Map{Name: "Express", Next: "Standard", Distributed: &table.Distributed{ExecutionType: asl.Express}, ItemProcessor: branch(same("E"), "E")}
	standard := &table.Map{Name: "Standard", End: true, Distributed: &table.Distributed{ExecutionType: asl.Standard}, ItemProcessor: branch(same("S"), "S")}
	return []table.State{
		&table.Parallel{Name: "Fan", Next: "Each", ResultPath: table.NullPath, Branches: []table.Branch{
			branch(first, "First"), branch(job, "Job"), branch(ask, "Ask"), branch(&table.Wait{Name: "Rest", Seconds: 1, End: true}, "Rest"),
		}},
		&table.Map{Name: "Each", Next: "Express", ItemProcessor: branch(same("I"), "I")},
		express, standard,
	}
}

// The histories of every protocol are replayed: open executions of a deployment go on with the next version of this package.
func TestRecordedHistories(t *testing.T) {
	const current = "testdata/protocol1.json"
	if *record {
		p := newPlace(t)
		m := p.machine(p.Engine, "Recorded", "Fan", "recorded", recordedStates(func() asl.Callbacks { return p.Engine })...)
		p.work(m)
		x := p.start(m, unique("recorded"), `[1, 2, 3]`)
		p.ends(x, `[1,2,3]`)
		h, err := p.historyOf(t.Context(), x.(*execution).workflow, x.(*execution).first)
		if err != nil {
			t.Fatal(err)
		}
		text, err := protojson.Marshal(h)
		if err == nil {
			err = os.WriteFile(current, text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob("testdata/protocol*.json")
	if err != nil || len(files) < protocol {
		t.Fatalf("there are histories %v of %d protocols: -record writes one", files, protocol)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		h := &historypb.History{}
		if err := protojson.Unmarshal(text, h); err != nil {
			t.Fatal(err)
		}
		e := newEngine("recorded", nil)
		m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Recorded", StartAt: "Fan", Checksum: "recorded", States: recordedStates(nil)})
		if err != nil {
			t.Fatal(err)
		}
		events, err := e.Replay(m.Program(), h)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		var types []string
		for _, event := range events {
			types = append(types, string(event.Type))
		}
		if all := strings.Join(types, " "); len(events) != 65 || !strings.HasSuffix(all, "MapRunSucceeded MapStateSucceeded MapStateExited ExecutionSucceeded") {
			t.Errorf("%s: %d events: %s", file, len(events), all)
		}
		changed := recordedStates(nil)
		changed[1] = &table.Pass{Name: "Each", Next: "Express"}
		if m, err = table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Recorded", StartAt: "Fan", Checksum: "recorded", States: changed}); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Replay(m.Program(), h); err == nil {
			t.Errorf("%s is replayed by a machine that goes another way", file)
		}
	}
}
