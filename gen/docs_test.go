package gen_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// TestArchitecture: the machine that docs/architecture.md follows through the compiler compiles to the Go that it shows, and a
// slip in it has the finding that it shows.
func TestArchitecture(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	fences := map[string][]string{}
	for _, fence := range regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		fences[fence[1]] = append(fences[fence[1]], fence[2])
	}
	if len(fences["json"]) != 1 || len(fences["go"]) == 0 || len(fences["text"]) != 1 {
		t.Fatalf("the excerpts are %q", fences)
	}
	compile := func(machine string) *gen.Result {
		files := fstest.MapFS{"price_check.asl.json": {Data: []byte(machine)}}
		r, err := gen.Generate(t.Context(), files, gen.Config{Files: []string{"price_check.asl.json"}, Package: "jobs"})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	machine := fences["json"][0]
	sound := compile(machine)
	if len(sound.Files) != 1 {
		t.Fatal(sound.Diagnostics.Err())
	}
	code := words(string(sound.Files[0].Data))
	for _, excerpt := range fences["go"] {
		for part := range strings.SplitSeq(excerpt, "\n\n") {
			if !strings.Contains(code, words(part)) {
				t.Errorf("the code does not have\n%s", part)
			}
		}
	}
	var found strings.Builder
	if err := compile(strings.Replace(machine, "TaskDefinition", "taskDefinition", 1)).Diagnostics.Print(&found); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(found.String(), fences["text"][0]) {
		t.Errorf("the findings are\n%s", found.String())
	}
}

// words returns a text with one blank wherever it has any.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// TestNames: the files and folders that the README and docs name, and those that they link to, are there.
func TestNames(t *testing.T) {
	texts, err := filepath.Glob(filepath.Join("..", "docs", "*.md"))
	if err != nil || len(texts) < 3 {
		t.Fatalf("docs has %q: %v", texts, err)
	}
	named := regexp.MustCompile("`((?:cmd|docs|example|gen|internal|runtime|templates|testdata)/[\\w./]+)`")
	linked := regexp.MustCompile(`\]\(([^):]+)\)`)
	code := regexp.MustCompile("(?s)```.*?```") // where type arguments look like links
	for _, name := range append(texts, filepath.Join("..", "README.md")) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var files []string
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			files = append(files, filepath.Join("..", m[1]))
		}
		for _, m := range linked.FindAllStringSubmatch(code.ReplaceAllString(string(text), ""), -1) {
			files = append(files, filepath.Join(filepath.Dir(name), m[1]))
		}
		for _, file := range files {
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
