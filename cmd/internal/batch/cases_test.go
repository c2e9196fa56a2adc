package batch_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-json-experiment/json"
	difference "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch"
	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch/runner"
	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/gen/lower"
	"github.com/r-seed-632eed22/aslgen/internal/again"
	"github.com/r-seed-632eed22/aslgen/internal/built"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

var update = flag.Bool("update", false, "rewrite what the cases in testdata expect")

// root is the module's folder.
var root = filepath.Join("..", "..", "..")

// The files of a case.
const (
	machineFile = "machine.asl.json"
	goldenFile  = "machine_asl.go"
	argsFile    = "args"   // arguments of aslgen, a line each: -machine, -name, -type
	stderrFile  = "stderr" // the findings as aslgen prints them
)

// testCase is an archive in testdata: a machine, what it compiles to, and how executions of it go.
//
// After the comment come machine.asl.json, perhaps args, then machine_asl.go unless the machine is faulty, stderr if there
// are findings, and any number of runs: run1.json is a [runner.Spec], run1.want how that goes.
type testCase struct {
	name    string
	file    string
	archive *txtar.Archive
}

func readCases(t testing.TB) (cases []*testCase) {
	files, err := filepath.Glob(filepath.Join(root, "testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata has no cases: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, &testCase{strings.TrimSuffix(filepath.Base(file), ".txtar"), file, archive})
	}
	return cases
}

// data returns a file of the archive, nil if there is none.
func (c *testCase) data(name string) []byte {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// runs returns the names of the case's runs.
func (c *testCase) runs() (names []string) {
	for _, f := range c.archive.Files {
		if name, ok := strings.CutSuffix(f.Name, ".json"); ok && f.Name != machineFile {
			names = append(names, name)
		}
	}
	return names
}

// expect compares a file of the archive with what came out. With -update it puts that into the archive, behind the file
// named; nothing takes the file out.
func (c *testCase) expect(t *testing.T, name, behind string, got []byte) {
	t.Helper()
	if !*update {
		if diff := difference.Diff(string(c.data(name)), string(got)); diff != "" {
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

// config returns what the case's args say. The machine has the case's name unless they say otherwise.
func (c *testCase) config(t testing.TB) gen.Config {
	config := gen.Config{
		Files: []string{machineFile}, Output: goldenFile, Package: "cases", Machine: lower.Identifier(c.name, "Machine"), Names: map[string]string{},
	}
	for line := range strings.Lines(string(c.data(argsFile))) {
		option, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch option {
		case "-machine":
			config.Machine = text
		case "-name":
			state, name, _ := strings.Cut(text, "=")
			config.Names[state] = name
		case "-type":
			config.Express = text == "express"
		default:
			t.Fatalf("%s: %s: unknown argument %s", c.name, argsFile, line)
		}
	}
	return config
}

func (c *testCase) generate(t testing.TB) *gen.Result {
	t.Helper()
	files := fstest.MapFS{machineFile: {Data: c.data(machineFile)}}
	r, err := gen.Generate(t.Context(), files, c.config(t))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCases compiles every machine of testdata and compares the code and the findings.
func TestCases(t *testing.T) {
	for _, c := range readCases(t) {
		t.Run(c.name, func(t *testing.T) {
			var findings bytes.Buffer
			r := c.generate(t)
			if err := r.Diagnostics.Print(&findings); err != nil {
				t.Fatal(err)
			}
			var code []byte
			if !r.Diagnostics.HasErrors() {
				code = r.Files[0].Data
			}
			before := machineFile
			if c.data(argsFile) != nil {
				before = argsFile
			}
			c.expect(t, goldenFile, before, code)
			if code != nil {
				before = goldenFile
			}
			c.expect(t, stderrFile, before, findings.Bytes())
		})
	}
}

// TestGoldens holds the generated code of testdata to gofmt and go vet, each file in a package beside its machine as in a
// user's module.
func TestGoldens(t *testing.T) {
	dir := newModule(t)
	for _, c := range readCases(t) {
		code := c.data(goldenFile)
		if code == nil {
			continue
		}
		if formatted, err := format.Source(code); err != nil || !bytes.Equal(formatted, code) {
			t.Errorf("%s is not as gofmt formats it: %v", c.name, err)
		}
		writeFiles(t, filepath.Join(dir, c.name), map[string][]byte{machineFile: c.data(machineFile), goldenFile: code})
	}
	goTool(t, dir, "vet", "./...")
}

// newModule makes a module that requires this one and can be built without a network.
func newModule(t testing.TB) (dir string) {
	if err := built.FromSource(root); err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	writeFiles(t, dir, map[string][]byte{"go.mod": mod, "go.sum": sums})
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	const path = "github.com/r-seed-632eed22/aslgen"
	goTool(t, dir, "mod", "edit", "-module", "example.com/cases", "-droptool", path+"/cmd/aslgen",
		"-require", path+"@v0.0.0", "-replace", path+"="+here)
	return dir
}

func writeFiles(t testing.TB, dir string, files map[string][]byte) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// goTool runs the go command in a folder and returns the processor time that it and what it started took.
func goTool(t testing.TB, dir string, args ...string) time.Duration {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Dir = dir
	command.Env = append(command.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return command.ProcessState.UserTime() + command.ProcessState.SystemTime()
}

// TestRuns builds the machines of testdata into one program and compares how their executions go, a hundred times over.
func TestRuns(t *testing.T) {
	cases := readCases(t)
	var machines []batch.Machine
	var specs []runner.Spec
	names := map[string][]byte{} // that the machines have in the program, by their number
	for _, c := range cases {
		if c.generate(t).Diagnostics.HasErrors() {
			continue
		}
		names[c.name] = fmt.Appendf(nil, "M%04d", len(machines))
		machines = append(machines, batch.Machine{ID: c.name, Definition: c.data(machineFile), Express: c.config(t).Express})
		for _, run := range c.runs() {
			s := runner.Spec{ID: c.name + "/" + run, Machine: c.name, Rounds: again.Rounds()}
			if err := json.Unmarshal(c.data(run+".json"), &s, json.RejectUnknownMembers(true)); err != nil {
				t.Fatalf("%s: %s.json: %v", c.name, run, err)
			}
			specs = append(specs, s)
		}
	}
	results := runAll(t, machines, specs)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, run := range c.runs() {
				t.Run(run, func(t *testing.T) {
					r := results[c.name+"/"+run]
					if r == nil {
						t.Fatal("it was not run: its machine is faulty")
					}
					c.expect(t, run+".want", run+".json", bytes.ReplaceAll(describe(r), names[c.name], []byte(c.config(t).Machine)))
				})
			}
		})
	}
}

// runAll builds machines, all of which must build, and returns the results of runs by their ids.
func runAll(t testing.TB, machines []batch.Machine, specs []runner.Spec) map[string]*runner.Result {
	t.Helper()
	p, err := batch.Build(t.Context(), machines)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for id, err := range p.Refused {
		t.Errorf("%s was refused: %v", id, err)
	}
	results, err := p.Run(t.Context(), specs)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]*runner.Result{}
	for i := range results {
		byID[results[i].ID] = &results[i]
	}
	return byID
}

// describe writes a result down: the end, a line for each event (id, the one before it, type, state, details), and what
// each task was called with.
func describe(r *runner.Result) []byte {
	var b bytes.Buffer
	if r.Fault != "" {
		fmt.Fprintf(&b, "fault: %s\n", r.Fault)
		return b.Bytes()
	}
	fmt.Fprintf(&b, "%s\n", r.Status)
	if !r.Output.IsAbsent() {
		b.WriteString("output ")
		writeJSON(&b, r.Output, "")
		b.WriteByte('\n')
	}
	for _, field := range []struct {
		name string
		text *string
	}{{"error", r.Error}, {"cause", r.Cause}} {
		if field.text != nil {
			fmt.Fprintf(&b, "%s %s\n", field.name, *field.text)
		}
	}
	b.WriteByte('\n')
	for i := range r.History {
		e := &r.History[i]
		line := fmt.Sprintf("%3d %3d %s %s", e.ID, e.Previous, e.Type, cmp.Or(e.Name, resourceOf(e)))
		fmt.Fprintln(&b, strings.TrimRight(line, " ")+details(e))
	}
	calls := map[string]int64{}
	for i := range r.History {
		writeCall(&b, &r.History[i], calls)
	}
	return b.Bytes()
}

// writeCall writes what a task was called with, unless another call was the same.
func writeCall(b *bytes.Buffer, e *runner.Event, calls map[string]int64) {
	if e.Parameters.IsAbsent() {
		return
	}
	text := e.Parameters.String()
	if same, ok := calls[text]; ok {
		fmt.Fprintf(b, "\n%d is called as %d is\n", e.ID, same)
		return
	}
	calls[text] = e.ID
	fmt.Fprintf(b, "\n%d is called with ", e.ID)
	writeJSON(b, e.Parameters, "")
	b.WriteByte('\n')
}

func resourceOf(e *runner.Event) string {
	if e.Resource == "" {
		return ""
	}
	return e.ResourceType + ":" + e.Resource
}

// details returns a task's limits, an error, or the beginning of a state's output.
func details(e *runner.Event) (text string) {
	if e.Timeout > 0 {
		text += fmt.Sprintf(" timeout=%ds", e.Timeout)
	}
	if e.Heartbeat > 0 {
		text += fmt.Sprintf(" heartbeat=%ds", e.Heartbeat)
	}
	if e.Error != nil { // its cause is long, and that of the last event stands above
		text += " " + *e.Error
	}
	if strings.HasSuffix(e.Type, "StateExited") {
		text += " " + shortened(e.Output.String(), 400)
	}
	return text
}

func shortened(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// writeJSON writes a document, over several lines where it does not fit in one.
func writeJSON(b *bytes.Buffer, v value.Value, indent string) {
	if v.Len() == 0 || len(indent)+v.Size() < 100 {
		b.Write(v.AppendJSON(nil))
		return
	}
	inner := indent + "  "
	separator := "\n"
	if v.Kind() == value.ArrayKind {
		b.WriteByte('[')
		for _, e := range v.Elements() {
			b.WriteString(separator + inner)
			writeJSON(b, e, inner)
			separator = ",\n"
		}
		b.WriteString("\n" + indent + "]")
		return
	}
	b.WriteByte('{')
	for name, m := range v.Members() {
		b.WriteString(separator + inner + value.String(name).String() + ": ")
		writeJSON(b, m, inner)
		separator = ",\n"
	}
	b.WriteString("\n" + indent + "}")
}
