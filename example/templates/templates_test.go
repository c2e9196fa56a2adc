package templates

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestMain says how much of the machines the tests run, at the lines of the files that they stand in.
func TestMain(m *testing.M) { os.Exit(asltest.Cover(m)) }

func engine() *memory.Engine { return memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)) }

func TestNightlyReport(t *testing.T) {
	const task = `{"TaskArn": "arn:aws:ecs:us-east-1:123456789012:task/c/1"}`
	var tasks NightlyReportTasks
	calls := asltest.MockJob(t, &tasks.Report, asltest.Throw("ECS.ServerException", ""), asltest.ReturnJSON(task), asltest.ReturnJSON(`{}`))
	machine, err := NewNightlyReport(engine(), NightlyReportConfig{ClusterARN: "c"}, tasks)
	if err != nil {
		t.Fatal(err)
	}
	got, err := machine.Run(t.Context(), NightlyReportInput{Day: "1"})
	if err != nil || got.ID != "1" {
		t.Error(got, err)
	}
	if in := calls.Given()[0]; *in.Cluster != "c" || strings.Join(in.Overrides.ContainerOverrides[0].Command, " ") != "--day 1" {
		t.Error(calls.Given())
	}
	// What cannot be evaluated is shown where it stands in the template.
	_, err = machine.Run(t.Context(), NightlyReportInput{Day: "1"})
	if failed := asl.ErrorOf(err); failed == nil || failed.Place != "template.yaml:35:21" {
		t.Error(err)
	}
}

func TestResize(t *testing.T) {
	var tasks ResizeTasks
	calls := asltest.MockJob(t, &tasks.Resize, asltest.ReturnJSON(`{}`).After(time.Minute))
	machine, err := NewResize(engine(), ResizeConfig{AWSECSClusterImagesARN: "images", Timeout: 90, Subnets: []string{"a", "b"}}, tasks)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := machine.Run(t.Context(), ResizeInput{}); err != nil {
		t.Error(err)
	}
	if subnets := calls.Given()[0].NetworkConfiguration.AwsvpcConfiguration.Subnets; strings.Join(subnets, " ") != "a b" {
		t.Error(subnets)
	}
}

func TestPing(t *testing.T) {
	machine, err := NewPing(engine(), PingConfig{AWSStackName: "stack"}, PingTasks{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := machine.Run(t.Context(), PingInput{To: value.String("you")})
	if err != nil || got.From != "stack" || got.In != "us-east-1/123456789012" || got.To.String() != `"you"` {
		t.Error(got, err)
	}
}

func TestCleanup(t *testing.T) {
	machine, err := NewCleanup(engine(), CleanupTasks{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := machine.Run(t.Context(), CleanupInput{Keep: value.True}); err != nil {
		t.Error(err)
	}
	if failed := asl.ErrorOf(runError(machine.Run(t.Context(), CleanupInput{}))); failed == nil || failed.Name != "Gone" {
		t.Error(failed)
	}
}

func runError[Out any](_ Out, err error) error { return err }

func TestTidy(t *testing.T) {
	machine, err := NewTidy(engine(), TidyTasks{})
	if err != nil {
		t.Fatal(err)
	}
	for days, want := range map[float64]string{31: "archived", 30: "kept"} {
		if got, err := machine.Run(t.Context(), TidyInput{Days: days}); err != nil || got.String() != `"`+want+`"` {
			t.Errorf("%v days: %s, %v", days, got, err)
		}
	}
}

// The waits of the machines of the CDK and of Terraform take no time, on a clock that drives itself.
func TestWaits(t *testing.T) {
	e := engine()
	rest, err := NewRestStateMachine(e, RestStateMachineConfig{}, RestStateMachineTasks{})
	if err != nil {
		t.Fatal(err)
	}
	pause, err := NewPause(e, PauseConfig{Pause: 3600}, PauseTasks{})
	if err != nil {
		t.Fatal(err)
	}
	began := e.Clock().Now()
	if got, err := rest.Run(t.Context(), RestStateMachineInput{}); err != nil || got.String() != `"rested in us-east-1"` {
		t.Error(got, err)
	}
	if _, err := pause.Run(t.Context(), PauseInput{}); err != nil {
		t.Error(err)
	}
	if took := e.Clock().Now().Sub(began); took != time.Minute+time.Hour {
		t.Errorf("they take %v", took)
	}
}
