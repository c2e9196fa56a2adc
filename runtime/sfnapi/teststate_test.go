package sfnapi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestTestState has the AWS SDK test states of a machine that was compiled.
func TestTestState(t *testing.T) {
	engine := memory.New()
	m, err := ecsjobs.NewRunJob(engine, ecsjobs.NewRunJobTasks(ecsjobs.RunJobClients{ECS: ecstask.New(nil)}))
	if err != nil {
		t.Fatal(err)
	}
	c := apiClient(t, sfnapi.NewAPIHandler(engine, sfnapi.WithTestState(asltest.FieldValidation)))
	definition := aws.String(m.Program().Definition())
	state := value.MustParse(*definition).Get("States")
	for name, v := range state.Members() {
		failure := &types.MockInput{ErrorOutput: &types.MockErrorOutput{Error: aws.String("ECS.ClientException"), Cause: aws.String("none")}}
		in := &sfn.TestStateInput{Definition: definition, StateName: &name, Input: aws.String(`{"commands":["a"]}`), Mock: failure, InspectionLevel: types.InspectionLevelDebug}
		for range 2 { // with the machine, and alone
			out, err := c.TestState(t.Context(), in)
			if err != nil || out.Status != types.TestExecutionStatusFailed || *out.Error != "ECS.ClientException" || *out.Cause != "none" || *out.InspectionData.Input != `{"commands":["a"]}` {
				t.Errorf("%s: %+v, %v", name, out, err)
			}
			in.Definition, in.StateName = aws.String(v.String()), nil
		}
		in.Mock = nil
		refused(t, in, c, "ValidationException", "needs a Result or an Error")
		in.Mock, in.Definition = failure, aws.String(`{"Type":"Pass","End":true}`)
		refused(t, in, c, "InvalidDefinition", "compiled into this process")
		return
	}
}

func refused(t *testing.T, in *sfn.TestStateInput, c *sfn.Client, code, message string) {
	t.Helper()
	_, err := c.TestState(t.Context(), in)
	if failed, ok := errors.AsType[smithy.APIError](err); !ok || failed.ErrorCode() != code || !strings.Contains(failed.ErrorMessage(), message) {
		t.Error(err)
	}
}

// TestValidation has the AWS SDK validate definitions.
func TestValidation(t *testing.T) {
	c := apiClient(t, sfnapi.NewAPIHandler(memory.New(), sfnapi.WithValidation(gen.ValidateDefinition)))
	validate := func(definition string, severity types.ValidateStateMachineDefinitionSeverity) *sfn.ValidateStateMachineDefinitionOutput {
		t.Helper()
		out, err := c.ValidateStateMachineDefinition(t.Context(), &sfn.ValidateStateMachineDefinitionInput{Definition: &definition, Severity: severity})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if out := validate(`{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`, ""); out.Result != types.ValidateStateMachineDefinitionResultCodeOk || len(out.Diagnostics) > 0 {
		t.Errorf("%+v", out)
	}
	out := validate(`{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"B"}],"Default":"C"},"C":{"Type":"Succeed"}}}`, "")
	if out.Result != types.ValidateStateMachineDefinitionResultCodeFail || len(out.Diagnostics) == 0 ||
		*out.Diagnostics[0].Code != "MISSING_TRANSITION_TARGET" || *out.Diagnostics[0].Location != "/States/A/Choices[0]/Next" {
		for _, d := range out.Diagnostics {
			t.Error(*d.Code, *d.Message, *d.Location)
		}
	}
	odd := `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a":"$.b"},"End":true}}}`
	if out := validate(odd, ""); out.Result != types.ValidateStateMachineDefinitionResultCodeOk || len(out.Diagnostics) > 0 {
		t.Errorf("without warnings: %+v", out)
	}
	broken := `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a":"$.b"},"Next":"B"},"B":{"Type":"Pass","Next":"C"},"D":{"Type":"Succeed"}}}`
	first, err := c.ValidateStateMachineDefinition(t.Context(), &sfn.ValidateStateMachineDefinitionInput{
		Definition: &broken, MaxResults: 1, Severity: types.ValidateStateMachineDefinitionSeverityWarning,
	})
	if err != nil || first.Result != types.ValidateStateMachineDefinitionResultCodeFail || len(first.Diagnostics) != 1 || !*first.Truncated {
		t.Errorf("one of many: %+v, %v", first, err)
	}
	if out := validate(odd, types.ValidateStateMachineDefinitionSeverityWarning); len(out.Diagnostics) != 1 || *out.Diagnostics[0].Code != "NO_DOLLAR" {
		t.Errorf("with warnings: %+v", out)
	}
}
