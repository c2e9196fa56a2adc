package shop

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
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func TestOrder(t *testing.T) {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	machine, err := NewOrder(engine, OrderTasks{
		Charge: asl.CallFunc(Charge),
		Ship: asl.JobFunc(func(_ context.Context, in *ecs.RunTaskInput) (*types.Task, error) {
			if got := in.Overrides.ContainerOverrides[0].Command; !slices.Equal(got, []string{"o-1", "o-1 paid 250"}) {
				t.Errorf("the command is %q", got)
			}
			return &types.Task{Containers: []types.Container{{ExitCode: aws.Int32(0)}}}, nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	output, err := machine.Run(t.Context(), OrderInput{ID: "o-1", Total: OrderInputTotal{Cents: value.Int(250)}})
	if err != nil || output.ExitCode != 0 || output.Order.String() != `"o-1"` {
		t.Errorf("%+v, %v", output, err)
	}
}
