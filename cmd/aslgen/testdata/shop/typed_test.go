package typed

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
)

func TestOrder(t *testing.T) {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	machine, err := NewOrder(engine, OrderTasks{
		Charge: asl.CallFunc(charge),
		Ship: asl.JobFunc(func(_ context.Context, in *ecs.RunTaskInput) (*types.Task, error) {
			if got := in.Overrides.ContainerOverrides[0].Command; !slices.Equal(got, []string{"o-1", "o-1 paid 250 (Charge)"}) {
				t.Errorf("the command is %q", got)
			}
			return &types.Task{Containers: []types.Container{{ExitCode: aws.Int32(3)}}}, nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	output, err := machine.Run(t.Context(), Order{ID: "o-1", Total: Money{Cents: 250}})
	if want := (Shipment{Order: "o-1", ExitCode: 3}); err != nil || *output != want {
		t.Errorf("%+v, %v", output, err)
	}
}
