package asltest

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/internal/aslcover"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// placesOf returns where the states of a program stand in the machine's file, by their names; none if the program does not have its text.
func placesOf(p asl.Program) map[string]string {
	file := p.Name()
	if f, ok := p.(interface{ File() string }); ok && f.File() != "" {
		file = f.File()
	}
	text := aslcover.Text{Definition: p.Definition()}
	if f, ok := p.(interface{ Places() string }); ok {
		text.Places = f.Places()
	}
	all := map[string]string{}
	for state, line := range aslcover.States(text) {
		all[state] = fmt.Sprintf("%s:%d", file, line)
	}
	return all
}
