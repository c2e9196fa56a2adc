// Package sfnapi speaks the protocol of the AWS Step Functions API for the calls that a task's worker makes:
// SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat. A container whose AWS SDK is pointed here, with
// AWS_ENDPOINT_URL_SFN or in its code, reports to a machine of this module as it does to AWS (E45–E49).
//
// Requests are not authenticated: the token is the proof. Serve it where only those who run your tasks can reach it.
package sfnapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

const target = "AWSStepFunctions."

// NewHandler returns a handler that hands the answers of workers to the tasks that wait for them.
func NewHandler(tasks asl.Callbacks) http.Handler {
	return &handler{tasks: tasks, large: make(chan struct{}, mostLarge)}
}

type handler struct {
	tasks asl.Callbacks
	large chan struct{} // has an element for each large request that is being read
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), target)
	calls := map[string]func(context.Context, members) error{
		"SendTaskSuccess": h.success, "SendTaskFailure": h.failure, "SendTaskHeartbeat": h.heartbeat,
	}
	call := calls[operation]
	if !ok || call == nil || r.Method != http.MethodPost {
		refuse(w, http.StatusBadRequest, "UnknownOperationException", fmt.Sprintf("the operation %q is not served here", operation))
		return
	}
	in, err := h.read(w, r)
	if err == nil {
		err = call(r.Context(), in)
	}
	if err != nil {
		answer(w, err)
		return
	}
	reply(w, http.StatusOK, value.EmptyObject)
}

func (h *handler) success(ctx context.Context, in members) error {
	text, given := in["output"]
	if !given {
		return invalid("output", "must be a string")
	}
	output, err := value.Parse([]byte(text))
	if err != nil {
		return &asl.APIError{Code: asl.CodeInvalidOutput, Message: fmt.Sprintf("Invalid Output: %v", err)}
	}
	return h.tasks.SendTaskSuccess(ctx, in["taskToken"], output)
}

func (h *handler) failure(ctx context.Context, in members) error {
	name, named := in["error"]
	cause, caused := in["cause"]
	return h.tasks.SendTaskFailure(ctx, in["taskToken"], &asl.Error{Name: name, Unnamed: !named, Cause: cause, Causeless: !caused})
}

func (h *handler) heartbeat(ctx context.Context, in members) error {
	return h.tasks.SendTaskHeartbeat(ctx, in["taskToken"])
}

// validationError is the API's answer to a request that breaks its model.
type validationError struct{ message string }

func (e *validationError) Error() string { return e.message }

func invalid(member, must string) error {
	return &validationError{fmt.Sprintf("1 validation error detected: Value at '%s' failed to satisfy constraint: Member %s", member, must)}
}

func answer(w http.ResponseWriter, err error) {
	if errors.Is(err, errUnreadable) {
		refuse(w, http.StatusBadRequest, "SerializationException", err.Error())
		return
	}
	if e, ok := errors.AsType[*asl.APIError](err); ok {
		refuse(w, http.StatusBadRequest, e.Code, e.Message)
		return
	}
	if e, ok := errors.AsType[*validationError](err); ok {
		refuse(w, http.StatusBadRequest, "ValidationException", e.message)
		return
	}
	refuse(w, http.StatusInternalServerError, "InternalFailure", err.Error())
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("X-Amzn-ErrorType", code)
	reply(w, status, value.Object(value.Field("__type", value.String(code)), value.Field("message", value.String(message))))
}

// reply writes an answer of the AWS JSON 1.0 protocol.
func reply(w http.ResponseWriter, status int, body value.Value) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_, _ = w.Write(body.AppendJSON(nil)) // a client that went away has nothing to be told
}
