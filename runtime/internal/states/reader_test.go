package states_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestReader reads the types that parameters have. Null is as not given, in each of them; a value read at two places is
// shown at both.
func TestReader(t *testing.T) {
	sent := func(input string) string {
		s := task("arn:aws:states:::ecs:runTask", table.RequestResponse("Work", func(_ *asl.Context, r *table.Reader) *ecs.RunTaskInput {
			return &ecs.RunTaskInput{
				Cluster:              r.String("$.text", "/Cluster.$"),
				Group:                r.String("$.text", "/Group.$"),
				Count:                r.Int32("$.n", "/Count.$"),
				EnableECSManagedTags: table.Read[bool](r, "$.yes", "/EnableECSManagedTags.$"),
				LaunchType:           table.Read[types.LaunchType](r, "$.text", "/LaunchType.$"),
				NetworkConfiguration: table.Read[*types.NetworkConfiguration](r, "$.network", "/NetworkConfiguration.$"),
				Overrides: &types.TaskOverride{ContainerOverrides: []types.ContainerOverride{{
					Command: r.Strings("$.texts", "/Overrides/ContainerOverrides/0/Command.$"),
				}}},
			}
		}, asl.CallFunc(func(context.Context, *ecs.RunTaskInput) (*ecs.RunTaskOutput, error) { return &ecs.RunTaskOutput{}, nil })))
		e := runToEnd(t, input, table.Definition{StartAt: "Work", States: []table.State{s}})
		if e.err != nil {
			return e.err.Cause
		}
		return e.sent.String()
	}
	for input, want := range map[string]string{
		`{"text":"a","n":1,"yes":true,"network":{"AwsvpcConfiguration":{"Subnets":["s"]}},"texts":["b"]}`: `"Group":"a"`,
		`{"text":null,"n":null,"yes":null,"network":null,"texts":null}`:                                   `"Group":null`,
		`{"text":1,"n":1,"yes":true,"network":null,"texts":["b"]}`:                                        `"Group":1`,
		`{"text":"a","n":1,"yes":true,"network":{"X":1},"texts":["b"]}`:                                   `"X", which is not supported`,
	} {
		if got := sent(input); !strings.Contains(got, want) {
			t.Errorf("%s: %s is not in %s", input, want, got)
		}
	}
}

// TestTemplateThatChanges: a template must read what it read when the machine was made.
func TestTemplateThatChanges(t *testing.T) {
	made := false
	m := newMachine(t, memory.NewDriven(begin), table.Definition{}, []table.State{&table.Pass{Name: "P", End: true, Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
		if made {
			return r.Value("$.b", "/b.$")
		}
		return r.Value("$.a", "/a.$")
	})}}, "P")
	made = true
	if _, err := m.Run(t.Context(), value.MustParse(`{"a":1,"b":2}`)); err == nil || !strings.Contains(err.Error(), "reads $.b") {
		t.Error(err)
	}
}
