package ecsfake

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func (s *Server) describeTasks(c *call) (value.Value, error) {
	var input ecs.DescribeTasksInput
	err := c.decode(&input)
	var subjects []subject
	for _, reference := range input.Tasks {
		if t := s.find(input.Cluster, reference); t != nil {
			subjects = append(subjects, t.subject())
		}
	}
	if err := s.suffer(c, false, subjects...); err != nil {
		return value.Value{}, err
	}
	if err == nil {
		err = s.checkDescribeTasks(&input)
	}
	if err != nil {
		return value.Value{}, err
	}
	missing := s.missing(c, subjects)
	failed, documents := []types.Failure{}, []value.Value{}
	for _, reference := range input.Tasks {
		t := s.find(input.Cluster, reference)
		if t == nil || s.forgotten(t) || missing[t.arn()] {
			failed = append(failed, types.Failure{
				Arn:    aws.String(s.taskARN(input.Cluster, reference)),
				Reason: aws.String("MISSING"),
			})
			continue
		}
		document := t.document()
		if !slices.Contains(input.Include, types.TaskFieldTags) {
			document = document.With("tags", value.EmptyArray)
		}
		documents = append(documents, document)
	}
	answer := awsshape.Wire.Encode(&ecs.DescribeTasksOutput{Failures: failed})
	return answer.With("tasks", value.Array(documents...)), nil
}

func (s *Server) checkDescribeTasks(in *ecs.DescribeTasksInput) error {
	switch {
	case len(in.Tasks) == 0:
		return invalid("Tasks cannot be empty.")
	case len(in.Tasks) > maxDescribed:
		return invalid("Tasks cannot be more than %d.", maxDescribed)
	}
	return s.checkCluster(in.Cluster)
}

// forgotten reports whether a task has stopped so long ago that the service does not show it any more.
func (s *Server) forgotten(t *task) bool {
	return t.is(statusStopped) && !s.clock.Now().Before(t.view.StoppedAt.Add(s.options.Timing.Retention))
}

// mostForgotten is how many tasks that the service does not show any more are kept for [Server.Tasks].
const mostForgotten = 1000

// sweep drops tasks that are forgotten, but for the last ones, and the client tokens of forgotten tasks, whenever there are
// twice as many tasks as it has left before.
func (s *Server) sweep() {
	if len(s.order) < s.sweepAt {
		return
	}
	drop := -mostForgotten
	for _, t := range s.order {
		if s.forgotten(t) {
			drop++
		}
	}
	maps.DeleteFunc(s.tokens, func(_ string, a accepted) bool { return a.over(s) })
	s.order = slices.DeleteFunc(s.order, func(t *task) bool {
		if drop <= 0 || !s.forgotten(t) {
			return false
		}
		drop--
		delete(s.tasks, t.arn())
		return true
	})
	s.sweepAt = max(2*len(s.order), 2*mostForgotten)
}

func (s *Server) stopTask(c *call) (value.Value, error) {
	var input ecs.StopTaskInput
	err := c.decode(&input)
	t := s.find(input.Cluster, aws.ToString(input.Task))
	var subjects []subject
	if t != nil {
		subjects = append(subjects, t.subject())
	}
	if err := s.suffer(c, false, subjects...); err != nil {
		return value.Value{}, err
	}
	if err == nil {
		err = s.checkCluster(input.Cluster)
	}
	switch {
	case err != nil:
		return value.Value{}, err
	case aws.ToString(input.Task) == "":
		return value.Value{}, invalid("Task can not be blank.")
	case t == nil || s.forgotten(t):
		return value.Value{}, invalid("The referenced task was not found.")
	}
	s.stop(t, types.TaskStopCodeUserInitiated, aws.ToString(input.Reason))
	return value.Object(value.Field("task", t.document())), nil
}

// find returns the task of a cluster that has an ARN or id; nil if there is none.
func (s *Server) find(cluster *string, reference string) *task {
	t := s.tasks[s.taskARN(cluster, reference)]
	if t == nil || *t.view.ClusterArn != s.arn("cluster/"+clusterName(cluster)) {
		return nil
	}
	return t
}

// taskARN returns the ARN of a task that is given by its ARN or its id.
func (s *Server) taskARN(cluster *string, reference string) string {
	if strings.HasPrefix(reference, "arn:") {
		return reference
	}
	return s.arn("task/" + clusterName(cluster) + "/" + reference)
}
