package temporal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/dirstore"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Whoever knows nothing of Step Functions starts a machine by its type, asks it for its history, answers its token and cancels it.
func TestTemporalsOwnMeans(t *testing.T) {
	p := newPlace(t)
	tokens := make(chan string, 10)
	ask := &table.Task{Name: "Ask", Resource: "arn:aws:states:::eks:runJob.waitForTaskToken", End: true,
		Run: table.WaitForTaskToken("Ask", table.Input, asl.SendFunc(func(_ context.Context, token string, _ asl.Value) error {
			tokens <- token
			return nil
		}))}
	m := p.machine(p.Engine, unique("Ask"), "Ask", "1", ask)
	p.work(m)
	begin := func() client.WorkflowRun {
		r, err := p.client.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: m.Name() + "/" + unique("own"), TaskQueue: p.queue}, p.typeOf(m), map[string]int{"a": 1})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := begin()
	workflow, activity, err := Activity(<-tokens)
	if err != nil || workflow != r.GetID() {
		t.Fatal(workflow, err)
	}
	if err := p.client.CompleteActivityByID(t.Context(), "default", workflow, "", activity, map[string]string{"by": "hand"}, nil); err != nil {
		t.Fatal(err)
	}
	var out map[string]string
	if err := r.Get(t.Context(), &out); err != nil || out["by"] != "hand" {
		t.Errorf("its result is %v, %v", out, err)
	}
	var events []map[string]any
	asked, err := p.client.QueryWorkflow(t.Context(), r.GetID(), "", historyQuery, 1, 2)
	if err == nil {
		err = asked.Get(&events)
	}
	if err != nil || len(events) != 2 || events[0]["type"] != "TaskStateEntered" || events[0]["id"] != 2.0 {
		t.Errorf("the query gives %v, %v", events, err)
	}
	x, err := p.Execution(p.Account().ARN("execution", strings.Replace(r.GetID(), "/", ":", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if types := strings.Join(p.types(x), " "); !strings.HasPrefix(types, "ExecutionStarted TaskStateEntered TaskScheduled") {
		t.Errorf("the history is %s", types)
	}
	for cause, end := range map[string]func(id string) error{
		"aborted":                              func(id string) error { return p.client.CancelWorkflow(t.Context(), id, "") },
		"aborted: the workflow was terminated": func(id string) error { return p.client.TerminateWorkflow(t.Context(), id, "", "") },
	} {
		r := begin()
		<-tokens
		if err := end(r.GetID()); err != nil {
			t.Error(err)
		}
		x, err := p.Execution(p.Account().ARN("execution", strings.Replace(r.GetID(), "/", ":", 1)))
		if err != nil {
			t.Fatal(err)
		}
		p.ends(x, cause)
		if d, err := x.Describe(t.Context()); err != nil || d.Status != asl.StatusAborted {
			t.Errorf("%+v, %v", d, err)
		}
	}
}

// The answer to RunTask is lost, with a worker or on its way: the next call is the same one, and there is one task.
func TestLostStart(t *testing.T) {
	p := newPlace(t)
	if _, err := p.ecs.Define("job-id", "container-name", ecsfake.Exits(0, 2*time.Second)); err != nil {
		t.Fatal(err)
	}
	m, err := runJob(p.Engine, p.ecs.Client())
	if err != nil {
		t.Fatal(err)
	}
	p.ecs.Inject(ecsfake.LoseAnswer(ecsfake.RunTask), ecsfake.Times(2))
	first := p.spawn()
	x := p.start(m, unique("lost"), `{"commands": ["one"]}`)
	p.until("a call", func() bool { return p.ecs.Count(ecsfake.RunTask) > 0 })
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.spawn()
	p.succeeds(x)
	calls := p.ecs.Calls(ecsfake.RunTask)
	if len(p.ecs.Tasks()) != 1 || len(calls) < 2 {
		t.Errorf("%d tasks by %d calls", len(p.ecs.Tasks()), len(calls))
	}
}

// A result that is larger than Temporal takes fails its attempt, unless clients and workers keep it elsewhere.
func TestLargeResults(t *testing.T) {
	large := value.String(strings.Repeat("x", 200<<10))
	states := func() []table.State {
		read := call("Read", func(context.Context, asl.Value) (asl.Value, error) {
			all := make([]value.Value, 15)
			for i := range all {
				all[i] = large
			}
			return value.Array(all...), nil
		})
		read.ResultPath = table.NullPath
		read.Catch = []table.Catcher{{ErrorEquals: []string{asl.ErrorDataLimitExceeded}, Next: "Large"}}
		return []table.State{read, &table.Pass{Name: "Large", Result: value.String("too large"), End: true}}
	}
	p := newPlace(t)
	m := p.machine(p.Engine, unique("Large"), "Read", "1", states()...)
	p.work(m)
	p.ends(p.start(m, unique("refused"), `{}`), `"too large"`)

	storage := converter.ExternalStorage{
		Drivers: []converter.StorageDriver{Storage(dirstore.Dir(t.TempDir()), "bucket", "temporal/")}, PayloadSizeThreshold: 1000,
	}
	c, err := client.Dial(client.Options{HostPort: p.address, Logger: quiet, ExternalStorage: storage})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	e := New(c, p.queue+"-stored", WithStorage(storage))
	stored := p.machine(e, unique("Stored"), "Read", "1", states()...)
	w := worker.New(c, p.queue+"-stored", e.WorkerOptions())
	e.RegisterWorker(w, stored)
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
	x, err := e.Start(t.Context(), stored, asl.StartRequest{Input: large})
	if err != nil {
		t.Fatal(err)
	}
	// The document is over Step Functions' own limit too, which its state sees: the payload came through.
	p.ends(x, `"too large"`)
	if d, err := x.Describe(t.Context()); err != nil || !d.Input.Equal(large) {
		t.Errorf("its input has %d bytes, %v", d.Input.Size(), err)
	}
	events, err := x.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range events {
		if event.Err != nil && strings.Contains(event.Err.Cause, "Temporal") {
			t.Errorf("%s: %v", event.Type, event.Err)
		}
	}
}

// Pinned to a worker's version by Temporal, types are the machines' names: an execution ends with the version that it began with.
func TestWorkerVersioning(t *testing.T) {
	p := newPlace(t)
	name, deployment := unique("Pinned"), unique("deployment")
	begin := func(version string) (*Engine, asl.Program) {
		e := New(p.client, p.queue, Unversioned())
		m := p.machine(e, name, "Rest", version,
			&table.Wait{Name: "Rest", Seconds: 2, Next: "P"}, &table.Pass{Name: "P", Result: value.String(version), End: true})
		options := e.WorkerOptions()
		options.DeploymentOptions = worker.DeploymentOptions{
			UseVersioning: true, Version: worker.WorkerDeploymentVersion{DeploymentName: deployment, BuildID: version},
		}
		w := worker.New(p.client, p.queue, options)
		e.RegisterWorker(w, m)
		if err := w.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(w.Stop)
		p.until("the version is current", func() bool {
			_, err := p.client.WorkerDeploymentClient().GetHandle(deployment).SetCurrentVersion(t.Context(), client.WorkerDeploymentSetCurrentVersionOptions{BuildID: version})
			return err == nil
		})
		return e, m
	}
	start := func(e *Engine, m asl.Program, name string) asl.Running {
		x, err := e.Start(t.Context(), m, asl.StartRequest{Name: name, Input: value.EmptyObject})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	older, m1 := begin("one")
	x := start(older, m1, "older")
	p.until("it runs", func() bool { return len(p.types(x)) > 1 })
	newer, m2 := begin("two")
	p.ends(start(newer, m2, "newer"), `"two"`)
	p.ends(x, `"one"`)
	r, err := p.describe(t.Context(), name+"/older", "")
	if err != nil || r.WorkflowExecutionInfo.Type.Name != name {
		t.Errorf("its type is %v, %v", r, err)
	}
	p.until("a list", func() bool { return len(newer.Executions(name)) == 2 })
}

// A branch cannot continue as new: it ends before the server refuses its history.
func TestFullHistory(t *testing.T) {
	e := newSim(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	loop := &table.Choice{Name: "Again", Default: "Rest"}
	m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Long", StartAt: "Fan", Checksum: "1", States: []table.State{
		&table.Parallel{Name: "Fan", End: true, Branches: []table.Branch{{StartAt: "Rest", States: []table.State{
			&table.Wait{Name: "Rest", Seconds: 1, Next: "Again"}, loop,
		}}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	e.prepare = func(env *testsuite.TestWorkflowEnvironment) {
		env.RegisterDelayedCallback(func() { env.SetCurrentHistoryLength(mostEvents + 1) }, time.Minute)
	}
	x, err := e.Start(t.Context(), m.Program(), asl.StartRequest{Input: value.EmptyObject})
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.Wait(t.Context())
	if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != asl.ErrorRuntime || !strings.Contains(failed.Cause, "DISTRIBUTED Map") {
		t.Error(fmt.Sprint(err))
	}
}
