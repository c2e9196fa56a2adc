package ecstask

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// as returns the client for an attempt: one that calls as the role of its state, if that has one.
func (c *Client) as(a *asl.Attempt) (*Client, error) {
	if a == nil {
		return c, nil
	}
	return c.others.As(c.roles, a.RoleARN, c, func(role aws.CredentialsProvider) *Client {
		return New(roleAPI{c.api, func(o *ecs.Options) { o.Credentials = role }}, c.options...)
	})
}

// roleAPI calls with a role's credentials.
type roleAPI struct {
	api API
	as  func(*ecs.Options)
}

func (r roleAPI) RunTask(ctx context.Context, in *ecs.RunTaskInput, options ...func(*ecs.Options)) (*ecs.RunTaskOutput, error) {
	return r.api.RunTask(ctx, in, append(options, r.as)...)
}

func (r roleAPI) DescribeTasks(ctx context.Context, in *ecs.DescribeTasksInput, options ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error) {
	return r.api.DescribeTasks(ctx, in, append(options, r.as)...)
}

func (r roleAPI) StopTask(ctx context.Context, in *ecs.StopTaskInput, options ...func(*ecs.Options)) (*ecs.StopTaskOutput, error) {
	return r.api.StopTask(ctx, in, append(options, r.as)...)
}
