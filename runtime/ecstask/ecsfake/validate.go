package ecsfake

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
)

// The limits of RunTask and DescribeTasks (docs/rules.md 1.20).
const (
	maxCount             = 10
	maxConstraints       = 10
	maxStrategyRules     = 5
	maxCapacityProviders = 20
	maxOverrides         = 8192 // characters of JSON
	maxTags              = 50
	maxSubnets           = 16
	maxSecurityGroups    = 5
	maxDescribed         = 100
)

var (
	legalClientToken = regexp.MustCompile(`^[!-~]{1,64}$`)
	// The documented characters, and the blank of the "AWS Step Functions" that AWS itself writes (docs/rules.md 1.20).
	legalStartedBy = regexp.MustCompile(`^[A-Za-z0-9/_ -]{0,128}$`)
)

// checkRunTask holds the input of RunTask against the service's rules, beside those that need the task definition.
func checkRunTask(in *ecs.RunTaskInput) error {
	for _, check := range []func(*ecs.RunTaskInput) error{checkPlacement, checkEnums, checkLimits} {
		if err := check(in); err != nil {
			return err
		}
	}
	switch {
	case aws.ToString(in.TaskDefinition) == "":
		return invalid("TaskDefinition can not be blank.")
	case in.ClientToken != nil && !legalClientToken.MatchString(*in.ClientToken):
		return invalid("clientToken must be 1 to 64 printable ASCII characters.")
	case in.StartedBy != nil && !legalStartedBy.MatchString(*in.StartedBy):
		return invalid("startedBy must be at most 128 letters, digits, hyphens, slashes and underscores.")
	}
	return nil
}

func checkPlacement(in *ecs.RunTaskInput) error {
	switch {
	case in.LaunchType != "" && len(in.CapacityProviderStrategy) > 0:
		return invalid("Specifying both a launch type and capacity provider strategy is not supported.")
	case in.PropagateTags == types.PropagateTagsService:
		return invalid("propagateTags SERVICE is not supported for RunTask.")
	}
	if in.NetworkConfiguration != nil && in.NetworkConfiguration.AwsvpcConfiguration != nil {
		vpc := in.NetworkConfiguration.AwsvpcConfiguration
		switch {
		case len(vpc.Subnets) < 1 || len(vpc.Subnets) > maxSubnets:
			return invalid("awsvpcConfiguration needs 1 to %d subnets.", maxSubnets)
		case len(vpc.SecurityGroups) > maxSecurityGroups:
			return invalid("awsvpcConfiguration takes at most %d security groups.", maxSecurityGroups)
		}
	}
	return nil
}

func checkEnums(in *ecs.RunTaskInput) error {
	checks := []error{enum("launchType", in.LaunchType), enum("propagateTags", in.PropagateTags)}
	if in.NetworkConfiguration != nil && in.NetworkConfiguration.AwsvpcConfiguration != nil {
		checks = append(checks, enum("assignPublicIp", in.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp))
	}
	for _, c := range in.PlacementConstraints {
		checks = append(checks, enum("placementConstraints.type", c.Type))
	}
	for _, p := range in.PlacementStrategy {
		checks = append(checks, enum("placementStrategy.type", p.Type))
	}
	for _, err := range checks {
		if err != nil {
			return err
		}
	}
	return nil
}

// enum checks that a value is unset or one that the service knows (docs/rules.md E17).
func enum[E interface {
	~string
	Values() []E
}](name string, v E) error {
	if v == "" || slices.Contains(v.Values(), v) {
		return nil
	}
	return invalid("%s %q is none of %v.", name, string(v), v.Values())
}

func checkLimits(in *ecs.RunTaskInput) error {
	overrides := 0
	if in.Overrides != nil {
		overrides = awsshape.Wire.Encode(in.Overrides).Size()
	}
	for _, limit := range []struct {
		what           string
		low, have, max int
	}{
		{"count", 1, countOf(in), maxCount},
		{"number of placementConstraints", 0, len(in.PlacementConstraints), maxConstraints},
		{"number of placementStrategy rules", 0, len(in.PlacementStrategy), maxStrategyRules},
		{"number of capacity providers", 0, len(in.CapacityProviderStrategy), maxCapacityProviders},
		{"number of tags", 0, len(in.Tags), maxTags},
		{"length of overrides", 0, overrides, maxOverrides},
	} {
		if limit.have < limit.low || limit.have > limit.max {
			return invalid("The %s is %d; it must be %d to %d.", limit.what, limit.have, limit.low, limit.max)
		}
	}
	return nil
}

// onFargate reports whether tasks run on Fargate, where awsvpc is the only network mode.
func onFargate(in *ecs.RunTaskInput) bool {
	return in.LaunchType == types.LaunchTypeFargate || slices.ContainsFunc(in.CapacityProviderStrategy,
		func(i types.CapacityProviderStrategyItem) bool {
			return strings.HasPrefix(aws.ToString(i.CapacityProvider), string(types.LaunchTypeFargate))
		})
}

// checkRunTask holds the input of RunTask against the task definition.
func (d *definition) checkRunTask(in *ecs.RunTaskInput) error {
	network := in.NetworkConfiguration != nil && in.NetworkConfiguration.AwsvpcConfiguration != nil
	switch mode := d.view.NetworkMode; {
	case (mode == types.NetworkModeAwsvpc || mode == "" && onFargate(in)) && !network:
		return invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
	case mode != "" && mode != types.NetworkModeAwsvpc && network:
		return invalid("Network Configuration is not valid for the given networkMode of this task definition.")
	}
	if in.Overrides == nil {
		return nil
	}
	for i, o := range in.Overrides.ContainerOverrides {
		name := aws.ToString(o.Name)
		if d.container(name) == nil {
			return invalid("Override for container named %s is not a container in the TaskDefinition.", name)
		}
		for _, e := range o.Environment {
			if aws.ToString(e.Name) == "" {
				return invalid("containerOverrides[%d] has an environment variable without a name.", i)
			}
		}
	}
	return nil
}
