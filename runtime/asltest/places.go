package asltest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// placesOf returns where the states of a program stand in the machine's file, by their names; none if the program does not have its text.
func placesOf(p asl.Program) map[string]string {
	file := p.Name()
	if f, ok := p.(interface{ File() string }); ok && f.File() != "" {
		file = f.File()
	}
	places := map[string]string{}
	for name, line := range linesOf(p.Definition()) {
		places[name] = fmt.Sprintf("%s:%d", file, line)
	}
	return places
}

// linesOf returns the lines on which states begin in the text of a machine.
func linesOf(definition string) map[string]int {
	lines := map[string]int{}
	decoder := jsontext.NewDecoder(strings.NewReader(definition), jsontext.AllowDuplicateNames(true))
	for {
		token, err := decoder.ReadToken()
		if err != nil {
			return lines
		}
		parts := strings.Split(string(decoder.StackPointer()), "/")
		kind, length := decoder.StackIndex(decoder.StackDepth())
		if len(parts) < 2 || parts[len(parts)-2] != "States" || token.Kind() != '"' || kind != '{' || length%2 == 0 {
			continue
		}
		end := decoder.InputOffset()
		lines[token.String()] = 1 + bytes.Count([]byte(definition[:end]), []byte("\n"))
	}
}
