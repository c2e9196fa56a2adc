package sfnapi_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// recorder takes every answer whose token is not wrong, or fails with err.
type recorder struct {
	err   error
	wrong string // a token
	calls []string
}

func (r *recorder) SendTaskSuccess(_ context.Context, token string, output asl.Value) error {
	r.calls = append(r.calls, "success "+token+" "+output.String())
	return r.err
}

func (r *recorder) SendTaskFailure(_ context.Context, token string, failure *asl.Error) error {
	r.calls = append(r.calls, "failure "+token+" "+failure.Error())
	return r.err
}

func (r *recorder) CheckTaskToken(_ context.Context, token string) error {
	if token == r.wrong {
		return &asl.APIError{Code: asl.CodeInvalidToken}
	}
	return nil
}

func (r *recorder) SendTaskHeartbeat(_ context.Context, token string) error {
	r.calls = append(r.calls, "heartbeat "+token)
	return r.err
}

func (r *recorder) last() string {
	if len(r.calls) == 0 {
		return ""
	}
	return r.calls[len(r.calls)-1]
}

// Each member may be as long as the API's reference says, and no longer: output in bytes, the others in characters.
func TestLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("é", n) }
	quoted := func(bytes int) string { return `"` + strings.Repeat("x", bytes-2) + `"` }
	for _, row := range []struct {
		name string
		send func(worker) error
		want string
	}{
		{"longest token", func(w worker) error { return w.heartbeat(t.Context(), long(1024)) }, ""},
		{"token too long", func(w worker) error { return w.heartbeat(t.Context(), long(1025)) }, "ValidationException"},
		{"no token", func(w worker) error { return w.heartbeat(t.Context(), "") }, "ValidationException"},
		{"longest output", func(w worker) error { return w.success(t.Context(), "t", quoted(262144)) }, ""},
		{"output too long", func(w worker) error { return w.success(t.Context(), "t", quoted(262145)) }, "ValidationException"},
		{"output too long in bytes", func(w worker) error { return w.success(t.Context(), "t", `"`+long(131072)+`"`) }, "ValidationException"},
		{"longest error", func(w worker) error { return w.failure(t.Context(), "t", aws.String(long(256)), nil) }, ""},
		{"error too long", func(w worker) error { return w.failure(t.Context(), "t", aws.String(long(257)), nil) }, "ValidationException"},
		{"longest cause", func(w worker) error { return w.failure(t.Context(), "t", nil, aws.String(long(32768))) }, ""},
		{"cause too long", func(w worker) error { return w.failure(t.Context(), "t", nil, aws.String(long(32769))) }, "ValidationException"},
		{"empty error and cause", func(w worker) error { return w.failure(t.Context(), "t", aws.String(""), aws.String("")) }, ""},
		{"no JSON", func(w worker) error { return w.success(t.Context(), "t", "{") }, asl.CodeInvalidOutput},
		{"empty output", func(w worker) error { return w.success(t.Context(), "t", "") }, asl.CodeInvalidOutput},
		{"two values", func(w worker) error { return w.success(t.Context(), "t", "1 2") }, asl.CodeInvalidOutput},
		{"same name twice", func(w worker) error { return w.success(t.Context(), "t", `{"a":1,"a":2}`) }, asl.CodeInvalidOutput},
		{"number", func(w worker) error { return w.success(t.Context(), "t", " 1.50 ") }, ""},
		{"null", func(w worker) error { return w.success(t.Context(), "t", "null") }, ""},
	} {
		r := &recorder{}
		got := code(t, row.send(newClient(t, r)))
		if got != row.want || (len(r.calls) == 1) != (row.want == "") {
			t.Errorf("%s: have %q, want %q; %d calls", row.name, got, row.want, len(r.calls))
		}
	}
}

// What the protocol does not allow is refused with an exception of the API, and nothing is done.
func TestMalformedRequests(t *testing.T) {
	for _, row := range []struct {
		name, method, target, body string
		status                     int
		want                       string // exception
	}{
		{"GET", "GET", "AWSStepFunctions.SendTaskHeartbeat", `{"taskToken":"t"}`, 400, "UnknownOperationException"},
		{"no target", "POST", "", `{"taskToken":"t"}`, 400, "UnknownOperationException"},
		{"other service", "POST", "DynamoDB.SendTaskHeartbeat", `{"taskToken":"t"}`, 400, "UnknownOperationException"},
		{"other operation", "POST", "AWSStepFunctions.StartExecution", `{"taskToken":"t"}`, 400, "UnknownOperationException"},
		{"no body", "POST", "AWSStepFunctions.SendTaskHeartbeat", "", 400, "SerializationException"},
		{"no JSON", "POST", "AWSStepFunctions.SendTaskHeartbeat", "{", 400, "SerializationException"},
		{"no object", "POST", "AWSStepFunctions.SendTaskHeartbeat", `["t"]`, 400, "SerializationException"},
		{"too much", "POST", "AWSStepFunctions.SendTaskHeartbeat", `{"taskToken":"t","x":"` + strings.Repeat("x", 4<<20) + `"}`, 400, "SerializationException"},
		{"no token", "POST", "AWSStepFunctions.SendTaskHeartbeat", `{}`, 400, "ValidationException"},
		{"null token", "POST", "AWSStepFunctions.SendTaskHeartbeat", `{"taskToken":null}`, 400, "ValidationException"},
		{"token no string", "POST", "AWSStepFunctions.SendTaskFailure", `{"taskToken":1}`, 400, "ValidationException"},
		{"error no string", "POST", "AWSStepFunctions.SendTaskFailure", `{"taskToken":"t","error":1}`, 400, "ValidationException"},
		{"cause no string", "POST", "AWSStepFunctions.SendTaskFailure", `{"taskToken":"t","cause":{}}`, 400, "ValidationException"},
		{"no output", "POST", "AWSStepFunctions.SendTaskSuccess", `{"taskToken":"t"}`, 400, "ValidationException"},
		{"output no string", "POST", "AWSStepFunctions.SendTaskSuccess", `{"taskToken":"t","output":{}}`, 400, "ValidationException"},
		{"longest output, in escapes", "POST", "AWSStepFunctions.SendTaskSuccess",
			`{"output":"` + strings.Repeat(`\u0031`, 262144) + `","taskToken":"` + strings.Repeat(`\ud83d\ude00`, 1024) + `"}`, 200, ""},
		{"token twice", "POST", "AWSStepFunctions.SendTaskHeartbeat", `{"taskToken":"t","taskToken":"u"}`, 400, "SerializationException"},
		{"more after the object", "POST", "AWSStepFunctions.SendTaskHeartbeat", `{"taskToken":"t"}{}`, 400, "SerializationException"},
		{"unknown members", "POST", "AWSStepFunctions.SendTaskFailure", `{"taskToken":"t","error":null,"what":1}`, 200, ""},
	} {
		r := &recorder{}
		w := httptest.NewRecorder()
		request := httptest.NewRequest(row.method, "/", strings.NewReader(row.body))
		request.Header.Set("X-Amz-Target", row.target)
		sfnapi.NewHandler(r).ServeHTTP(w, request)
		answer, err := value.Parse(w.Body.Bytes())
		exception, _ := answer.Get("__type").AsString()
		if err != nil || w.Code != row.status || exception != row.want || w.Header().Get("X-Amzn-ErrorType") != row.want ||
			w.Header().Get("Content-Type") != "application/x-amz-json-1.0" || (len(r.calls) == 1) != (row.want == "") {
			t.Errorf("%s: %d %s %v", row.name, w.Code, w.Body, w.Header())
		}
	}
}

// counter counts what is read of a text that goes on for ever.
type counter struct {
	text string // then
	rest string // again and again
	read int
}

func (c *counter) Read(p []byte) (int, error) {
	if c.text == "" {
		c.text = c.rest
	}
	n := copy(p, c.text)
	c.text = c.text[n:]
	c.read += n
	return n, nil
}

// Who has no token for which a task waits costs neither reading nor memory.
func TestWrongTokens(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads megabytes byte by byte")
	}
	for _, row := range []struct {
		name, text, rest string
		most             int // bytes that are read
		want             string
	}{
		{"first", `{"taskToken":"wrong","output":"`, "1", 4096, asl.CodeInvalidToken},
		{"numbers before", `{"x":[`, "1,", 2 << 20, "SerializationException"},
		{"names before", `{"x":0`, `,"y":0`, 2 << 20, "SerializationException"},
		{"text before", `{"output":"`, "1", 2 << 20, "SerializationException"},
		{"output before", `{"output":"` + strings.Repeat("1", 262144) + `","taskToken":"wrong"`, " ", 2 << 20, asl.CodeInvalidToken},
	} {
		body := &counter{text: row.text, rest: row.rest}
		w := httptest.NewRecorder()
		request := httptest.NewRequest("POST", "/", body)
		request.Header.Set("X-Amz-Target", "AWSStepFunctions.SendTaskSuccess")
		r := &recorder{wrong: "wrong"}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		sfnapi.NewHandler(r).ServeHTTP(w, request)
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 16<<20 {
			t.Errorf("%s: %d bytes were allocated", row.name, allocated)
		}
		if w.Header().Get("X-Amzn-ErrorType") != row.want || body.read > row.most || len(r.calls) != 0 {
			t.Errorf("%s: %s after %d bytes", row.name, w.Body, body.read)
		}
	}
}

// A body that breaks off is no request, and an engine's own fault is not the worker's.
func TestFaults(t *testing.T) {
	r := &recorder{}
	w := httptest.NewRecorder()
	request := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader(`{"taskToken":"t"}`), broken{}))
	request.Header.Set("X-Amz-Target", "AWSStepFunctions.SendTaskHeartbeat")
	sfnapi.NewHandler(r).ServeHTTP(w, request)
	if w.Code != http.StatusBadRequest || len(r.calls) != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	err := newClient(t, &recorder{err: errors.New("the disk is full")}).heartbeat(t.Context(), "t")
	if got := code(t, err); got != "InternalFailure" || !strings.Contains(err.Error(), "StatusCode: 500") {
		t.Error(err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Whatever comes in, the answer is JSON with the status that fits it, and an answer is only handed on if it is legal.
func FuzzHandler(f *testing.F) {
	for _, body := range []string{
		`{"taskToken":"t","output":"{\"a\":1}"}`, `{"taskToken":"t","error":"E","cause":"c"}`, `{"taskToken":"t"}`,
		`{"taskToken":"t","output":"\ud800"}`, `{"taskToken":"t","error":null}`, `{`, `[]`, ``, `{"taskToken":"","output":"x"}`,
	} {
		for _, operation := range []string{"SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat", "Other"} {
			f.Add("POST", "AWSStepFunctions."+operation, []byte(body))
		}
	}
	f.Add("GET", "", []byte(nil))
	f.Fuzz(func(t *testing.T, method, target string, body []byte) {
		r := &recorder{}
		w := httptest.NewRecorder()
		request := &http.Request{Method: method, Header: http.Header{"X-Amz-Target": {target}}, Body: io.NopCloser(bytes.NewReader(body))}
		sfnapi.NewHandler(r).ServeHTTP(w, request.WithContext(t.Context()))
		answer, err := value.Parse(w.Body.Bytes())
		if err != nil {
			t.Fatalf("the answer is %q: %v", w.Body, err)
		}
		switch w.Code {
		case http.StatusOK:
			if len(r.calls) != 1 || answer.Len() != 0 {
				t.Errorf("%q answered %s", r.last(), answer)
			}
		case http.StatusBadRequest:
			name, _ := answer.Get("__type").AsString()
			if len(r.calls) != 0 || name == "" {
				t.Errorf("%q answered %s", r.last(), answer)
			}
		default:
			t.Errorf("status %d: %s", w.Code, answer)
		}
	})
}
