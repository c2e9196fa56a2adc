package states

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/objects"
)

// Restore implements [asl.Program].
func (p *program) Restore(a *asl.Attempt) error {
	var state State
	if s := p.branch.find(a.State); s != nil {
		state = s.state
	}
	switch s := state.(type) {
	case *Task:
		if s.Resource != a.Resource {
			return fmt.Errorf("asl: %s: state %q calls %s, and the attempt is one of %s", p.Name(), a.State, s.Resource, a.Resource)
		}
		given, err := s.Run.restore(a.Parameters)
		if err != nil {
			return fmt.Errorf("asl: %s: the parameters of an attempt of state %q: %w", p.Name(), a.State, err)
		}
		a.Work = given
		return nil
	case *Map:
		if d := s.Distributed; d != nil && d.ItemReader != nil && d.ItemReader.Resource == a.Resource {
			a.Work = d.ItemReader.source().Work(p.options.ItemMemory)
			return nil
		}
		if d := s.Distributed; d != nil && d.ResultWriter != nil && d.ResultWriter.Resource == a.Resource {
			a.Work = objects.ResultsWork(d.ResultWriter.Objects)
			return nil
		}
	}
	return fmt.Errorf("asl: %s has no state %q that calls %s", p.Name(), a.State, a.Resource)
}
