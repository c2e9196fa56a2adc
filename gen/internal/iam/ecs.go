package iam

import (
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// runTask allows RunTask, and what waiting for the task takes (E63).
func (c *call) runTask(r catalog.Resource) {
	definition := c.argument("TaskDefinition")
	arn := c.resource(definition, "task definition", "ecs", "task-definition/")
	resources := []string{arn}
	if definition.known && !hasRevision(definition.text) { // it stands for the latest revision
		resources = append(resources, arn+":*")
	}
	c.allow("ecs:RunTask", resources...)
	if r.Pattern == catalog.SyncPattern {
		c.allowIf(c.onCluster(), []string{"ecs:StopTask", "ecs:DescribeTasks"}, "*")
		c.events("StepFunctionsGetEventsForECSTaskRule")
	}
	c.passTaskRoles()
	if c.argument("Tags").given || c.argument("PropagateTags").given || c.argument("EnableECSManagedTags").given {
		c.allowIf(Condition{"StringEquals": {"ecs:CreateAction": {"RunTask"}}}, []string{"ecs:TagResource"}, c.arn("ecs", "task/*"))
	}
}

// hasRevision reports whether a task definition, as a name or an ARN, ends in :12. A placeholder may.
func hasRevision(text string) bool {
	if source.HasPlaceholder(text) && strings.HasSuffix(text, "}") {
		return strings.Contains(strings.TrimPrefix(text, "arn:"), "/") && strings.Contains(text[strings.LastIndex(text, "/"):], ":")
	}
	last := text[strings.LastIndex(text, ":")+1:]
	return last != text && strings.Trim(last, "0123456789") == "" && last != ""
}

// onCluster limits what works on tasks to the cluster of the call, if that is known.
func (c *call) onCluster() Condition {
	cluster := c.argument("Cluster")
	switch {
	case cluster.given && !cluster.known:
		c.warnf(cluster.span, diag.WidePermission, "which cluster it is, is not known before it runs: the policy allows to stop tasks of any")
		return nil
	case !cluster.given:
		cluster.text, cluster.known = "default", true
	}
	return Condition{"ArnLike": {"ecs:cluster": {c.resource(cluster, "cluster", "ecs", "cluster/")}}}
}

// events allows to learn of the end of a job from the events of its service.
func (c *call) events(rule string) {
	c.allow("events:PutTargets events:PutRule events:DescribeRule", c.arn("events", "rule/"+rule))
}

// passTaskRoles allows to give the task its roles: those of the call, and else those of the task definition.
func (c *call) passTaskRoles() {
	var roles []string
	missing := false
	for _, name := range []string{"TaskRoleArn", "ExecutionRoleArn"} {
		role := c.argument("Overrides", name)
		switch {
		case role.known:
			roles = append(roles, role.text)
		case role.given:
			c.wide(role, "role")
			roles = append(roles, c.anyRole())
		default:
			missing = true
		}
	}
	if missing {
		roles = append(roles, c.options.PassRoles...)
		if len(c.options.PassRoles) == 0 {
			c.warnf(c.at, diag.WidePermission, "the roles of the task definition of Task %q are not known: the policy allows to pass any to ECS tasks", c.state.Name.Text).
				WithHint("-pass-role gives them")
			roles = append(roles, c.anyRole())
		}
	}
	c.passRoles("ecs-tasks.amazonaws.com", roles...)
	if volumes := c.argument("VolumeConfigurations"); volumes.node != nil {
		for _, v := range volumes.node.Elements {
			if role := c.name(c.find(v, "ManagedEBSVolume", "RoleArn")); role.known {
				c.passRoles("ecs.amazonaws.com", role.text)
			} else if role.given {
				c.wide(role, "role")
				c.passRoles("ecs.amazonaws.com", c.anyRole())
			}
		}
	}
}

func (c *call) passRoles(service string, roles ...string) {
	if any := c.anyRole(); slices.Contains(roles, any) {
		roles = []string{any}
	}
	c.allowIf(Condition{"StringEquals": {"iam:PassedToService": {service}}}, []string{"iam:PassRole"}, roles...)
}

func (c *call) anyRole() string {
	account := c.options.Account
	if account == "" {
		account = "*"
	}
	return "arn:" + c.partition + ":iam::" + account + ":role/*"
}
