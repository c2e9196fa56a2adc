package durable

import (
	"context"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// failed keeps a path that has not succeeded for a redrive.
func (s *state) failed(p *path, e *entry) {
	s.forgetAnswer(p)
	if e.frame.Started == 0 { // what it did is done again
		s.forgetSpent(p)
	}
	p.kept = kept(e.frame, append(p.kept, p.ops...))
	p.frame, p.ops, p.over, p.outer = e.frame, nil, true, e.text
	if outer := s.paths[e.text]; outer != p {
		outer.spent = append(outer.spent, p.key)
	}
}

// kept are the deeds of a failed path that a redrive does not do again: what its state has read, and its branches that have succeeded.
func kept(f *asl.Frame, ops []op) (left []op) {
	if f.Started == 0 {
		return nil
	}
	var call op
	forked := false
	for _, o := range ops {
		switch {
		case o.deed == begun:
			call = o
		case o.deed == resulted && o.err == nil && !forked:
			left = append(left, call, o)
		case o.deed == branched:
			if forked = true; o.outcome.Err == nil {
				left = append(left, o)
			}
		}
	}
	return left
}

// forget forgets a path, and those inside that are over.
func (s *state) forget(p *path) {
	if p == nil {
		return
	}
	s.forgetAnswer(p)
	s.forgetSpent(p)
	delete(s.paths, p.key)
	s.recent = nil
	if p.room != nil {
		clear(p.room[:])
		opRooms.Put(p.room)
		p.room, p.ops = nil, nil
	}
}

func (s *state) forgetSpent(p *path) {
	for _, key := range p.spent {
		s.forget(s.paths[key])
	}
	p.spent = nil
}

// redriven has an execution stand where it can go on that has ended: each of its paths that have not succeeded at the state that it has
// not left.
func (s *state) redriven(e *entry) {
	s.end, s.aborted, s.redrive = nil, nil, e.text
	again := *s.root.Context.Execution
	again.RedriveCount, again.Redriven = again.RedriveCount+1, e.time
	s.root.Context.Execution = &again
	before := s.paths
	s.paths, s.recent = map[string]*path{}, nil
	s.again(before, "", "", e.time)
}

// again has a path go on that has failed, and those inside; as is its key now, since the number of retries is part of it.
func (s *state) again(before map[string]*path, key, as string, at time.Time) {
	p := before[key]
	f := copied(p.frame)
	inside := f.Inner()
	f.Redrive(as, at)
	s.paths[as] = &path{key: as, frame: f, kept: p.kept, then: at, now: at}
	for _, key := range p.spent {
		s.again(before, key, f.Inner()+strings.TrimPrefix(key, inside), at)
	}
}

// Redrive implements [asl.Redrivable]. When it returns nil, that is on disk.
func (r *running) Redrive(ctx context.Context, token string) error {
	e := r.engine
	for {
		e.mu.Lock()
		ended, known := r.entry.status != asl.StatusRunning, e.programOf(r.entry) != nil
		e.mu.Unlock()
		switch {
		case e.stopped():
			return e.ending()
		case ended && !known:
			return e.unlinked(r.entry)
		case !ended:
			return r.redrivenWith(token)
		}
		if _, err := r.Wait(ctx); ctx.Err() != nil { // for the jobs that are being stopped
			return err
		}
		x, err := e.load(r.entry)
		if err != nil {
			return err
		}
		if x != nil {
			return x.redrive(token)
		}
	}
}

// redrivenWith returns nil if the execution runs since it was redriven with the token.
func (r *running) redrivenWith(token string) error {
	if err := r.flush(); err != nil {
		return err
	}
	s, _, err := r.engine.read(r.entry, false)
	if err == nil && (token == "" || s.redrive != token) {
		err = hosts.NotRedrivable(r.ID(), r.engine.describe(r.entry, s).NotRedrivable)
	}
	return err
}

// redrive has an execution go on that has come into memory for it.
func (x *execution) redrive(token string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if reason := x.engine.describe(x.entry, x.state).NotRedrivable; reason != "" {
		x.leave()
		return hosts.NotRedrivable(x.entry.id, reason)
	}
	x.note(entry{kind: redrivenOf, text: token, time: x.engine.clock.Now()})
	x.status, x.flags = asl.StatusRunning, x.flags|flagRedriven
	x.engine.ended(x.entry, asl.StatusRunning, time.Time{})
	if err := x.commit(); err != nil {
		x.leave()
		return x.engine.ending()
	}
	x.begin()
	x.stopSoon()
	return nil
}
