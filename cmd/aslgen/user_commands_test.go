package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// run runs the go command, which must succeed, and returns what it prints.
func (u *userRepo) run(arguments ...string) string {
	u.Helper()
	out, err := u.command(arguments)
	if err != nil {
		u.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
	return out
}

// fail runs the go command, which must not succeed, and returns what it prints.
func (u *userRepo) fail(arguments ...string) string {
	u.Helper()
	out, err := u.command(arguments)
	if err == nil {
		u.Fatalf("go %s succeeds\n%s", strings.Join(arguments, " "), out)
	}
	return out
}

func (u *userRepo) command(arguments []string) (string, error) {
	command := exec.CommandContext(u.Context(), "go", arguments...)
	command.Dir = u.dir
	command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := command.CombinedOutput()
	return string(out), err
}

func (u *userRepo) path(name string) string { return filepath.Join(u.dir, filepath.FromSlash(name)) }

// read returns the texts of files.
func (u *userRepo) read(names ...string) string {
	u.Helper()
	var texts strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(u.path(name))
		if err != nil {
			u.Fatal(err)
		}
		texts.Write(text)
	}
	return texts.String()
}

func (u *userRepo) write(name, text string) {
	u.Helper()
	if err := os.MkdirAll(filepath.Dir(u.path(name)), 0o755); err != nil {
		u.Fatal(err)
	}
	if err := os.WriteFile(u.path(name), []byte(text), 0o644); err != nil {
		u.Fatal(err)
	}
}

func (u *userRepo) copy(name, from string) {
	u.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		u.Fatal(err)
	}
	u.write(name, string(text))
}

func (u *userRepo) appendTo(name, text string) { u.write(name, u.read(name)+text) }

func (u *userRepo) remove(name string) {
	u.Helper()
	if err := os.Remove(u.path(name)); err != nil {
		u.Fatal(err)
	}
}

// goVersion returns the go directive of a go.mod.
func goVersion(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := modfile.ParseLax(name, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f.Go.Version
}

// line returns the number of the line that follows a text.
func line(before string) string { return strconv.Itoa(strings.Count(before, "\n") + 1) }
