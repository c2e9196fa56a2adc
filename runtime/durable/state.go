package durable

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// state is where an execution stands: what is left of its records when they are folded, and all that is needed to go on.
type state struct {
	root    *asl.Frame       // its first frame, which has not begun
	redrive string           // token of its last redrive
	born    time.Time        // when that was
	paths   map[string]*path // "" is the root's; of a branch only while it runs
	recent  *path            // the one of them that was asked for last
	answers map[string]answer
	events  int            // of its history
	inside  map[string]int // events of the histories of executions inside it, by their ARNs
	aborted error
	stops   map[string]value.Value // attempts whose jobs are to be stopped, by handle
	end     *entry                 // nil while it runs
}

// path is a frame that runs: the root's, or that of a branch or an iteration.
type path struct {
	key   string
	frame *asl.Frame // where it stood last; nil before its first state
	ops   []op       // what it did since
	room  *opRoom    // of them; nil if there are none yet, or it is over
	kept  []op       // what it did before a redrive, and does not do again
	now   time.Time  // its time: it moves when a verb of the host returns
	then  time.Time  // its time at the frame, or at its beginning
	outer string     // key of the path around it, if it is over
	over  bool       // it has failed, and is there for a redrive alone
	spent []string   // keys of paths inside that are over
	host  *host      // of whoever runs it
}

// answer is what a token was answered with.
type answer struct {
	output value.Value
	err    error
}

// newState returns the state of an execution that begins.
func newState(root *asl.Frame, at time.Time) *state {
	return &state{root: root, born: at, paths: map[string]*path{"": {then: at, now: at}}}
}

// path returns the path with a key, nil if there is none.
func (s *state) path(key string) *path {
	if s.recent == nil || s.recent.key != key {
		s.recent = s.paths[key]
	}
	return s.recent
}

// count returns how many events the history of an execution inside has, or its own if that has no name.
func (s *state) count(of string) int {
	if of == "" {
		return s.events
	}
	return s.inside[of]
}

func (s *state) counted(of string, events int) {
	if of == "" {
		s.events = events
		return
	}
	put(&s.inside, of, events)
}

// put puts something into a map that is nil before there is anything in it, as most of a state's are.
func put[K comparable, V any](all *map[K]V, key K, one V) {
	if *all == nil {
		*all = map[K]V{}
	}
	(*all)[key] = one
}

// fold takes in an entry of a record.
func (s *state) fold(e *entry) error {
	p := s.path(e.path)
	if p == nil && (e.kind == frameOf || e.kind == didOf || e.kind == keptOf || e.kind == failedOf || e.kind == eventOf && e.since) {
		return fmt.Errorf("the path %q has not begun", e.path)
	}
	switch e.kind {
	case eventOf:
		count := s.count(e.of)
		if e.event.ID != int64(count+1) {
			return fmt.Errorf("the event %d of %q follows %d", e.event.ID, e.of, count)
		}
		s.counted(e.of, count+1)
		if e.since {
			p.did(op{deed: hadEvent, id: e.event.ID, text: string(e.event.Type)})
		}
	case frameOf:
		s.forgetAnswer(p)
		s.forgetSpent(p)
		p.enter(e.frame, e.time)
	case bornOf:
		s.paths[e.path], s.recent = &path{key: e.path, then: e.time, now: e.time}, nil
	case didOf:
		p.did(*e.op)
		if e.op.deed == resulted {
			s.forgetAnswer(p)
		}
	case keptOf:
		p.kept = append(p.kept, *e.op)
	case goneOf:
		s.forget(p)
	case failedOf:
		s.failed(p, e)
	case answerOf:
		put(&s.answers, e.text, answer{e.value, e.err})
	case abortOf:
		s.aborted = e.err
	case stoppingOf:
		put(&s.stops, e.text, e.value)
	case stoppedOf:
		delete(s.stops, e.text)
	case endOf:
		end := *e
		s.end = &end
	case redrivenOf:
		s.redriven(e)
	case resetOf:
		*s = *newState(s.root, s.born)
		s.redrive = e.text
	case historyOf:
		s.counted(e.of, e.count)
	}
	return nil
}

// enter has the path stand at a frame, which it copies.
func (p *path) enter(f *asl.Frame, at time.Time) {
	if p.frame == nil {
		p.frame = &asl.Frame{}
	}
	*p.frame = *f
	p.frame.Retries = slices.Clone(f.Retries)
	clear(p.ops)
	p.ops, p.kept, p.then, p.now = p.ops[:0], nil, at, at
}

// opRoom has room for the deeds of a path in a state that is a task, with its events.
type opRoom [8]op

// opRooms are those of paths that are over.
var opRooms = sync.Pool{New: func() any { return &opRoom{} }}

// did adds a deed.
func (p *path) did(o op) {
	if p.room == nil {
		p.room = opRooms.Get().(*opRoom)
		p.ops = p.room[:0]
	}
	p.ops = append(p.ops, o)
	if !o.time.IsZero() {
		p.now = o.time
	}
}

// forgetAnswer forgets the answer of an attempt that has its result.
func (s *state) forgetAnswer(p *path) {
	if id := p.attempt(); id != "" {
		delete(s.answers, id)
	}
}

// attempt returns the id of the attempt that the path has begun last since its frame, "" if there is none.
func (p *path) attempt() string {
	for i := len(p.ops) - 1; i >= 0; i-- {
		if p.ops[i].deed == begun {
			return p.ops[i].text
		}
	}
	return ""
}

// waits reports whether the attempt has begun and has no result.
func (s *state) waits(attempt string) bool {
	for _, p := range s.paths {
		for i := len(p.ops) - 1; i >= 0; i-- {
			if p.ops[i].deed == resulted {
				break
			}
			if p.ops[i].deed == begun && p.ops[i].text == attempt {
				return true
			}
		}
	}
	return false
}

// snapshot returns entries of which the same state is folded.
func (s *state) snapshot() (entries []entry) {
	x := s.root.Context.Execution
	entries = []entry{{kind: resetOf, text: s.redrive, count: x.RedriveCount, time: x.Redriven}}
	entries = append(entries, entry{kind: historyOf, count: s.events})
	for _, of := range slices.Sorted(maps.Keys(s.inside)) {
		entries = append(entries, entry{kind: historyOf, of: of, count: s.inside[of]})
	}
	for _, key := range slices.Sorted(maps.Keys(s.paths)) {
		p := s.paths[key]
		if key != "" || p.frame == nil || p.over {
			entries = append(entries, entry{kind: bornOf, path: key, time: p.then})
		}
		if p.frame != nil && !p.over {
			entries = append(entries, entry{kind: frameOf, path: key, time: p.then, frame: p.frame})
		}
		if p.over {
			entries = append(entries, entry{kind: failedOf, path: key, text: p.outer, frame: p.frame})
		}
		for _, o := range p.kept {
			entries = append(entries, entry{kind: keptOf, path: key, op: &o})
		}
		for _, o := range p.ops {
			entries = append(entries, entry{kind: didOf, path: key, op: &o})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.answers)) {
		entries = append(entries, entry{kind: answerOf, text: id, value: s.answers[id].output, err: s.answers[id].err})
	}
	if s.aborted != nil {
		entries = append(entries, entry{kind: abortOf, err: s.aborted})
	}
	for _, handle := range slices.Sorted(maps.Keys(s.stops)) {
		entries = append(entries, entry{kind: stoppingOf, text: handle, value: s.stops[handle]})
	}
	return entries
}
