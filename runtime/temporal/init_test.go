package temporal

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
)

// nap is a machine that needs nothing.
const nap = `{"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 1, "Next": "Up"}, "Up": {"Type": "Pass", "Result": "awake", "End": true}}}`

// TestInit is a user who begins with init -engine temporal: the program builds, and with a server it runs an execution.
func TestInit(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	command := func(stdin string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%q: %v\n%s%s", args, err, out, stderr.Bytes())
		}
		return string(out)
	}
	const module = "github.com/r-seed-632eed22/aslgen"
	command("", "go", "mod", "init", "example.com/naps")
	command("", "go", "mod", "edit", "-require="+module+"@v0.0.0", "-replace="+module+"="+root,
		"-require="+module+"/runtime/temporal@v0.0.0", "-replace="+module+"/runtime/temporal="+filepath.Join(root, "runtime", "temporal"))
	if err := os.WriteFile(filepath.Join(dir, "nap.asl.json"), []byte(nap), 0o600); err != nil {
		t.Fatal(err)
	}
	aslgen := filepath.Join(dir, "aslgen")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", aslgen, "./cmd/aslgen")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	command("", aslgen, "init", "-engine", "temporal", "-package", "naps", "nap.asl.json")
	command("", "go", "mod", "tidy")
	command("", "go", "vet", "./...")
	command("", "go", "build", "-o", "nap", "./cmd/nap")
	address := server(t)
	t.Setenv("TEMPORAL_ADDRESS", address)
	queue := unique("nap")
	worker := exec.CommandContext(t.Context(), filepath.Join(dir, "nap"), "-queue", queue, "-address", "127.0.0.1:0")
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	name := unique("one")
	arn := strings.TrimSpace(command(`{}`, filepath.Join(dir, "nap"), "-queue", queue, "-start", "-name", name))
	p := newPlace(t)
	p.machine(p.Engine, "Nap", "Up", "1", &table.Pass{Name: "Up", End: true}) // by which the engine knows the name
	x, err := p.Execution(arn)
	if err != nil {
		t.Fatal(err)
	}
	p.ends(x, `"awake"`)
	if err := worker.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := worker.Wait(); err != nil {
		t.Errorf("interrupted the worker ends with %v", err)
	}
}
