package ecstask

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// runTask calls RunTask until it has a definite answer. A call that may have started a task although its answer did not
// come is repeated with the same token for as long as ctx lasts, whatever ECS then says for the moment. What ECS refuses,
// or what never reached it, is an error (E55).
func (c *Client) runTask(ctx context.Context, token string, p *ecs.RunTaskInput, by integration) (*ecs.RunTaskOutput, error) {
	in := *p
	if in.ClientToken == nil {
		in.ClientToken = aws.String(token)
	}
	maybe := false // a task may have been started
	for again := c.again("RunTask"); ; {
		var failed error
		if ctx.Err() == nil {
			out, arrived, err := c.callRunTask(ctx, &in)
			if err == nil {
				return out, nil
			}
			if invalid, ok := errors.AsType[smithy.InvalidParamsError](err); ok {
				return nil, unusable(p, invalid)
			}
			maybe = maybe || arrived
			refused := answered(err) && !(maybe && retryable(err))
			if refused || !maybe && ctx.Err() == nil {
				return nil, by.failure(err)
			}
			failed = err
		}
		if err := again.wait(ctx, failed); err != nil {
			if !maybe {
				return nil, err
			}
			return nil, &unanswered{in: in, err: err}
		}
	}
}

// callRunTask calls RunTask once. If that fails, arrived tells whether ECS may have carried it out.
func (c *Client) callRunTask(ctx context.Context, in *ecs.RunTaskInput) (out *ecs.RunTaskOutput, arrived bool, err error) {
	ctx, cancel := c.limit(ctx)
	defer cancel(nil)
	var s sending
	out, err = c.api.RunTask(ctx, in, s.watch)
	return out, err != nil && s.mayHaveArrived(err), err
}

// unanswered is a call of RunTask that may have started a task when its time was over.
type unanswered struct {
	in  ecs.RunTaskInput
	err error
}

func (u *unanswered) Error() string {
	return fmt.Sprintf("RunTask was called and did not answer: %v", u.err)
}

func (u *unanswered) Unwrap() error { return u.err }

const unansweredMark = "unanswered "

// handle is all that is needed to make the call again.
func (u *unanswered) handle() string { return unansweredMark + awsshape.Wire.Encode(&u.in).String() }

func parseUnanswered(handle string) (in *ecs.RunTaskInput, token string, ok bool) {
	text, ok := strings.CutPrefix(handle, unansweredMark)
	if !ok {
		return nil, "", false
	}
	in = &ecs.RunTaskInput{}
	v, err := value.Parse([]byte(text))
	if err == nil {
		err = awsshape.Wire.Decode(v, in)
	}
	return in, aws.ToString(in.ClientToken), err == nil
}
