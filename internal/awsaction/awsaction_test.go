package awsaction_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/awsaction"
	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
	"github.com/r-seed-632eed22/aslgen/internal/awsname"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// All that is said of an action is in the model of its operation, and the model of the action has it by the action's names.
func TestChanges(t *testing.T) {
	for integration, c := range awsaction.Changes {
		service, action, _ := strings.Cut(integration, ":")
		call := awsmodel.Find(service, action)
		if call == nil {
			t.Errorf("%s: there is no %s", integration, c.Operation)
			continue
		}
		plain := call.Service.Operation(awsname.Action(call.Operation.Name))
		renamed := func(own, of *awsmodel.Shape, all []awsaction.Rename) {
			for _, r := range all {
				name, list := r.List()
				old, m := call.Member(of, name), call.Member(own, r.Action)
				if old == nil || m == nil || call.Member(own, name) != nil || list != (old.Shape().Kind == awsmodel.List) {
					t.Errorf("%s: %s for %s", integration, r.Action, r.Operation)
				}
			}
		}
		renamed(call.Input(), plain.Input(), c.Given)
		renamed(call.Output(), plain.Output(), c.Answered)
		if c.Repeated != "" && call.Member(call.Output(), c.Repeated) == nil {
			t.Errorf("%s: the answer has no %s", integration, c.Repeated)
		}
		for _, place := range slices.Concat(c.Refused, c.Required, c.True) {
			x := call.Input()
			names := strings.Split(place, ".")
			for _, name := range names[:len(names)-1] {
				x = call.Member(x, name).Shape()
			}
			m := call.Member(x, names[len(names)-1])
			if required := m != nil && m.Required; (m != nil) != required {
				t.Errorf("%s: %s", integration, place)
			}
		}
	}
}

func TestParameters(t *testing.T) {
	for _, row := range []struct{ integration, given, want string }{
		{"elasticmapreduce:addStep.sync", `{"ClusterId":"j","Step":{"Name":"s"}}`, `{"JobFlowId":"j","Steps":[{"Name":"s"}]}`},
		{"elasticmapreduce:cancelStep", `{"StepId":"s","ClusterId":"j"}`, `{"StepIds":["s"],"ClusterId":"j"}`},
		{"elasticmapreduce:terminateCluster", `{"ClusterId":"j"}`, `{"JobFlowIds":["j"]}`},
		{"elasticmapreduce:terminateCluster", `{"ClusterId":null}`, `{"JobFlowIds":null}`},
		{"elasticmapreduce:terminateCluster", `"j"`, `"j"`},
		{"elasticmapreduce:terminateCluster", `{"JobFlowIds":["j"]}`, `The field "JobFlowIds" is not supported by Step Functions`},
		{"elasticmapreduce:createCluster", `{"Steps":[]}`, `The field "Steps" is not supported by Step Functions`},
		{"elasticmapreduce:modifyInstanceFleetByName", `{"InstanceFleet":{"InstanceFleetId":"i"}}`, `The field "InstanceFleetId" is not supported by Step Functions`},
		{"sqs:sendMessage", `{"ClusterId":"j"}`, `{"ClusterId":"j"}`},
	} {
		c, _ := awsaction.Of(row.integration)
		given := value.MustParse(row.given)
		got, err := c.Parameters(given)
		switch {
		case err != nil && err.Error() != row.want, err == nil && got.String() != row.want:
			t.Errorf("%s of %s is %s, %v", row.integration, row.given, got, err)
		case err == nil && !strings.Contains(row.given, "null") && c.Own(got).String() != row.given:
			t.Errorf("%s comes back as %s", row.given, c.Own(got))
		}
	}
}

func TestAnswer(t *testing.T) {
	for _, row := range []struct{ integration, given, answer, want string }{
		{"elasticmapreduce:createCluster", `{}`, `{"ClusterArn":"a","JobFlowId":"j"}`, `{"ClusterArn":"a","ClusterId":"j"}`},
		{"elasticmapreduce:addStep", `{}`, `{"StepIds":["s"]}`, `{"StepId":"s"}`},
		{"elasticmapreduce:addStep", `{}`, `{"StepIds":[]}`, `{}`},
		{"elasticmapreduce:cancelStep", `{}`, `{"CancelStepsInfoList":[{"StepId":"s"}]}`, `{"CancelStepsInfo":{"StepId":"s"}}`},
		{"emr-serverless:startApplication", `{"ApplicationId":"a"}`, `{}`, `{"ApplicationId":"a"}`},
		{"sqs:sendMessage", `{}`, `{"MessageId":"m"}`, `{"MessageId":"m"}`},
	} {
		c, _ := awsaction.Of(row.integration)
		if got := c.Answer(value.MustParse(row.given), value.MustParse(row.answer)); got.String() != row.want {
			t.Errorf("%s: %s", row.integration, got)
		}
	}
}
