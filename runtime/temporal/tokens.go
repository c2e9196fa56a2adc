package temporal

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	sdk "go.temporal.io/sdk/temporal"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// token is what a task token says: the activity of a workflow that it completes.
type token struct{ workflow, activity string }

// attemptLength is how long the ids of attempts are.
const attemptLength = 52

func (t token) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(t.activity + t.workflow))
}

func parseToken(text string) (t token, err error) {
	secret, ok := strings.CutPrefix(text, asl.TaskToken(""))
	b, bad := base64.RawURLEncoding.DecodeString(secret)
	if !ok || bad != nil || len(b) <= attemptLength || base64.RawURLEncoding.EncodeToString(b) != secret {
		return t, hosts.InvalidToken(text)
	}
	return token{string(b[attemptLength:]), string(b[:attemptLength])}, nil
}

// Activity returns what a task token stands for, for those who complete it by Temporal's own means:
// CompleteActivityByID(ctx, namespace, workflow, "", activity, result, err). The error is an [*asl.APIError].
func Activity(taskToken string) (workflow, activity string, err error) {
	t, err := parseToken(taskToken)
	return t.workflow, t.activity, err
}

// completer completes activities.
type completer interface {
	opened(activity.Info)
	complete(ctx context.Context, t token, result any, err error) error
	beat(ctx context.Context, t token) error
	known(ctx context.Context, t token) bool
}

// byClient completes activities of a server.
type byClient struct{ *Engine }

func (byClient) opened(activity.Info) {}

// firstPause is between the first two tries to fail an await.
const firstPause = 20 * time.Millisecond

// complete completes an activity. The server takes a success of one that no worker has taken up yet, but not a failure: that waits for the
// worker, for as long as ctx goes on.
func (b byClient) complete(ctx context.Context, t token, result any, failed error) error {
	for pause := firstPause; ; pause = min(2*pause, time.Second) {
		err := b.client.CompleteActivityByID(ctx, b.options.namespace, t.workflow, "", t.activity, result, failed)
		if failed == nil || !isGone(err) || b.pending(ctx, t) == nil {
			return err
		}
		if ended := clock.Sleep(ctx, pause); ended != nil {
			return ended
		}
	}
}

func (b byClient) beat(ctx context.Context, t token) error {
	err := b.client.RecordActivityHeartbeatByID(ctx, b.options.namespace, t.workflow, "", t.activity)
	if !isGone(err) {
		return err
	}
	switch a := b.pending(ctx, t); {
	case a == nil:
		return err
	case a.State == enums.PENDING_ACTIVITY_STATE_SCHEDULED: // no worker has taken the await up yet, so its heartbeat's time has not begun
		return nil
	}
	return b.client.RecordActivityHeartbeatByID(ctx, b.options.namespace, t.workflow, "", t.activity) // it was taken up since
}

// pending returns what the server says of an activity that has not ended, nil of one that has.
func (b byClient) pending(ctx context.Context, t token) *workflowpb.PendingActivityInfo {
	d, err := b.describe(ctx, t.workflow, "")
	if err != nil {
		return nil
	}
	return t.pendingIn(d)
}

// pendingIn returns the activity of the token in what the server says of its workflow, nil if it has ended.
func (t token) pendingIn(d *workflowservice.DescribeWorkflowExecutionResponse) *workflowpb.PendingActivityInfo {
	for _, a := range d.PendingActivities {
		if a.ActivityId == t.activity {
			return a
		}
	}
	return nil
}

func (b byClient) known(ctx context.Context, t token) bool {
	_, err := b.describe(ctx, t.workflow, "")
	return err == nil
}

func isGone(err error) bool {
	_, gone := errors.AsType[*serviceerror.NotFound](err)
	return gone
}

// refused turns the error of completing an activity into that of the Step Functions API (E48).
func (e *Engine) refused(ctx context.Context, t token, text string, err error) error {
	switch {
	case !isGone(err) && !sdk.IsCanceledError(err):
		return err
	case e.tokens.known(ctx, t):
		return hosts.TaskOver()
	}
	return hosts.NoTask(text)
}

// SendTaskSuccess implements [asl.Callbacks].
func (e *Engine) SendTaskSuccess(ctx context.Context, text string, output asl.Value) error {
	if output.IsAbsent() {
		return &asl.APIError{Code: asl.CodeInvalidOutput, Message: "Invalid Output: there is none"}
	}
	t, err := parseToken(text)
	if err != nil {
		return err
	}
	return e.refused(ctx, t, text, e.tokens.complete(ctx, t, output, nil))
}

// SendTaskFailure implements [asl.Callbacks]. Without a failure the task fails with neither error nor cause.
func (e *Engine) SendTaskFailure(ctx context.Context, text string, failed *asl.Error) error {
	t, err := parseToken(text)
	if err != nil {
		return err
	}
	if failed == nil {
		failed = &asl.Error{Unnamed: true, Causeless: true}
	}
	return e.refused(ctx, t, text, e.tokens.complete(ctx, t, nil, failure(failed)))
}

// SendTaskHeartbeat implements [asl.Callbacks].
func (e *Engine) SendTaskHeartbeat(ctx context.Context, text string) error {
	t, err := parseToken(text)
	if err != nil {
		return err
	}
	return e.refused(ctx, t, text, e.tokens.beat(ctx, t))
}

// CheckTaskToken implements [asl.Callbacks].
func (e *Engine) CheckTaskToken(ctx context.Context, text string) error {
	t, err := parseToken(text)
	if err != nil {
		return err
	}
	if e.client == nil {
		return nil
	}
	d, err := e.describe(ctx, t.workflow, "")
	if err != nil {
		return e.refused(ctx, t, text, err)
	}
	if t.pendingIn(d) == nil {
		return hosts.TaskOver()
	}
	return nil
}
