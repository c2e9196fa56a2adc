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
	places := map[string]string{}
	parts, err := aslcover.Parts(p.Definition())
	if err != nil {
		return places
	}
	for _, part := range parts {
		if part.Field == "" {
			places[part.State] = fmt.Sprintf("%s:%d", file, part.Block.StartLine)
		}
	}
	return places
}
