package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/built"
)

// proof is a test that a row of PROMISES.md names.
type proof struct{ pkg, test string }

var (
	row  = regexp.MustCompile(`(?m)^\| (\d+) \| .+ \| (.+) \|$`)
	name = regexp.MustCompile("`([a-z/]+) (Test[^` ]*)`")
)

// readPromises returns the tests that the rows name, by the rows' numbers.
func readPromises(t *testing.T) map[int][]proof {
	t.Helper()
	text, err := os.ReadFile("PROMISES.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[int][]proof{}
	for _, r := range row.FindAllStringSubmatch(string(text), -1) {
		n, _ := strconv.Atoi(r[1])
		if rows[n] != nil {
			t.Errorf("row %d is there twice", n)
		}
		for _, p := range name.FindAllStringSubmatch(r[2], -1) {
			rows[n] = append(rows[n], proof{p[1], p[2]})
		}
		if len(rows[n]) != strings.Count(r[2], "`")/2 {
			t.Errorf("row %d names something that is no test: %s", n, r[2])
		}
	}
	return rows
}

// Every row that the compiler and the runtime answer for is there, once, and names tests.
func TestPromisesAreComplete(t *testing.T) {
	var want []int
	for n := range 39 {
		want = append(want, n+1)
	}
	want = append(want, 43)
	rows := readPromises(t)
	if got := slices.Sorted(maps.Keys(rows)); !slices.Equal(got, want) {
		t.Errorf("the rows are %v", got)
	}
	for n, proofs := range rows {
		if len(proofs) == 0 {
			t.Errorf("row %d names no test", n)
		}
	}
}

// Every test that a row names is there, runs, is not skipped and passes.
func TestPromisesAreKept(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs tests of many packages")
	}
	if err := built.FromSource(".."); err != nil {
		t.Fatal(err)
	}
	named := map[string][]string{} // by package
	rows := readPromises(t)
	for _, proofs := range rows {
		for _, p := range proofs {
			named[p.pkg] = append(named[p.pkg], p.test)
		}
	}
	passed := map[proof]bool{}
	for pkg, tests := range named {
		for _, test := range passing(t, pkg, tests) {
			passed[proof{pkg, test}] = true
		}
	}
	for n, proofs := range rows {
		for _, p := range proofs {
			needsPage := p.pkg == "example" && strings.HasPrefix(p.test, "TestPage/")
			if !passed[p] && (!needsPage || readPage(t) != nil) {
				t.Errorf("row %d: %s %s has not passed", n, p.pkg, p.test)
			}
		}
	}
}

// passing runs tests of a package and returns which passed.
func passing(t *testing.T, pkg string, tests []string) (passed []string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "test", "-json", "-run", pattern(tests), "./"+pkg)
	command.Dir = ".."
	output, err := command.Output()
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		var event struct{ Action, Test, Output string }
		if end := decoder.Decode(&event); errors.Is(end, io.EOF) {
			break
		} else if end != nil {
			t.Fatalf("go test ./%s: %v, %v\n%s", pkg, err, end, output)
		}
		if event.Action == "pass" && event.Test != "" {
			passed = append(passed, event.Test)
		}
	}
	if err != nil {
		t.Errorf("go test ./%s: %v\n%s", pkg, err, output)
	}
	return passed
}

var special = regexp.MustCompile(`[^A-Za-z0-9_/-]`)

// pattern is what -run takes to run tests with their cases. A character that means something there stands for any.
func pattern(tests []string) string {
	slices.Sort(tests)
	var list []string
	for _, test := range slices.Compact(tests) {
		list = append(list, "^"+strings.ReplaceAll(special.ReplaceAllString(test, "."), "/", "$/^")+"$")
	}
	return strings.Join(list, "|")
}

// readPage returns the page, nil where it is not kept.
func readPage(t *testing.T) []byte {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "shared", "seed", "connect-ecs.md"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return page
}

// What is in ecsjobs is what the page prints, byte for byte.
func TestPage(t *testing.T) {
	page := readPage(t)
	fences := regexp.MustCompile("(?s)```\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	for i, file := range []string{"run_job.asl.json", "run_job_input.json", "manage_job.asl.json"} {
		t.Run(file, func(t *testing.T) {
			if page == nil {
				t.Skip("the page is not here")
			}
			have, err := os.ReadFile(filepath.Join("ecsjobs", file))
			if err != nil {
				t.Fatal(err)
			}
			if len(fences) != 3 || strings.TrimSpace(fences[i][1]) != strings.TrimSpace(string(have)) {
				t.Errorf("it is not what the page prints:\n%s", have)
			}
		})
	}
}
