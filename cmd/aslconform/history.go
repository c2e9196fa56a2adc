package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// unordered reports whether events of the row happen in an order that is not fixed, or was not kept.
func (r *row) unordered() bool {
	return slices.ContainsFunc(r.Nondeterministic, func(s string) bool {
		return s == "map-event-order" || s == "parallel-event-order" || s == "event-ids-normalised"
	})
}

// normalised reports whether the recorder put the events into another order and erased their ids.
func (r *row) normalised() bool { return slices.Contains(r.Nondeterministic, "event-ids-normalised") }

// dropped reports whether the recorder left out an event, as it did in rows whose ids it normalised.
func (r *row) dropped(e *runner.Event) bool {
	if !r.normalised() || !slices.Contains([]string{"ParallelStateSucceeded", "ParallelStateFailed", "ParallelStateExited"}, e.Type) {
		return false
	}
	return !slices.ContainsFunc(r.History, func(w value.Value) bool {
		t, _ := w.Get("type").AsString()
		name, _ := w.Get("name").AsString()
		return t == e.Type && name == e.Name
	})
}

// types compares the types and states of the events: one after the other or, where several branches or iterations run at
// once, what follows what. Where ids were not kept it compares what there is.
func (m *matcher) types(r *row, got *runner.Result) bool {
	var want, have []link
	for _, w := range r.History {
		t, _ := w.Get("type").AsString()
		name, _ := w.Get("name").AsString()
		id, _ := w.Get("id").AsInt()
		previous, _ := w.Get("prev").AsInt()
		want = append(want, link{id, previous, strings.TrimSpace(t + " " + name + indexOf(w.Get("index")))})
	}
	for i := range got.History {
		if e := &got.History[i]; !r.dropped(e) {
			index := value.Value{}
			if e.Index != nil {
				index = value.Int(int64(*e.Index))
			}
			have = append(have, link{e.ID, e.Previous, strings.TrimSpace(e.Type + " " + e.Name + indexOf(index))})
		}
	}
	if r.AWSValidated < "2024-11" {
		exitsFollowStart(want)
	}
	form := names
	switch {
	case r.normalised():
		form = func(l []link) []string { return slices.Sorted(slices.Values(names(l))) }
	case r.unordered():
		form = follows
	}
	if a, b := form(want), form(have); !slices.Equal(a, b) {
		k := 0
		for k < min(len(a), len(b)) && a[k] == b[k] {
			k++
		}
		m.diffs = append(m.diffs, fmt.Sprintf("history: the first %d are as recorded; then want %q\n\t got %q", k, a[k:], b[k:]))
		return false
	}
	return true
}

// link is an event by its name, and the one that it follows.
type link struct {
	id, previous int64
	name         string // its type, and the state or iteration
}

// kind returns the type of the event.
func (l *link) kind() string {
	kind, _, _ := strings.Cut(l.name, " ")
	kind, _, _ = strings.Cut(kind, "#")
	return kind
}

// exitsFollowStart has exits of DISTRIBUTED Maps follow the start of the Map Run, as AWS records it since some time in
// 2024; before, they followed its end.
func exitsFollowStart(list []link) {
	ends := map[int64]int64{}
	for i := range list {
		l := &list[i]
		if l.kind() == "MapRunSucceeded" {
			ends[l.id] = l.previous
		}
		if start, ok := ends[l.previous]; ok && l.kind() == "MapStateExited" {
			l.previous = start
		}
	}
}

func names(list []link) (all []string) {
	for _, l := range list {
		all = append(all, l.name)
	}
	return all
}

// follows returns the names of the events, each after all that it follows. Which branch or iteration is the last to end
// is not fixed, so what waits for one of them follows the state that has them.
func follows(list []link) (all []string) {
	byID, chains := map[int64]*link{}, map[int64]string{}
	for i := range list { // an event follows one before it
		l := &list[i]
		byID[l.id] = l
		before := chains[l.previous]
		if started := enclosing(byID, l); started != nil && started.id != l.previous {
			before = chains[started.id] + " …" + endOf(byID[l.previous])
		}
		chains[l.id] = before + " > " + l.name
		all = append(all, chains[l.id])
	}
	slices.Sort(all)
	return all
}

// enclosing returns the start of the branches or iterations of which an event waits for any, nil if it waits for none.
func enclosing(byID map[int64]*link, waiting *link) *link {
	switch waiting.kind() {
	case "ParallelStateSucceeded", "ParallelStateExited", "MapStateSucceeded", "MapStateExited", "MapIterationStarted":
	default:
		return nil
	}
	inner := "" // the entry of a state in a branch, which has its own
	for l := byID[waiting.previous]; l != nil; l = byID[l.previous] {
		switch kind := l.kind(); {
		case inner != "":
			if l.name == inner {
				inner = ""
			}
		case kind == "ParallelStateExited" || kind == "MapStateExited":
			inner = strings.Replace(l.name, "StateExited", "StateEntered", 1)
		case kind == "ParallelStateStarted" || kind == "MapStateStarted":
			return l
		}
	}
	return nil
}

// endOf returns the type of the event that ends an iteration or a Map Run: it is the same for all.
func endOf(l *link) string {
	if kind := l.kind(); strings.HasPrefix(kind, "MapIteration") || strings.HasPrefix(kind, "MapRun") {
		return " " + kind
	}
	return ""
}

func indexOf(v value.Value) string {
	if v.IsAbsent() {
		return ""
	}
	return "#" + v.String()
}

// history compares the events with all their details; ids and previous ids only where the order is fixed.
func (m *matcher) history(r *row, got *runner.Result) bool {
	var have []value.Value
	for i := range got.History {
		if e := &got.History[i]; !r.dropped(e) {
			v, err := value.Encode(e)
			if err != nil {
				return m.differ("history", value.Value{}, value.String(err.Error()))
			}
			have = append(have, v)
		}
	}
	if len(have) != len(r.History) {
		m.diffs = append(m.diffs, fmt.Sprintf("history: want %d events, got %d", len(r.History), len(have)))
		return false
	}
	same := true
	for i, want := range r.History {
		if !r.unordered() {
			same = m.event(fmt.Sprintf("history[%d]", i), want, have[i]) && same
			continue
		}
		want = want.With("id", value.Value{}).With("prev", value.Value{})
		k := slices.IndexFunc(have, func(v value.Value) bool {
			v = v.With("id", value.Value{}).With("prev", value.Value{})
			return m.trial(func(t *matcher) bool { return t.event("", want, v) })
		})
		if k < 0 {
			m.diffs = append(m.diffs, fmt.Sprintf("history[%d]: nothing like %s", i, shown(want)))
			same = false
			continue
		}
		have = slices.Delete(have, k, k+1)
	}
	return same
}

// event compares one event.
func (m *matcher) event(place string, want, got value.Value) bool {
	same := true
	if cause := want.Get("cause"); !cause.IsAbsent() {
		same = m.cause(place+".cause", cause, got.Get("cause"))
		want, got = want.With("cause", value.Value{}), got.With("cause", value.Value{})
	}
	// The name of a worker is the recorder's, whose worker it was.
	return m.value(place, want.With("causeIsJson", value.Value{}).With("workerName", value.Value{}), got) && same
}
