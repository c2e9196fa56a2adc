package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"text/template"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/aslcover"
	"github.com/r-seed-632eed22/aslgen/templates"
)

const replayHelp = `Usage: aslgen replay [flags] MACHINE HISTORY...

Runs executions of AWS Step Functions again on a machine, from their histories, and says where it goes another way, gives a task other
parameters, or ends otherwise. No task is called: what it gave is in the history. HISTORY is what

	aws stepfunctions get-execution-history --execution-arn ARN

has printed, or a folder of such files *.json. The machine is compiled in its own folder, of which the module must have aslgen's runtime.
What is another every time is not compared: task tokens, UUIDs, times, and the ARNs of executions and roles.

Exit codes: 1 if an execution goes another way.
`

// replayFolder is a folder beside the machine that the go command is made to see.
const replayFolder = "aslgen_replay"

//go:embed replay_main.go.tmpl
var replayMain string

func replay(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen replay", replayHelp)
	c := f.config()
	redact := f.Bool("redact", false, "show which parts of documents differ, but not what texts, numbers and booleans say: for logs that many read")
	rest, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	if len(rest) < 2 {
		return errors.New("replay takes a MACHINE and a HISTORY")
	}
	histories := make([]string, len(rest)-1)
	for i, name := range rest[1:] {
		if histories[i], err = filepath.Abs(name); err != nil { // the machine is run in its own folder
			return err
		}
	}
	c.Files, c.Package, c.Output = rest[:1], "main", filepath.Join(filepath.Dir(rest[0]), replayFolder, "replayed_asl.go")
	r, err := gen.Generate(ctx, gen.OS, *c)
	if err != nil {
		return err
	}
	if r.Diagnostics.HasErrors() {
		return report(&r.Diagnostics, stderr)
	}
	described, err := gen.Describe(ctx, gen.OS, *c)
	if err != nil {
		return err
	}
	said, err := runReplay(ctx, filepath.Dir(rest[0]), r.Files[0].Data, described, *redact, histories)
	if err != nil {
		return err
	}
	return showReplay(rest[0], said, stdout)
}

// runReplay compiles a machine with a main function beside it, which is not written there, and runs that on histories. It returns what it
// prints.
func runReplay(ctx context.Context, folder string, code []byte, m templates.Machine, redact bool, histories []string) ([]byte, error) {
	var text bytes.Buffer
	if err := template.Must(template.New("").Parse(replayMain)).Execute(&text, m); err != nil {
		return nil, err
	}
	temporary, err := os.MkdirTemp("", "aslgen-replay-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	folder, err = filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	replaced := map[string]string{}
	for name, data := range map[string][]byte{"replayed_asl.go": code, "main.go": text.Bytes()} {
		file := filepath.Join(temporary, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return nil, err
		}
		replaced[filepath.Join(folder, replayFolder, name)] = file
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return nil, err
	}
	overlayFile := filepath.Join(temporary, "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		return nil, err
	}
	run := exec.CommandContext(ctx, "go", append([]string{"run", "-overlay", overlayFile, "./" + replayFolder, fmt.Sprintf("-redact=%t", redact)}, histories...)...)
	run.Dir = folder
	var faults bytes.Buffer
	run.Stderr = &faults
	out, err := run.Output()
	if err != nil {
		return nil, fmt.Errorf("the machine could not be run: %w\n%s", err, faults.Bytes())
	}
	return out, nil
}

// replayed is what the program prints: a difference, or how many histories there are.
type replayed struct {
	History, State, What, Want, Got string
	Histories                       int
}

// showReplay shows what a replay has found, at the lines of the machine's file.
func showReplay(machine string, said []byte, stdout io.Writer) error {
	texts, err := definitions(machine)
	if err != nil {
		return err
	}
	lines := map[string]int{}
	for _, text := range texts {
		maps.Copy(lines, aslcover.States(text))
	}
	other, all := map[string]bool{}, 0
	for line := range bytes.Lines(said) {
		var d replayed
		if err := json.Unmarshal(line, &d); err != nil {
			return fmt.Errorf("the machine prints %q: %w", line, err)
		}
		if d.Histories > 0 {
			all = d.Histories
			continue
		}
		other[d.History] = true
		place := machine
		if line := lines[d.State]; line > 0 {
			place = fmt.Sprintf("%s:%d: %s", machine, line, d.State)
		}
		fmt.Fprintf(stdout, "%s: %s\n\tAWS:  %s\n\there: %s\n\tin %s\n", place, d.What, d.Want, d.Got, d.History)
	}
	fmt.Fprintf(stdout, "%d of %d executions go as they went\n", all-len(other), all)
	if len(other) > 0 {
		return errFindings
	}
	return nil
}
