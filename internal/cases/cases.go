// Package cases reads the cases of testdata. A case is an archive: a machine, the findings in it, and how executions of it go.
// Unless the machine is faulty, package compiled has its file, NAME.asl.json, what that compiles to, NAME_asl.go, and
// NAME_glue.go, which registers it with package runner.
package cases

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	difference "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/r-seed-632eed22/aslgen/internal/runner"
)

// The files of a case's archive beside those of its runs.
const (
	MachineFile = "machine.asl.json"
	ArgsFile    = "args" // arguments of aslgen, a line each: -machine, -name, -type
	ConfigFile  = "aslgen.yaml"
	StderrFile  = "stderr" // the findings as aslgen prints them
)

// Case is an archive in testdata. After the comment come machine.asl.json, perhaps args and aslgen.yaml, stderr if there are findings, and
// any number of runs: run1.json is a [runner.Spec], run1.want how that goes.
type Case struct {
	Name    string
	file    string
	archive *txtar.Archive
}

// Read reads the cases. root is the module's folder.
func Read(t testing.TB, root string) (all []*Case) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata has no cases: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, &Case{strings.TrimSuffix(filepath.Base(file), ".txtar"), file, archive})
	}
	return all
}

// Data returns a file of the archive, nil if there is none.
func (c *Case) Data(name string) []byte {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// Runs returns the names of the case's runs.
func (c *Case) Runs() (names []string) {
	for _, f := range c.archive.Files {
		if name, ok := strings.CutSuffix(f.Name, ".json"); ok && f.Name != MachineFile {
			names = append(names, name)
		}
	}
	return names
}

// Expect compares a file of the archive with what came out. With update it puts that into the archive, behind the file
// named.
func (c *Case) Expect(t testing.TB, update bool, name, behind string, got []byte) {
	t.Helper()
	if !update {
		if diff := difference.Diff(string(c.Data(name)), string(got)); diff != "" {
			t.Errorf("%s (-want +got; -update accepts it):\n%s", name, diff)
		}
		return
	}
	is := func(name string) func(txtar.File) bool { return func(f txtar.File) bool { return f.Name == name } }
	files := slices.Clone(c.archive.Files)
	switch i := slices.IndexFunc(files, is(name)); {
	case i >= 0 && len(got) == 0:
		files = slices.Delete(files, i, i+1)
	case i >= 0:
		files[i].Data = got
	case len(got) > 0:
		files = slices.Insert(files, slices.IndexFunc(files, is(behind))+1, txtar.File{Name: name, Data: got})
	}
	c.archive.Files = files
	if err := os.WriteFile(c.file, txtar.Format(c.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Run runs the executions of all cases, each so many times over, and compares how they go with what the cases expect. The
// machines are those that are registered with package runner: package compiled has them. Cuts are those of [runner.Spec].
func Run(t *testing.T, root string, rounds int, cuts int64, update bool) {
	runAll(t, root, runner.Spec{Rounds: rounds, Cuts: cuts}, update)
}

// RunDurable runs the executions of all cases on the durable engine, whose process crashes ([runner.Spec]). They must go as in
// memory, but for ids. Those that fail are redriven once.
func RunDurable(t *testing.T, root string) {
	each(t, root, func(t *testing.T, _ *Case, _ string, s runner.Spec) {
		s.Redrive = true
		want := result(t, s)
		s.Durable = true
		got := result(t, s)
		if got.Fault != "" {
			t.Fatal(got.Fault)
		}
		if diff := difference.Diff(outline(want), outline(got)); diff != "" {
			t.Errorf("-in memory +durable:\n%s", diff)
		}
	})
}

// RunOn runs the executions of all cases on another engine. They must go as in memory, but for ids.
func RunOn(t *testing.T, root string, run func(t *testing.T, s *runner.Spec) runner.Result) {
	each(t, root, func(t *testing.T, _ *Case, _ string, s runner.Spec) {
		if s.Test != nil || s.MakeOnly {
			t.Skip("it is no execution")
		}
		want := result(t, s)
		got := run(t, &s)
		if got.Fault != "" {
			t.Fatal(got.Fault)
		}
		if diff := difference.Diff(outline(want), outline(got)); diff != "" {
			t.Errorf("-in memory +here:\n%s", diff)
		}
	})
}

// RunEnds runs the executions of all cases on another engine, of which nobody asks more than how they end. They must end as in memory.
func RunEnds(t *testing.T, root string, run func(t *testing.T, s *runner.Spec) runner.Result) {
	each(t, root, func(t *testing.T, _ *Case, _ string, s runner.Spec) {
		if s.Test != nil || s.MakeOnly || s.StopAfter > 0 {
			t.Skip("it is no execution, or is stopped")
		}
		want := result(t, s)
		got := run(t, &s)
		if got.Fault != "" {
			t.Fatal(got.Fault)
		}
		if diff := difference.Diff(end(want), end(got)); diff != "" {
			t.Errorf("-in memory +here:\n%s", diff)
		}
	})
}

// ids are what differs in the ends of two executions that go the same way.
var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|asltoken\.[^"]*`)

// end is how an execution has ended.
func end(r runner.Result) string {
	text := r.Status + " " + r.Output.String()
	for _, part := range []*string{r.Error, r.Cause} {
		if part != nil {
			text += "\n" + *part
		}
	}
	return ids.ReplaceAllString(text, "ID")
}

// outline is how an execution went, without what ids are part of.
func outline(r runner.Result) string {
	text := r.Status
	if r.Error != nil {
		text += " " + *r.Error
	}
	var events []string
	concurrent, cut := false, false
	for _, e := range r.History {
		cut = cut || strings.HasSuffix(e.Type, "Aborted")
		concurrent = concurrent || strings.HasPrefix(e.Type, "Parallel") || strings.HasPrefix(e.Type, "Map")
		events = append(events, e.Type+" "+e.Name)
	}
	switch {
	case concurrent && cut: // how far branches came that were cut off is a matter of their turns
		return text
	case concurrent: // branches take their turns in another order
		slices.Sort(events)
	}
	return text + "\n" + strings.Join(events, "\n")
}

func runAll(t *testing.T, root string, as runner.Spec, update bool) {
	each(t, root, func(t *testing.T, c *Case, run string, s runner.Spec) {
		s.Rounds, s.Cuts = as.Rounds, as.Cuts
		r := result(t, s)
		c.Expect(t, update, run+".want", run+".json", r.Describe())
	})
}

// result runs an execution.
func result(t *testing.T, s runner.Spec) (r runner.Result) {
	t.Helper()
	text, err := runner.Repeat(&s)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// each calls f for each execution of all cases.
func each(t *testing.T, root string, f func(t *testing.T, c *Case, run string, s runner.Spec)) {
	for _, c := range Read(t, root) {
		t.Run(c.Name, func(t *testing.T) {
			for _, run := range c.Runs() {
				t.Run(run, func(t *testing.T) {
					s := runner.Spec{ID: c.Name + "/" + run, Machine: c.Name}
					if err := json.Unmarshal(c.Data(run+".json"), &s, json.RejectUnknownMembers(true)); err != nil {
						t.Fatalf("%s.json: %v", run, err)
					}
					f(t, c, run, s)
				})
			}
		})
	}
}

// files are what package compiled has of a case.
func (c *Case) files(code, glue []byte) map[string][]byte {
	return map[string][]byte{c.Name + ".asl.json": c.Data(MachineFile), c.Name + "_asl.go": code, c.Name + "_glue.go": glue}
}

// Compiled compares package compiled's files of a case with what came out, nothing if the machine is faulty. With update it
// writes them.
func (c *Case) Compiled(t testing.TB, root string, update bool, code, glue []byte) {
	t.Helper()
	for name, got := range c.files(code, glue) {
		file := filepath.Join(root, "internal", "cases", "compiled", name)
		if code == nil {
			got = nil
		}
		have, err := os.ReadFile(file)
		switch {
		case err != nil && !os.IsNotExist(err):
			t.Fatal(err)
		case bytes.Equal(have, got) && (err == nil) == (code != nil):
		case !update:
			t.Errorf("%s (-want +got; -update accepts it):\n%s", file, difference.Diff(string(have), string(got)))
		case code == nil:
			err = os.Remove(file)
		default:
			err = os.WriteFile(file, got, 0o644)
		}
		if update && err != nil && !os.IsNotExist(err) {
			t.Fatal(fmt.Errorf("%s: %w", file, err))
		}
	}
}
