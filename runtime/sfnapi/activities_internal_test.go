package sfnapi

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// The heartbeat of a task counts from when a worker has it, and each that is sent begins it anew.
func TestActivityHeartbeat(t *testing.T) {
	const arn = "arn:aws:states:us-east-1:123456789012:activity:work"
	a := NewActivities()
	var call asl.Call[asl.Value, asl.Value]
	Work(a, &call)
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	engine := memory.NewDriven(begin)
	m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "M", StartAt: "Work", TimeoutSeconds: 3600, States: []table.State{
		&table.Task{Name: "Work", Resource: arn, HeartbeatSeconds: 60, End: true, Run: table.RequestResponse("Work", table.Input, call)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	engine.Driven().Run(t.Context(), func(ctx context.Context) {
		x, err := m.StartDocument(ctx, value.EmptyObject)
		if err != nil {
			t.Fatal(err)
		}
		_ = clock.Sleep(ctx, 10*time.Minute) // no worker has it
		task := a.take(ctx, arn, 0)
		if task == nil {
			t.Fatal("there is no task")
		}
		_ = clock.Sleep(ctx, 50*time.Second)
		if err := (answers{engine, a}).SendTaskHeartbeat(ctx, task.token); err != nil {
			t.Error(err)
		}
		_, err = x.Running().Wait(ctx)
		if failed, _ := errors.AsType[*asl.Error](err); failed == nil || failed.Name != asl.ErrorTimeout || !failed.Heartbeat {
			t.Errorf("it ends with %v", err)
		}
		if took := engine.Clock().Now().Sub(begin); took != 10*time.Minute+110*time.Second {
			t.Errorf("it takes %v", took)
		}
		err = (answers{engine, a}).SendTaskSuccess(ctx, task.token, value.True)
		if refused, _ := errors.AsType[*asl.APIError](err); refused == nil {
			t.Errorf("an answer that is too late: %v", err)
		}
	})
}
