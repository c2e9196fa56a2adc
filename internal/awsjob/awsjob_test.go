package awsjob

import (
	"slices"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
	"github.com/r-seed-632eed22/aslgen/internal/awsname"
)

// All that is said of a kind of jobs is in the models of their services.
func TestKinds(t *testing.T) {
	for name, k := range kinds {
		t.Run(name, func(t *testing.T) {
			integration, action, _ := strings.Cut(name, ":")
			start := awsmodel.Find(integration, action)
			find := func(operation string) *awsmodel.Call {
				c := *start
				if c.Operation = start.Service.Operation(awsname.Action(operation)); c.Operation == nil {
					t.Fatalf("there is no %s", operation)
				}
				return &c
			}
			ask := find(k.Ask)
			for _, m := range k.Given {
				has(t, start, start.Input(), m)
			}
			if k.Answer != "" {
				has(t, start, start.Output(), k.Answer)
			}
			for _, m := range k.Asked {
				has(t, ask, ask.Input(), m)
			}
			job := ask.Output()
			if k.Of != "" {
				job = has(t, ask, job, k.Of)
			}
			if k.Key != "" {
				job = job.Elem()
				has(t, ask, job, k.Key)
			}
			state := has(t, ask, job, k.State)
			for _, s := range slices.Concat(k.Done, k.Over, k.Back) {
				if !strings.Contains(" "+strings.Join(state.Enum, " ")+" ", " "+s+" ") {
					t.Errorf("there is no state %s among %v", s, state.Enum)
				}
			}
			if k.Name != "" {
				has(t, ask, ask.Output(), k.NameOf)
			}
			names := len(k.Given) + min(len(k.Answer), 1)
			if names != len(k.Asked) {
				t.Errorf("a name has %d parts, of which %d are asked for", names, len(k.Asked))
			}
			if k.Stop == "" {
				return
			}
			stop := find(k.Stop)
			for _, m := range append(k.Stopped, k.Reason) {
				if m != "" {
					has(t, stop, stop.Input(), m)
				}
			}
			if names != len(k.Stopped) {
				t.Errorf("a name has %d parts, of which %d are stopped", names, len(k.Stopped))
			}
		})
	}
}

// has returns the shape at a place, which must be there, and a list where the place says so.
func has(t *testing.T, c *awsmodel.Call, x *awsmodel.Shape, place string) *awsmodel.Shape {
	t.Helper()
	place, list := strings.CutSuffix(place, "[]")
	for name := range strings.SplitSeq(place, ".") {
		m := c.Member(x, name)
		if m == nil {
			t.Fatalf("%s has no %s", c.Operation.Name, place)
		}
		x = m.Shape()
	}
	if list != (x.Kind == awsmodel.List) && !strings.HasSuffix(place, "s") {
		t.Errorf("whether %s is a list", place)
	}
	return x
}
