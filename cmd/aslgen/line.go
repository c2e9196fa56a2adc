package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// lineArguments returns the arguments of aslgen in a machine's go:generate line. They are for the machine's folder, where
// go generate runs it.
func (f *flags) lineArguments(c *gen.Config) (string, error) {
	var b strings.Builder
	add := func(name, value string) { fmt.Fprintf(&b, "-%s %s ", name, word(value)) }
	if c.Package != "" {
		add("package", c.Package)
	}
	if c.Machine != "" {
		add("machine", c.Machine)
	}
	if c.Express {
		add("type", "express")
	}
	if c.Standard {
		add("type", "standard")
	}
	dir, base := filepath.Split(c.Files[0])
	for _, file := range f.valueFiles {
		there, err := relative(dir, file)
		if err != nil {
			return "", err
		}
		add("values", there)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Set)) {
		add("set", name+"="+c.Set[name])
	}
	for _, state := range slices.Sorted(maps.Keys(c.Names)) {
		add("name", state+"="+c.Names[state])
	}
	if strings.HasPrefix(base, "-") { // else it is a flag
		base = "./" + base
	}
	return b.String() + word(base), nil
}

// relative returns the name that a file has in a folder.
func relative(dir, file string) (string, error) {
	if filepath.IsAbs(file) {
		return file, nil
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if file, err = filepath.Abs(file); err != nil {
		return "", err
	}
	there, err := filepath.Rel(dir, file)
	return filepath.ToSlash(there), err
}

// word writes a word of a go:generate line, in which $ begins a variable and quotes are Go's.
func word(s string) string {
	if quoted := strconv.Quote(s); strings.ContainsAny(s, " \"") || quoted != `"`+s+`"` {
		s = quoted
	}
	return strings.ReplaceAll(s, "$", "${DOLLAR}")
}

// words splits a go:generate line as go generate does.
func words(line string) (all []string) {
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		next, rest, _ := strings.Cut(line, " ")
		if line[0] == '"' {
			if quoted, err := strconv.QuotedPrefix(line); err == nil {
				next, _ = strconv.Unquote(quoted)
				rest = line[len(quoted):]
			}
		}
		all, line = append(all, strings.ReplaceAll(next, "${DOLLAR}", "$")), rest
	}
	return all
}

// hasLine reports whether a Go file of the folder has a go:generate line for the machine, as far as can be seen: one with
// a pattern counts if that matches.
func hasLine(dir, file string) (bool, error) {
	names, err := gen.GoFiles(gen.OS, dir)
	if err != nil {
		return false, err
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return false, err
		}
		for line := range strings.Lines(string(text)) {
			arguments, ok := strings.CutPrefix(line, "//go:generate ")
			if ok && strings.Contains(arguments, "aslgen") && slices.ContainsFunc(words(arguments), func(word string) bool {
				word = filepath.Clean(word)
				matches, _ := filepath.Match(word, file)
				return matches || word == file
			}) {
				return true, nil
			}
		}
	}
	return false, nil
}

// hasTool reports whether the module that the folder is in has aslgen as a tool.
func hasTool(dir string) (bool, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false, err
	}
	name := filepath.Join(dir, "go.mod")
	text, err := os.ReadFile(name)
	if parent := filepath.Dir(dir); os.IsNotExist(err) && parent != dir {
		return hasTool(parent)
	}
	if err != nil {
		return false, err
	}
	module, err := modfile.Parse(name, text, nil)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(module.Tool, func(t *modfile.Tool) bool { return t.Path == toolPackage }), nil
}
