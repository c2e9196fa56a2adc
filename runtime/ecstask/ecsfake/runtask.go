package ecsfake

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// accepted is a call of RunTask with a client token that started tasks (docs/rules.md E60).
type accepted struct {
	parameters value.Value // of the call, without the token
	answer     value.Value
	tasks      []value.Value // their ARNs
}

// over reports whether all tasks of a call are forgotten, and the call with them.
func (a *accepted) over(s *Server) bool {
	return !slices.ContainsFunc(a.tasks, func(arn value.Value) bool {
		text, _ := arn.AsString()
		t := s.tasks[text]
		return t != nil && !s.forgotten(t)
	})
}

func (s *Server) runTask(c *call) (value.Value, error) {
	var input ecs.RunTaskInput
	err := c.decode(&input)
	family, _ := splitReference(aws.ToString(input.TaskDefinition))
	var d *definition
	if err == nil {
		d, err = s.checkRunTask(&input)
	}
	parameters := c.Input
	earlier, repeated := accepted{}, false
	if err == nil {
		parameters = c.Input.With("clientToken", value.Value{})
		earlier, repeated = s.tokens[aws.ToString(input.ClientToken)]
		repeated = repeated && !earlier.over(s)
	}
	if err := s.suffer(c, err == nil && !repeated, subject{family: family}); err != nil {
		return value.Value{}, err
	}
	switch {
	case err != nil:
		return value.Value{}, err
	case repeated && !earlier.parameters.Equal(parameters):
		return value.Value{}, &apiError{
			code:    "ConflictException",
			message: "The clientToken was used before with other parameters.",
			details: []value.Member{value.Field("resourceIds", value.Array(earlier.tasks...))},
		}
	case repeated:
		return earlier.answer, nil
	}
	answer, arns := s.startTasks(c, &input, d)
	if input.ClientToken != nil && len(arns) > 0 {
		s.tokens[*input.ClientToken] = accepted{parameters, answer, arns}
	}
	return answer, nil
}

// checkRunTask returns the task definition that is to run.
func (s *Server) checkRunTask(in *ecs.RunTaskInput) (*definition, error) {
	if err := checkRunTask(in); err != nil {
		return nil, err
	}
	if err := s.checkCluster(in.Cluster); err != nil {
		return nil, err
	}
	d, ok := s.resolve(*in.TaskDefinition)
	if !ok {
		return nil, exception("ClientException", "TaskDefinition not found.")
	}
	return d, d.checkRunTask(in)
}

// startTasks returns the answer and the ARNs of the tasks.
func (s *Server) startTasks(c *call, in *ecs.RunTaskInput, d *definition) (answer value.Value, arns []value.Value) {
	count := countOf(in)
	failed := []types.Failure{}
	if f := c.fault.failures; f != nil {
		count, failed = min(count, f.started), append(failed, f.list...)
	}
	documents := []value.Value{}
	for range count {
		t := s.newTask(in, d, c.fault.fate)
		documents = append(documents, t.document())
		arns = append(arns, value.String(t.arn()))
		s.begin(t)
	}
	answer = awsshape.Wire.Encode(&ecs.RunTaskOutput{Failures: failed})
	return answer.With("tasks", value.Array(documents...)), arns
}

// countOf returns how many tasks are asked for.
func countOf(in *ecs.RunTaskInput) int {
	if in.Count == nil {
		return 1
	}
	return int(*in.Count)
}

// checkCluster takes a cluster's name or ARN; nil is the cluster "default" (docs/rules.md E64).
func (s *Server) checkCluster(cluster *string) error {
	if len(s.options.Clusters) == 0 || slices.Contains(s.options.Clusters, clusterName(cluster)) {
		return nil
	}
	return exception("ClusterNotFoundException", "Cluster not found.")
}

func clusterName(cluster *string) string {
	name := aws.ToString(cluster)
	if _, after, ok := strings.Cut(name, ":cluster/"); ok {
		name = after
	}
	if name == "" {
		return "default"
	}
	return name
}
