package awstask

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/r-seed-632eed22/aslgen/runtime/internal/awsanswer"
)

// once lets a client repeat a call where its retryer does and the call was surely not carried out: where nothing was sent, or the service
// has refused it. By no token does the service know that two calls are one, so that a call whose answer was lost fails (I4), and Retry
// decides whether it may be done twice.
type once struct {
	aws.Retryer
	unsent atomic.Bool // the last request had no connection yet; never true with a client that is not net/http's
}

// within puts it around the retryer among a client's options.
func (o *once) within(options reflect.Value) {
	if f := options.FieldByName("Retryer"); f.IsValid() && !f.IsNil() {
		o.Retryer = f.Interface().(aws.Retryer)
		f.Set(reflect.ValueOf(o))
	}
}

// traced returns a context in which requests tell whether they have a connection.
func (o *once) traced(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { o.unsent.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { o.unsent.Store(false) },
	})
}

// IsErrorRetryable implements [aws.Retryer].
func (o *once) IsErrorRetryable(err error) bool {
	return o.Retryer.IsErrorRetryable(err) && (o.unsent.Load() || refused(err))
}

// GetAttemptToken implements [aws.RetryerV2], as retryers of the SDK do.
func (o *once) GetAttemptToken(ctx context.Context) (func(error) error, error) {
	if v2, ok := o.Retryer.(aws.RetryerV2); ok {
		return v2.GetAttemptToken(ctx)
	}
	return o.GetInitialToken(), nil
}

// refused reports whether a service has answered that it did not do what it was asked for. That it failed itself does not say so.
func refused(err error) bool {
	var answer interface{ HTTPStatusCode() int }
	return awsanswer.Throttled(err) ||
		errors.As(err, &answer) && answer.HTTPStatusCode() >= http.StatusBadRequest && answer.HTTPStatusCode() < http.StatusInternalServerError
}

// reads reports whether an operation only reads, by the name of its parameters' type.
func reads(input reflect.Type) bool {
	return slices.ContainsFunc([]string{"BatchGet", "Describe", "Get", "Head", "List", "Query", "Scan"}, func(verb string) bool {
		return strings.HasPrefix(input.Name(), verb)
	})
}
