package durable

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// WithTakeOver has a machine take over the open executions of its other versions, of which the program has none: they go on with the new
// definition from the state in which they are, if that is the same in both. Of an execution in a state that has changed, or is gone, the
// reason is reported, and it waits for its own version. aslgen breaking says beforehand what else a new version means for executions in flight.
func WithTakeOver() Option { return func(e *Engine) { e.takesOver = true } }

// definitionsFolder has the definition of every version that executions may have, once.
const definitionsFolder = "definitions"

func definitionFile(v version) string {
	return filepath.Join(definitionsFolder, v.program+"@"+v.checksum+".json")
}

// keepDefinition writes down the definition of a program, for those that come after it.
func (e *Engine) keepDefinition(p asl.Program) error {
	if e.folder == "" || p.Definition() == "" {
		return nil
	}
	name := filepath.Join(e.folder, definitionFile(version{p.Name(), p.Checksum()}))
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return writeFile(filepath.Dir(name), name, []byte(p.Definition()))
}

// takeOver gives a program the open executions of its other versions that it can go on with. The lock is not held.
func (e *Engine) takeOver(p asl.Program) error {
	if !e.takesOver {
		return nil
	}
	e.mu.Lock()
	var open []*indexed
	for _, i := range e.entries {
		if i.of.program == p.Name() && i.status == asl.StatusRunning && i.x == nil && e.programOf(i) == nil {
			open = append(open, i)
		}
	}
	e.mu.Unlock()
	slices.SortFunc(open, func(a, b *indexed) int { return cmp.Compare(a.serial, b.serial) })
	states := map[version]map[string]value.Value{}
	mine, err := statesOf([]byte(p.Definition()))
	for _, i := range open {
		why := err
		if why == nil {
			why = e.takeOverOne(p, i, mine, states)
		}
		if fatal, is := errors.AsType[*os.PathError](why); is && !errors.Is(fatal, os.ErrNotExist) || e.stopped() {
			return why
		}
		if why != nil {
			e.report(fmt.Errorf("durable: %s is not taken over by the machine's new version: %w", i.id, why))
		}
	}
	return nil
}

// takeOverOne gives a program an execution, or says why it cannot go on with it. The states of definitions that were read are in known.
func (e *Engine) takeOverOne(p asl.Program, i *indexed, mine map[string]value.Value, known map[version]map[string]value.Value) error {
	before := *i.of
	theirs := known[before]
	if theirs == nil {
		text, err := os.ReadFile(filepath.Join(e.folder, definitionFile(before)))
		if err == nil {
			theirs, err = statesOf(text)
		}
		if err != nil {
			return err
		}
		known[before] = theirs
	}
	s, _, err := e.read(i, false)
	if err != nil {
		return err
	}
	for _, path := range s.paths {
		if path.frame == nil || path.over {
			continue
		}
		name := path.frame.State
		now, is := mine[name]
		if !is {
			return fmt.Errorf("it is in the state %q, which the new version does not have", name)
		}
		if !now.Equal(theirs[name]) {
			return fmt.Errorf("it is in the state %q, which has changed", name)
		}
	}
	return e.rebind(p, i)
}

// rebind has an execution be one of a program's version, once that is on disk.
func (e *Engine) rebind(p asl.Program, i *indexed) error {
	e.mu.Lock()
	i.program = p
	e.mu.Unlock()
	x, err := e.load(i)
	if err != nil || x == nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.flags |= flagTaken
	x.taken = p.Checksum()
	err = x.commit()
	x.leave()
	if err != nil {
		return e.ending()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	i.of, i.parked = e.versionOf(version{p.Name(), p.Checksum()}), false
	return nil
}

// statesOf returns the states of a definition by their names, those inside others too.
func statesOf(definition []byte) (map[string]value.Value, error) {
	v, err := value.Parse(definition)
	if err != nil {
		return nil, fmt.Errorf("its definition cannot be compared: %w", err)
	}
	all := map[string]value.Value{}
	var walk func(v value.Value)
	walk = func(v value.Value) {
		for name, state := range v.Get("States").Members() {
			all[name] = state
			walk(state.Get("Iterator"))
			walk(state.Get("ItemProcessor"))
			for _, branch := range state.Get("Branches").Elements() {
				walk(branch)
			}
		}
	}
	walk(v)
	return all, nil
}
