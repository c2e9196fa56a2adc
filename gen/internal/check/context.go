package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
)

// members are the names inside an object of the context; nil stands for any.
type members map[string]members

var anything = members(nil)

// contextObject is what the context object holds (1.9).
var contextObject = members{
	"Execution": {
		"Id": {}, "Input": anything, "Name": {}, "RoleArn": {}, "StartTime": {}, "RedriveCount": {}, "RedriveTime": {},
	},
	"State":        {"EnteredTime": {}, "Name": {}, "RetryCount": {}},
	"StateMachine": {"Id": {}, "Name": {}},
	"Task":         {"Token": {}},
	"Map":          {"Item": {"Index": {}, "Value": anything, "Key": {}, "Source": {}}},
}

// context looks for paths of a state into the context object that lead nowhere.
func (c *checker) context(s *ast.State) {
	for p, span := range s.Paths() {
		if p.Root() != jsonpath.Context {
			continue
		}
		names, _ := p.Names()
		at := contextObject
		for i, name := range names {
			inner, ok := at[name]
			if !ok {
				d := c.warnf(span, diag.NotInContext, "the context object has no $$.%s", strings.Join(names[:i+1], "."))
				if near, is := diag.Nearest(name, sortedNames(at)); is {
					d.WithHint(`did you mean "$$.` + strings.Join(append(slices.Clone(names[:i]), near), ".") + `"?`)
				}
				break
			}
			if at = inner; at == nil {
				break
			}
		}
	}
}

func sortedNames(of members) []string { return slices.Sorted(maps.Keys(of)) }
