package batch_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch"
	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/built"
	"github.com/r-seed-632eed22/aslgen/internal/cases"
)

var update = flag.Bool("update", false, "rewrite what the cases in testdata expect")

// root is the module's folder.
var root = filepath.Join("..", "..", "..")

// configOf returns what the case's args say. The machine has the case's name unless they say otherwise.
func configOf(t testing.TB, c *cases.Case) gen.Config {
	config := gen.Config{
		Files: []string{c.Name + ".asl.json"}, Output: c.Name + "_asl.go", Package: "compiled", Machine: gen.Identifier(c.Name, "Machine"), Names: map[string]string{},
	}
	for line := range strings.Lines(string(c.Data(cases.ArgsFile))) {
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
			t.Fatalf("%s: %s: unknown argument %s", c.Name, cases.ArgsFile, line)
		}
	}
	return config
}

// TestCases compiles every machine of testdata and compares the code, which package compiled has, and the findings.
func TestCases(t *testing.T) {
	for _, c := range cases.Read(t, root) {
		t.Run(c.Name, func(t *testing.T) {
			config := configOf(t, c)
			files := fstest.MapFS{config.Files[0]: {Data: c.Data(cases.MachineFile)}}
			if data := c.Data(cases.ConfigFile); data != nil {
				files[cases.ConfigFile] = &fstest.MapFile{Data: data}
			}
			r, err := gen.Generate(t.Context(), files, config)
			if err != nil {
				t.Fatal(err)
			}
			var findings bytes.Buffer
			if err := r.Diagnostics.Print(&findings); err != nil {
				t.Fatal(err)
			}
			var code, glue []byte
			if !r.Diagnostics.HasErrors() {
				described, err := gen.Describe(t.Context(), files, config)
				if err != nil {
					t.Fatal(err)
				}
				code, glue = r.Files[0].Data, batch.Glue(config.Package, c.Name, described)
				if formatted, err := format.Source(code); err != nil || !bytes.Equal(formatted, code) {
					t.Errorf("the code is not as gofmt formats it: %v", err)
				}
			}
			c.Compiled(t, root, *update, code, glue)
			before := cases.MachineFile
			if c.Data(cases.ArgsFile) != nil {
				before = cases.ArgsFile
			}
			c.Expect(t, *update, cases.StderrFile, before, findings.Bytes())
		})
	}
}

// TestRuns has the runtime's tests run the executions of testdata: with -update how they go is written down.
func TestRuns(t *testing.T) {
	if err := built.FromSource(root); err != nil {
		t.Fatal(err)
	}
	goTool(t, root, "test", "-count=1", "-run", "^TestCases$", "./runtime/internal/states", "-args", fmt.Sprintf("-update=%t", *update))
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
