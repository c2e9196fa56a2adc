package ecstask

import (
	"context"
	"errors"
	"net/http/httptrace"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// sending watches one call from within the SDK, which may repeat it: the error that the call ends with tells of the last
// attempt, and says nothing of an earlier one that was cut off.
type sending struct {
	attempts int
	cut      bool // an attempt was sent, and ECS's answer to it did not come
}

// watch is an option for the call.
func (s *sending) watch(o *ecs.Options) {
	attempt := middleware.FinalizeMiddlewareFunc("aslgen:Sending", s.attempt)
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Finalize.Insert(attempt, "Retry", middleware.After)
	})
}

func (s *sending) attempt(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	out, metadata, err = next.HandleFinalize(ctx, in)
	s.attempts++
	s.cut = s.cut || err != nil && !answered(err) && connected.Load()
	return out, metadata, err
}

// mayHaveArrived reports whether a call that ended with err may have been carried out all the same. A call that never got
// a connection was not; neither was one that the SDK itself refused to make. Of an [API] that is not the SDK's client
// nothing is known but its error.
func (s *sending) mayHaveArrived(err error) bool {
	if s.attempts > 0 {
		return s.cut
	}
	_, bySDK := errors.AsType[*smithy.OperationError](err)
	return !bySDK && !answered(err)
}

// answered reports whether err is ECS's own answer.
func answered(err error) bool {
	_, yes := errors.AsType[smithy.APIError](err)
	return yes
}
