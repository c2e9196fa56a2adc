package sfnapi

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func (a *api) history(ctx context.Context, in value.Value) (value.Value, error) {
	x, err := a.execution(ctx, in)
	if err != nil {
		return value.Value{}, err
	}
	read := reading{arn: x.ID()}
	read.reverse, _ = in.Get("reverseOrder").AsBool()
	goesOn, err := read.goOn(&in)
	if err != nil {
		return value.Value{}, err
	}
	if !goesOn || !a.paged.take(&read) {
		all, err := x.History(ctx)
		if err != nil {
			return value.Value{}, err
		}
		read.begin(all, goesOn)
	}
	data, given := in.Get("includeExecutionData").AsBool()
	out, err := page(in, "events", read.events, 1000, func(e asl.Event) (value.Value, bool, error) {
		if given && !data {
			e = withoutData(e)
		}
		text, err := e.MarshalJSON()
		if err != nil {
			return value.Value{}, false, err
		}
		v, err := value.Parse(text)
		return v.With("timestamp", seconds(e.Time)), true, err
	})
	if next, more := out.Get("nextToken").AsString(); err == nil && more {
		a.paged.keep(read)
		out = out.With("nextToken", value.String(next+"."+strconv.FormatInt(read.newest, 10)))
	}
	return out, err
}

// paged has the history of which the last page was asked for, until the next one is. An engine that has it on disk would read all of it for
// each page.
type paged struct {
	mu   sync.Mutex
	last reading
}

// reading is a history that is read page by page. Of an execution that goes on the pages are those of the history as it was when the first of
// them was read, which their tokens say behind a dot: what has come since then would be before those that are to come, in reverse order.
type reading struct {
	arn     string
	reverse bool
	newest  int64       // id of the newest event
	events  []asl.Event // in the order in which they are read
}

// goOn takes in the token of a request, of which [page] is left its own part. It reports whether there is one.
func (r *reading) goOn(in *value.Value) (is bool, err error) {
	token, err := text(*in, "nextToken")
	if err != nil || token == "" {
		return false, err
	}
	next, newest, _ := strings.Cut(token, ".")
	if r.newest, err = strconv.ParseInt(newest, 10, 64); err != nil {
		return false, &asl.APIError{Code: asl.CodeInvalidToken, Message: "Invalid Token: '" + token + "'"}
	}
	*in = in.With("nextToken", value.String(next))
	return true, nil
}

// begin takes in the events of the history as it is now, if the reading goes on without those that have come since it began.
func (r *reading) begin(all []asl.Event, goesOn bool) {
	for goesOn && len(all) > 0 && all[len(all)-1].ID > r.newest {
		all = all[:len(all)-1]
	}
	if !goesOn && len(all) > 0 {
		r.newest = all[len(all)-1].ID
	}
	if r.events = all; r.reverse {
		slices.Reverse(all)
	}
}

// longestKept is how many bytes of documents a history has at most that is kept between its pages.
const longestKept = 64 << 20

// take gives out the history, if it is that of which the next page is wanted.
func (p *paged) take(r *reading) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.arn != r.arn || p.last.reverse != r.reverse || p.last.newest != r.newest {
		return false
	}
	*r, p.last = p.last, reading{}
	return true
}

func (p *paged) keep(r reading) {
	size := 0
	for _, e := range r.events {
		size += e.Input.Size() + e.Output.Size() + e.Assigned.Size()
		if e.Task != nil {
			size += e.Task.Parameters.Size()
		}
		if e.Err != nil {
			size += len(e.Err.Cause)
		}
	}
	if size > longestKept {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = r
}

// withoutData returns an event without its documents.
func withoutData(e asl.Event) asl.Event {
	e.Input, e.Output, e.Assigned = value.Value{}, value.Value{}, value.Value{}
	if e.Task != nil {
		task := *e.Task
		task.Parameters = value.Value{}
		e.Task = &task
	}
	if e.Err != nil {
		failed := *e.Err
		failed.Cause, failed.Causeless = "", true
		e.Err = &failed
	}
	return e
}
