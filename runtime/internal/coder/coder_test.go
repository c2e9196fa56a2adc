package coder_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/coder"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// again returns what is read of what code has written.
func again(t *testing.T, code func(c *coder.Coder)) (read coder.Coder, written int) {
	t.Helper()
	w := coder.Coder{Known: &coder.Known{}}
	code(&w)
	return coder.Coder{Bytes: w.Bytes, Reading: true, Known: &coder.Known{}}, len(w.Bytes)
}

func TestTimes(t *testing.T) {
	for text, want := range map[string]time.Time{
		"2026-11-28T12:00:00.123456789Z": time.Date(2026, 11, 28, 12, 0, 0, 123456789, time.UTC),
		"0001-01-01T00:00:00Z":           {},
		"1600-01-01T00:00:00Z":           time.Unix(0, math.MinInt64+1).UTC(), // as long ago as can be, and not to come
		"9999-12-31T00:00:00Z":           time.Unix(0, math.MaxInt64).UTC(),
	} {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		later := at.Add(time.Second)
		c, _ := again(t, func(c *coder.Coder) { c.Time(&at); c.Time(&later) })
		var got, next time.Time
		c.Time(&got)
		c.Time(&next)
		if !got.Equal(want) || c.Err != nil || len(c.Bytes) > 0 {
			t.Errorf("%s is read as %s, want %s (%v)", text, got, want, c.Err)
		}
		if !want.IsZero() && next.Before(got) {
			t.Errorf("the time after %s is %s", got, next)
		}
	}
}

func TestFrames(t *testing.T) {
	at := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	document := value.MustParse(`{"order":{"id":1.50,"items":["a","b"]},"customer":"somebody"}`)
	of := &asl.ContextExecution{
		Account: asl.Account{Region: "us-east-1", ID: "123456789012"}, Machine: "M", Name: "n", Type: asl.Standard, Input: document, Started: at,
		RedriveCount: 2, Redriven: at.Add(time.Hour), Synchronous: true, RoleARN: "role", Unique: "u",
	}
	like := &asl.Frame{Execution: "secret", Context: asl.Context{Execution: of}, Document: document}
	f := &asl.Frame{
		Execution: "secret", Context: asl.Context{Execution: of}, State: "S", Document: document.With("customer", value.Null), Entry: 7,
		Variables: value.MustParse(`{"x":[1,2,3]}`), Retries: []int{0, 3}, Wake: at.Add(time.Minute), Deadline: at.Add(time.Hour),
		Last: 9, Before: 7, Entered: 8, EnteredTime: at.Add(time.Second), Started: 5, MapRun: "arn", MapRedrives: 1, Redriven: true,
	}
	c, size := again(t, func(c *coder.Coder) { c.Value(&like.Document); c.Frame(f, like) })
	base, got := *like, &asl.Frame{}
	c.Value(&base.Document)
	if c.Frame(got, &base); c.Err != nil || len(c.Bytes) > 0 {
		t.Fatal(c.Err, len(c.Bytes))
	}
	if diff := cmp.Diff(f, got); diff != "" {
		t.Error(diff)
	}
	if size > 200 {
		t.Errorf("it takes %d bytes", size)
	}
}

// FuzzEvent has what is read of any bytes be an error or an event that is the same when it is written and read again.
func FuzzEvent(f *testing.F) {
	at := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for _, e := range []asl.Event{
		{Type: asl.ExecutionStarted, Time: at, Input: value.MustParse(`{"a":[1,2,3],"b":"` + strings.Repeat("x", 30) + `"}`), RoleARN: "role"},
		{Type: asl.TaskFailed, Time: at, State: "S", Err: &asl.Error{Name: "E", Cause: "c"}, Task: &asl.TaskDetails{Resource: "r", Attempt: 2}},
	} {
		c := coder.Coder{Known: &coder.Known{}}
		c.Event(&e)
		f.Add(c.Bytes)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c := coder.Coder{Bytes: text, Reading: true, Known: &coder.Known{}}
		var e, second asl.Event
		if c.Event(&e); c.Err != nil {
			return
		}
		read, _ := again(t, func(c *coder.Coder) { c.Event(&e) })
		if read.Event(&second); read.Err != nil {
			t.Fatal(read.Err)
		}
		if diff := cmp.Diff(e, second); diff != "" {
			t.Error(diff)
		}
	})
}
