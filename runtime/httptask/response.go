package httptask

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// maxBody is how many bytes of an answer are read (P3).
const maxBody = 256 << 10

// Response is the result of a call (P4, A3). The names of headers are in the form of [http.CanonicalHeaderKey].
type Response struct {
	Headers      map[string][]string
	ResponseBody value.Value // JSON where the answer is, else a text
	StatusCode   int
	StatusText   string
}

// succeeded reports whether the status is one of success.
func (r *Response) succeeded() bool { return r.StatusCode >= 200 && r.StatusCode < 300 }

// text returns the body as text.
func (r *Response) text() string {
	if text, ok := r.ResponseBody.AsString(); ok {
		return text
	}
	return r.ResponseBody.String()
}

// read reads an answer and closes it.
func read(answer *http.Response) (*Response, error) {
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxBody {
		return nil, &asl.Error{Name: asl.ErrorDataLimitExceeded, Cause: fmt.Sprintf("The answer has more than %d bytes", maxBody)}
	}
	r := &Response{
		Headers: answer.Header, StatusCode: answer.StatusCode,
		StatusText: strings.TrimPrefix(strings.TrimPrefix(answer.Status, fmt.Sprint(answer.StatusCode)), " "),
	}
	r.ResponseBody, err = decode(answer.Header.Get("Content-Type"), body)
	return r, err
}

// decode reads a body of a type. One that is not text fails the task (P4).
func decode(contentType string, body []byte) (value.Value, error) {
	media, _, _ := mime.ParseMediaType(contentType)
	kind, _, _ := strings.Cut(media, "/")
	if len(body) > 0 && (media == "application/octet-stream" || kind == "image" || kind == "video" || kind == "audio" || !utf8.Valid(body)) {
		return value.Value{}, runtimeError("The answer of type %q is not text", contentType)
	}
	if media == "" || media == "application/json" || strings.HasSuffix(media, "+json") {
		if v, err := value.Parse(body); err == nil {
			return v, nil
		}
	}
	return value.String(string(body)), nil
}
