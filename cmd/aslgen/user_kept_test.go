package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// nap is a machine that waits, so that its process can be killed meanwhile.
const nap = `{"StartAt": "Nap", "States": {
	"Nap": {"Type": "Wait", "SecondsPath": "$.seconds", "Next": "Up"},
	"Up": {"Type": "Pass", "Result": "awake", "End": true}
}}`

// program is a process that init -engine durable has written.
type program struct {
	*exec.Cmd
	endpoint string
}

// start starts the program and returns when it serves the API.
func (u *userRepo) start(binary, state string) program {
	u.Helper()
	p := program{Cmd: exec.CommandContext(u.Context(), binary, "-state", state, "-address", "127.0.0.1:0")}
	log, err := p.StderrPipe()
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		u.Fatal(err)
	}
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if m := regexp.MustCompile(`endpoint=(\S+)`).FindStringSubmatch(lines.Text()); m != nil {
			p.endpoint = m[1]
			go func() { // so that it is not held up
				for lines.Scan() {
				}
			}()
			return p
		}
	}
	u.Fatalf("the program ends: %v, %v", lines.Err(), p.Wait())
	return p
}

// ask runs a command of aslgen against a program.
func (u *userRepo) ask(p program, command string, arguments ...string) string {
	u.Helper()
	var stdout, stderr bytes.Buffer
	args := append([]string{command, "-endpoint", p.endpoint}, arguments...)
	if code := run(u.Context(), args, &stdout, &stderr); code != exitOK {
		u.Fatalf("aslgen %q: exit code %d\n%s", args, code, stderr.String())
	}
	return stdout.String()
}

// checkKept starts executions with aslgen, kills the program half way, and finds them when it is started again.
func (u *userRepo) checkKept() {
	u.Helper()
	binary, state := filepath.Join(u.TempDir(), "nap"), filepath.Join(u.TempDir(), "state")
	u.run("build", "-o", binary, "./kept/cmd/nap")
	input := filepath.Join(u.TempDir(), "input.json")
	if err := os.WriteFile(input, []byte(`{"seconds": 2}`), 0o600); err != nil {
		u.Fatal(err)
	}
	p := u.start(binary, state)
	arn := u.ask(p, "start", "-name", "one", "-input", input, "Nap")
	if want := "arn:aws:states:us-east-1:123456789012:execution:Nap:one\n"; arn != want {
		u.Errorf("it starts %q, not %q", arn, want)
	}
	u.ask(p, "start", "-name", "two", "-input", input, "Nap")
	if said := u.ask(p, "ps"); !regexp.MustCompile(`(?m)^Nap +one +RUNNING +Nap +`).MatchString(said) {
		u.Errorf("ps says\n%s", said)
	}
	if err := p.Process.Kill(); err != nil {
		u.Fatal(err)
	}
	_ = p.Wait()
	open, err := exec.CommandContext(u.Context(), binary, "-state", state, "-open").Output()
	if err != nil || string(open) != arn+strings.Replace(arn, ":one", ":two", 1) {
		u.Errorf("-open says %q, %v", open, err)
	}
	p = u.start(binary, state)
	u.ask(p, "stop", "-error", "Enough", "Nap/two")
	log := u.ask(p, "logs", "-f", "one")
	for _, want := range []string{"  1  ExecutionStarted  input={\"seconds\":2}", "WaitStateEntered  Nap", "ExecutionSucceeded  output=\"awake\""} {
		if !strings.Contains(log, want) {
			u.Errorf("the log has not %q:\n%s", want, log)
		}
	}
	u.ask(p, "redrive", "-wait", "Nap/two")
	if log := u.ask(p, "logs", "two"); !strings.Contains(log, "ExecutionAborted  error=Enough") || !strings.Contains(log, "ExecutionRedriven") {
		u.Errorf("the log of what was redriven:\n%s", log)
	}
	u.ask(p, "start", "-name", "three", "-input", input, "Nap")
	u.ask(p, "stop", "three")
	if said := u.ask(p, "ps", "-all", "-json"); !strings.Contains(said, `"name":"two"`) || !strings.Contains(said, "ABORTED") || !strings.Contains(said, "SUCCEEDED") {
		u.Errorf("ps says\n%s", said)
	}
	if err := p.Process.Signal(os.Interrupt); err != nil {
		u.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		u.Errorf("interrupted it ends with %v", err)
	}
}
