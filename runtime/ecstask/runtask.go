package ecstask

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// runTask calls RunTask until it has a definite answer. A call whose connection broke may have started a task, so it is
// repeated with the same token, for as long as ctx lasts; what ECS refuses, or what never reached it, is an error (E55).
func (c *Client) runTask(ctx context.Context, token string, p *ecs.RunTaskInput, by integration) (*ecs.RunTaskOutput, error) {
	in := *p
	if in.ClientToken == nil {
		in.ClientToken = aws.String(token)
	}
	maybe := false // a call may have been accepted
	for delay := 500 * time.Millisecond; ; delay = min(2*delay, 10*time.Second) {
		out, err := c.api.RunTask(ctx, &in)
		if err == nil {
			return out, nil
		}
		if definite(err) || !maybe && neverSent(err) && ctx.Err() == nil {
			return nil, by.failure(err)
		}
		maybe = maybe || !neverSent(err)
		if err := clock.SleepUntil(ctx, c.clock, c.clock.Now().Add(c.jittered(delay))); err != nil {
			if !maybe {
				return nil, err
			}
			return nil, &unanswered{in: in, err: err}
		}
	}
}

// definite reports whether err is ECS's own answer.
func definite(err error) bool {
	_, yes := errors.AsType[smithy.APIError](err)
	return yes
}

// neverSent reports whether the call surely did not reach ECS.
func neverSent(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Op == "dial"
	}
	_, dns := errors.AsType[*net.DNSError](err)
	_, build := errors.AsType[*smithy.SerializationError](err)
	return dns || build || isParameterError(err)
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

// jittered returns a time between half of d and d.
func (c *Client) jittered(d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return d/2 + time.Duration(c.jitter.Int64N(int64(d/2)+1))
}
