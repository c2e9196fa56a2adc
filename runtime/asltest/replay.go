package asltest

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Replay runs executions of AWS Step Functions again on a machine, from their histories: what aws stepfunctions get-execution-history has
// printed, with all its pages. What tasks gave is taken from there, none is called. Where the machine goes another way than AWS went, gives
// a task other parameters, or ends otherwise, the test fails, at the state's line. A folder stands for the files *.json in it; each history
// is a subtest. The children of a DISTRIBUTED Map have histories of their own: those of one.json are taken from a folder one beside it.
//
// Texts that are another every time are taken for the same: task tokens, UUIDs, times, names and ARNs of executions. What was redriven is
// redriven.
func Replay(t *testing.T, machine interface{ Program() asl.Program }, files ...string) {
	t.Helper()
	histories, err := ReadHistories(files...)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range histories {
		t.Run(filepath.Base(h.Name), func(t *testing.T) {
			t.Helper()
			differences, err := h.Replay(t.Context(), machine.Program())
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range differences {
				t.Error(d)
			}
		})
	}
}

// ReadHistories reads the histories in files, and in the files *.json of folders.
func ReadHistories(names ...string) (all []*History, err error) {
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		files := []string{name}
		if info.IsDir() {
			if files, err = filepath.Glob(filepath.Join(name, "*.json")); err != nil {
				return nil, err
			}
			if len(files) == 0 {
				return nil, fmt.Errorf("%s has no histories: no files *.json", name)
			}
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			h, err := ReadHistory(file, text)
			if err != nil {
				return nil, err
			}
			children := strings.TrimSuffix(file, filepath.Ext(file))
			if info, err := os.Stat(children); err == nil && info.IsDir() {
				if h.Children, err = ReadHistories(children); err != nil {
					return nil, err
				}
			}
			all = append(all, h)
		}
	}
	return all, nil
}

// Replay runs the execution of the history on a program, and returns where it goes otherwise. What tasks gave is taken from the history and from
// those of its children. Calls that they do not have fail; without Children, those in a DISTRIBUTED Map are made by the machine's own tasks.
func (h *History) Replay(ctx context.Context, p asl.Program) ([]Difference, error) {
	want := h.tell()
	engine := memory.NewDriven(want.started, memory.WithRegion(cmp.Or(want.region, "us-east-1"), cmp.Or(want.account, "123456789012")))
	r := &replaying{redaction: redaction(h.Redact), want: want, engine: engine, attempts: want.attempts, taken: map[*attempt]bool{}}
	r.adopt(h.Children)
	with := &substituted{p, r.work, func(state string) bool { return want.maps[state] }}
	var running asl.Running
	var err error
	engine.Driven().Run(ctx, func(ctx context.Context) {
		if running, err = engine.Start(ctx, with, asl.StartRequest{Input: want.input}); err != nil {
			return
		}
		for _, e := range append(slices.Clone(want.before), want.ending) {
			if err = r.until(ctx, running, e); err != nil {
				return
			}
		}
	})
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	events, err := running.History(ctx)
	if err != nil {
		return nil, err
	}
	got, err := historyOf(events)
	if err != nil {
		return nil, err
	}
	return append(r.children(placesOf(p)), differences(p, want, got.tell(), r.redaction)...), nil
}

// until runs an execution until it ends as it has ended, and redrives it if that was what came next.
func (r *replaying) until(ctx context.Context, running asl.Running, e ending) error {
	if e.status == asl.StatusAborted && clock.SleepUntil(ctx, r.engine.Clock(), e.at) == nil {
		if err := running.Stop(ctx, e.err.Name, e.err.Cause); err != nil {
			return err
		}
	}
	_, _ = running.Wait(ctx) // how it has ended is in the history
	if e.redriven.IsZero() || clock.SleepUntil(ctx, r.engine.Clock(), e.redriven) != nil {
		return nil
	}
	if d, err := running.Describe(ctx); err != nil || d.NotRedrivable != "" {
		return err // it has ended otherwise, which the comparison says
	}
	return running.(asl.Redrivable).Redrive(ctx, "")
}

// replaying gives attempts of a replay what those of the history gave.
type replaying struct {
	redaction
	want     *told
	engine   *memory.Engine
	attempts []*attempt // of the execution, and of its children

	mu    sync.Mutex
	taken map[*attempt]bool
	other []Difference // of what children are given
}

// adopt adds the attempts of children, and of theirs.
func (r *replaying) adopt(children []*History) {
	for _, child := range children {
		for _, a := range child.tell().attempts {
			a.child = child.Name
			r.attempts = append(r.attempts, a)
		}
		r.adopt(child.Children)
	}
}

// children returns where the children of the execution go another way than theirs did.
func (r *replaying) children(places map[string]string) []Difference {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range r.attempts {
		if a.child != "" && !r.taken[a] {
			r.other = append(r.other, Difference{State: a.state, What: "the task is not called as in " + a.child, Want: r.shown(a.sent), Got: "nothing"})
		}
	}
	for i := range r.other {
		r.other[i].Place = places[r.other[i].State]
	}
	return r.other
}

// work takes the first attempt of the same state in the same iteration that was given the same, or else the first. Branches and iterations may
// come in another order than they are told of.
func (r *replaying) work(a *asl.Attempt, path string) asl.Work {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found *attempt
	best := -1
	for _, w := range r.attempts {
		if r.taken[w] || w.state != a.State {
			continue
		}
		score := 0
		if w.path == path {
			score += 2
		}
		if like(w.sent, a.Parameters) {
			score++
		}
		if score > best {
			found, best = w, score
		}
	}
	if found == nil && r.want.distributed && len(r.attempts) == len(r.want.attempts) {
		return a.Work
	}
	if found == nil {
		return &call{answers: r.engine, result: func(context.Context) (value.Value, error) {
			return value.Value{}, fmt.Errorf("the history has no such call of the state %q", a.State)
		}}
	}
	r.taken[found] = true
	if found.child != "" && !like(found.sent, a.Parameters) {
		want, got := r.both(found.sent, a.Parameters)
		r.other = append(r.other, Difference{State: a.State, What: "the parameters of the task in " + found.child, Want: want, Got: got})
	}
	return &call{found.submitted, func(ctx context.Context) (value.Value, error) { return found.give(ctx, a) }, r.engine}
}

// give ends an attempt as this one has ended, after the same time.
func (w *attempt) give(ctx context.Context, a *asl.Attempt) (value.Value, error) {
	if !w.over || w.timedOut && (!a.Deadline.IsZero() || a.Heartbeat > 0) {
		return value.Value{}, never(ctx)
	}
	if err := clock.Sleep(ctx, max(w.took, time.Millisecond)); err != nil {
		return value.Value{}, err
	}
	if w.err != nil {
		return value.Value{}, w.err
	}
	return w.result, nil
}

// visitsOf returns the visits of states by their paths and names, each in its own order, which does not depend on which branch was faster; and
// the keys in the order in which they were first made.
func (t *told) visitsOf() (all map[string][]*visit, keys []string) {
	all = map[string][]*visit{}
	for _, v := range t.visits {
		key := v.path + "/" + v.state
		if all[key] == nil {
			keys = append(keys, key)
		}
		all[key] = append(all[key], v)
	}
	return all, keys
}
