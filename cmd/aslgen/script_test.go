package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the command prints into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"aslgen": main})
}

// TestScripts runs the scripts in testdata/script. Beside testscript's own commands they have
//
//	code N COMMAND...   runs the command, which must exit with N
//	old FILE...         gives files a time in the past
//	[!] untouched FILE  holds if the file has not been written since
//	seed DIR            copies the example's two machines into the folder
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": code, "old": old, "untouched": untouched, "seed": seed(t),
		},
	})
}

func code(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("it exits with %d, not with %d", got, want)
	}
}

var past = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)

func old(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		ts.Check(os.Chtimes(ts.MkAbs(name), past, past))
	}
}

func untouched(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if info.ModTime().Equal(past) == neg {
		ts.Fatalf("%s was last written at %v", args[0], info.ModTime())
	}
}

func seed(t *testing.T) func(*testscript.TestScript, bool, []string) {
	folder, err := filepath.Abs(filepath.Join("..", "..", "example", "ecsjobs"))
	if err != nil {
		t.Fatal(err)
	}
	return func(ts *testscript.TestScript, _ bool, args []string) {
		for _, name := range []string{"run_job.asl.json", "manage_job.asl.json"} {
			data, err := os.ReadFile(filepath.Join(folder, name))
			ts.Check(err)
			ts.Check(os.WriteFile(ts.MkAbs(filepath.Join(args[0], name)), data, 0o644))
		}
	}
}
