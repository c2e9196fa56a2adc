package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReadme holds the README to what is true: its first two commands, its excerpt of generated code, and the flags it names.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(moduleRoot, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var fences, excerpts []string
	for _, fence := range regexp.MustCompile("(?sm)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(string(readme), -1) {
		fences = append(fences, fence[2])
		if fence[1] == "go" {
			excerpts = append(excerpts, fence[2])
		}
	}
	if want := []string{"go run ./example\n", "go test ./...\n"}; !slices.Equal(fences[:2], want) {
		t.Errorf("the first two code fences are %q, want %q", fences[:2], want)
	}

	generated, err := os.ReadFile(filepath.Join(moduleRoot, "example", "ecsjobs", "run_job_asl.go"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(excerpts[0]) {
		if !strings.Contains(string(generated), strings.TrimRight(line, "\n")) {
			t.Errorf("run_job_asl.go has not this line of the README:\n%s", line)
		}
	}

	var help strings.Builder
	for _, command := range [][]string{{"-h"}, {"vet", "-h"}, {"init", "-h"}, {"iam", "-h"}, {"breaking", "-h"}, {"schema", "-h"}, {"explain", "-h"}} {
		run(t.Context(), command, &help, &help)
	}
	for _, name := range regexp.MustCompile("`(-[a-z]+)").FindAllStringSubmatch(string(readme), -1) {
		if !strings.Contains(help.String(), "\n  "+name[1]) {
			t.Errorf("aslgen has no flag %s, which the README names", name[1])
		}
	}
}

// TestDocs holds the commands that the README and the guides show to what aslgen takes.
func TestDocs(t *testing.T) {
	guides, err := filepath.Glob(filepath.Join(moduleRoot, "docs", "*.md"))
	if err != nil || len(guides) == 0 {
		t.Fatal(guides, err)
	}
	shown := 0
	for _, file := range append(guides, filepath.Join(moduleRoot, "README.md")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range regexp.MustCompile("(?m)^[ `$]*(?:- run: |- |//go:generate )?(?:go tool )?aslgen ([^#`\n]+)").FindAllStringSubmatch(string(text), -1) {
			words := strings.Fields(line[1])
			if words[0] == "compiles" || words[0] == "needs" || words[0] == "reads" { // a sentence
				continue
			}
			shown++
			var help strings.Builder
			if code := run(t.Context(), []string{words[0], "-h"}, &help, &help); code != exitOK { // a file
				help.Reset()
				run(t.Context(), []string{"-h"}, &help, &help)
			}
			for _, word := range words {
				name, _, _ := strings.Cut(word, "=")
				if strings.HasPrefix(word, "-") && !strings.Contains(help.String(), "\n  "+name) {
					t.Errorf("%s: aslgen has no flag %s: %s", filepath.Base(file), name, line[0])
				}
			}
		}
	}
	if shown < 15 {
		t.Errorf("only %d commands are shown", shown)
	}
}
