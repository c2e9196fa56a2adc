package sfnapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/runtime/internal/jsonspace"
)

// Limits of the API (1.20, E47, R182).
const (
	longestToken  = 1024   // characters
	longestOutput = 262144 // bytes
	longestError  = 256    // characters
	longestCause  = 32768  // characters

	// longestBody is in bytes: an output of which every byte is an escape of six, a token of escapes, and what is around.
	longestBody = 6*longestOutput + 12*longestToken + 4096
)

// A request over smallBody bytes waits until fewer than mostLarge of these are being read.
const (
	smallBody = 16 << 10
	mostLarge = 32
)

// members are the members of a request that were given, all of them texts. Those that are null were not.
type members map[string]string

// limits say how long the members may be that the three operations have; of others nothing is held.
var limits = map[string]struct {
	longest int
	length  func(string) int
}{
	"taskToken": {longestToken, utf8.RuneCountInString},
	"output":    {longestOutput, func(s string) int { return len(s) }},
	"error":     {longestError, utf8.RuneCountInString},
	"cause":     {longestCause, utf8.RuneCountInString},
}

// errUnreadable is the error of a request that is no JSON object, or whose body breaks off or is too long.
var errUnreadable = errors.New("the request is not a JSON object, or cannot be read")

// read returns the members of a request, whose token is one that a task waits for. The token is checked when it comes, and
// after a wrong one nothing is read.
func (h *handler) read(w http.ResponseWriter, r *http.Request) (members, error) {
	if r.ContentLength < 0 || r.ContentLength > smallBody {
		select {
		case h.large <- struct{}{}:
			defer func() { <-h.large }()
		case <-r.Context().Done():
			return nil, errUnreadable
		}
	}
	// Whoever repeats names that mean nothing here does not have them remembered.
	d := jsontext.NewDecoder(jsonspace.NewReader(http.MaxBytesReader(w, r.Body, longestBody)), jsontext.AllowDuplicateNames(true))
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return nil, errUnreadable
	}
	in := members{}
	for d.PeekKind() == '"' {
		t, err := d.ReadToken()
		if err != nil {
			return nil, errUnreadable
		}
		name := t.String() // t itself is gone with the next one
		if err := in.read(d, name); err != nil {
			return nil, err
		}
		if name == "taskToken" {
			if err := h.check(r.Context(), in); err != nil {
				return nil, err
			}
		}
	}
	if _, err := d.ReadToken(); err != nil { // what ends the object
		return nil, errUnreadable
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errUnreadable
	}
	if in["taskToken"] == "" {
		return nil, errNoToken
	}
	return in, nil
}

// check refuses a token for which no task waits.
func (h *handler) check(ctx context.Context, in members) error {
	if in["taskToken"] == "" {
		return errNoToken
	}
	return h.tasks.CheckTaskToken(ctx, in["taskToken"])
}

var errNoToken = invalid("taskToken", "must be a string of at least one character")

// read reads the member that follows its name.
func (in members) read(d *jsontext.Decoder, name string) error {
	limit, known := limits[name]
	if _, twice := in[name]; twice {
		return errUnreadable
	}
	kind := d.PeekKind()
	if known && kind != '"' && kind != 'n' && kind != 0 {
		return invalid(name, "must be a string")
	}
	if kind != '"' || !known {
		if d.SkipValue() != nil {
			return errUnreadable
		}
		return nil
	}
	t, err := d.ReadToken()
	if err != nil {
		return errUnreadable
	}
	text := t.String()
	if limit.length(text) > limit.longest {
		return invalid(name, fmt.Sprintf("must have length less than or equal to %d", limit.longest))
	}
	in[name] = text
	return nil
}
