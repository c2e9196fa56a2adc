// Package sfnapi speaks the protocol of the AWS Step Functions API for the calls that a task's worker makes:
// SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat. A container whose AWS SDK is pointed here, with
// AWS_ENDPOINT_URL_SFN or in its code, reports to a machine of this module as it does to AWS (E45–E49).
//
// Requests are not authenticated: the token is the proof. Serve it where only those who run your tasks can reach it.
package sfnapi

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	asl "github.com/r-seed-632eed22/aslgen/runtime"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Limits of the API (1.20, E47, R182).
const (
	longestToken  = 1024    // characters
	longestOutput = 262144  // bytes
	longestError  = 256     // characters
	longestCause  = 32768   // characters
	longestBody   = 4 << 20 // bytes, more than any legal request has, escapes and all
)

const target = "AWSStepFunctions."

// NewHandler returns a handler that hands the answers of workers to the tasks that wait for them.
func NewHandler(tasks asl.Callbacks) http.Handler { return &handler{tasks} }

type handler struct{ tasks asl.Callbacks }

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), target)
	calls := map[string]func(*http.Request, value.Value) error{
		"SendTaskSuccess": h.success, "SendTaskFailure": h.failure, "SendTaskHeartbeat": h.heartbeat,
	}
	call := calls[operation]
	if !ok || call == nil || r.Method != http.MethodPost {
		refuse(w, http.StatusBadRequest, "UnknownOperationException", fmt.Sprintf("the operation %q is not served here", operation))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestBody))
	if err != nil {
		refuse(w, http.StatusBadRequest, "SerializationException", "the request cannot be read")
		return
	}
	input, err := value.Parse(body)
	if err != nil || input.Kind() != value.ObjectKind {
		refuse(w, http.StatusBadRequest, "SerializationException", "the request is not a JSON object")
		return
	}
	if err := call(r, input); err != nil {
		answer(w, err)
		return
	}
	reply(w, http.StatusOK, value.EmptyObject)
}

func (h *handler) success(r *http.Request, in value.Value) error {
	token, err := tokenOf(in)
	if err != nil {
		return err
	}
	text, ok := in.Get("output").AsString()
	if !ok {
		return invalid("output", "must be a string")
	}
	if err := checkLength("output", len(text), longestOutput); err != nil {
		return err
	}
	output, err := value.Parse([]byte(text))
	if err != nil {
		return &asl.CallbackError{Code: asl.CodeInvalidOutput, Message: fmt.Sprintf("Invalid Output: %v", err)}
	}
	return h.tasks.SendTaskSuccess(r.Context(), token, output)
}

func (h *handler) failure(r *http.Request, in value.Value) error {
	token, err := tokenOf(in)
	if err != nil {
		return err
	}
	failed := &asl.Error{}
	if failed.Name, failed.Unnamed, err = optional(in, "error", longestError); err != nil {
		return err
	}
	if failed.Cause, failed.Causeless, err = optional(in, "cause", longestCause); err != nil {
		return err
	}
	return h.tasks.SendTaskFailure(r.Context(), token, failed)
}

func (h *handler) heartbeat(r *http.Request, in value.Value) error {
	token, err := tokenOf(in)
	if err != nil {
		return err
	}
	return h.tasks.SendTaskHeartbeat(r.Context(), token)
}

func tokenOf(in value.Value) (string, error) {
	token, ok := in.Get("taskToken").AsString()
	if !ok || token == "" {
		return "", invalid("taskToken", "must be a string of at least one character")
	}
	return token, checkLength("taskToken", utf8.RuneCountInString(token), longestToken)
}

// optional reads a text that may be missing.
func optional(in value.Value, name string, longest int) (text string, missing bool, err error) {
	v := in.Get(name)
	if v.IsAbsent() || v.IsNull() {
		return "", true, nil
	}
	text, ok := v.AsString()
	if !ok {
		return "", false, invalid(name, "must be a string")
	}
	return text, false, checkLength(name, utf8.RuneCountInString(text), longest)
}

func checkLength(member string, length, longest int) error {
	if length > longest {
		return invalid(member, fmt.Sprintf("must have length less than or equal to %d", longest))
	}
	return nil
}

// validationError is the API's answer to a request that breaks its model.
type validationError struct{ message string }

func (e *validationError) Error() string { return e.message }

func invalid(member, must string) error {
	return &validationError{fmt.Sprintf("1 validation error detected: Value at '%s' failed to satisfy constraint: Member %s", member, must)}
}

func answer(w http.ResponseWriter, err error) {
	if e, ok := errors.AsType[*asl.CallbackError](err); ok {
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
