package sfnapi

import (
	"context"
	"slices"
	"sync"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func (a *api) history(ctx context.Context, in value.Value) (value.Value, error) {
	x, err := a.execution(ctx, in)
	if err != nil {
		return value.Value{}, err
	}
	reverse, _ := in.Get("reverseOrder").AsBool()
	read := reading{arn: x.ID(), reverse: reverse}
	if in.Get("nextToken").IsAbsent() || !a.paged.take(&read) {
		if read.events, err = x.History(ctx); err != nil {
			return value.Value{}, err
		}
		if reverse {
			slices.Reverse(read.events)
		}
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
	if err == nil && !out.Get("nextToken").IsAbsent() {
		a.paged.keep(read)
	}
	return out, err
}

// paged has the history of which the last page was asked for, until the next one is. An engine that has it on disk would read all of it for
// each page, and of an execution that goes on there would be other events on the pages to come, in reverse order.
type paged struct {
	mu   sync.Mutex
	last reading
}

// reading is a history that is read page by page.
type reading struct {
	arn     string
	reverse bool
	events  []asl.Event // in the order in which they are read
}

// longestKept is how many bytes of documents a history has at most that is kept between its pages.
const longestKept = 64 << 20

// take gives out the history, if it is that of which the next page is wanted.
func (p *paged) take(r *reading) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.arn != r.arn || p.last.reverse != r.reverse {
		return false
	}
	*r, p.last = p.last, reading{}
	return true
}

func (p *paged) keep(r reading) {
	size := 0
	for _, e := range r.events {
		size += e.Input.Size() + e.Output.Size()
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
