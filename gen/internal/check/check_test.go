package check_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/r-seed-632eed22/aslgen/gen/internal/check"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/parse"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

var update = flag.Bool("update", false, "write testdata/examples.golden")

// findings parses and checks a text.
func findings(name string, text []byte, o check.Options) *diag.List {
	var l diag.List
	f := source.New(name, text)
	if m := parse.File(f, &l); m != nil {
		check.Machine(f, m, o, &l)
	}
	return &l
}

func printed(l *diag.List) string {
	var b strings.Builder
	if err := l.Print(&b); err != nil {
		return err.Error()
	}
	return b.String()
}

// TestFindings checks the machines of testdata. What must be found stands at the end of its line: after // want a code and
// the text on the line that it points at, more of them after a semicolon. A code whose severity is not its usual one is
// followed by it in parentheses. A file whose name begins with express is an Express machine.
func TestFindings(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar")+"/"+file.Name, func(t *testing.T) {
				text, want := splitWants(t, string(file.Data))
				var o check.Options
				if strings.HasPrefix(file.Name, "express") {
					o.Type = check.Express
				}
				l := findings(file.Name, []byte(text), o)
				if diff := cmp.Diff(want, places(l)); diff != "" {
					t.Errorf("findings (-want +got):\n%s\n%s", diff, printed(l))
				}
			})
		}
	}
}

// places returns line:column CODE of every finding.
func places(l *diag.List) []string {
	all := []string{}
	for _, d := range l.All() {
		f := d.Finding()
		place := fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code)
		if d.Severity != d.Code.Severity {
			place += "(" + f.Severity + ")"
		}
		all = append(all, place)
	}
	slices.Sort(all)
	return all
}

// splitWants returns the text without its wants, and them as places returns them.
func splitWants(t *testing.T, marked string) (text string, wants []string) {
	wants = []string{}
	lines := strings.Split(marked, "\n")
	for i, line := range lines {
		content, marks, marked := strings.Cut(line, "// want ")
		if !marked {
			continue
		}
		lines[i] = content
		for mark := range strings.SplitSeq(marks, "; ") {
			code, at, _ := strings.Cut(mark, " ")
			column := strings.Index(content, at)
			if at == "" || column < 0 {
				t.Fatalf("line %d: %q is not on the line", i+1, at)
			}
			wants = append(wants, fmt.Sprintf("%d:%d %s", i+1, column+1, code))
		}
	}
	slices.Sort(wants)
	return strings.Join(lines, "\n"), wants
}

// laterCodes is the first code that neither parsing nor checking reports. Those of placeholders they do not report either.
const laterCodes = "ASL0502"

// TestExamples holds every code that parsing or checking reports to its example, which has that finding with its usual
// severity, and the text of all of them to a file.
func TestExamples(t *testing.T) {
	var all strings.Builder
	for _, c := range diag.Codes() {
		if c.Example == "" || c.ID >= laterCodes || c == diag.NeedsValue || c == diag.LeftToRunTime {
			continue
		}
		found := false
		for _, kind := range []check.Type{check.Standard, check.Express} {
			l := findings("example.asl.json", []byte(c.Example), check.Options{Type: kind})
			found = slices.ContainsFunc(l.All(), func(d *diag.Diagnostic) bool { return d.Code == c && d.Severity == c.Severity })
			if found {
				fmt.Fprintf(&all, "%s\n%s\n", c.Sentence, printed(l))
				break
			}
		}
		if !found {
			t.Errorf("%s: its example does not have it", c)
		}
	}
	golden := filepath.Join("testdata", "examples.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), all.String()); diff != "" {
		t.Errorf("examples (-want +got); go test -update writes them:\n%s", diff)
	}
}

// What is written down counts, what is evaluated does not.
func TestSizes(t *testing.T) {
	for text, large := range map[string]bool{
		`"Result": ["` + strings.Repeat("x", 1<<18) + `"]`:                                          true,
		`"Result": [` + strings.Repeat("1, ", 1<<16) + `1]`:                                         false,
		`"Result": [` + strings.Repeat("1, ", 1<<17) + `1]`:                                         true,
		`"Parameters": {"a": {"b.$": "States.Format('{}` + strings.Repeat("x", 9000) + `', $.x)"}}`: false,
		`"Parameters": {"a": {"b.$": "$.c", "d": "` + strings.Repeat("x", 1<<18) + `"}}`:            true,
		`"QueryLanguage": "JSONata", "Output": "{% '` + strings.Repeat("x", 1<<18) + `' %}"`:        false,
		`"QueryLanguage": "JSONata", "Assign": {"a": "` + strings.Repeat("x", 1<<18) + `"}`:         true,
	} {
		l := findings("m.asl.json", []byte(`{"StartAt": "A", "States": {"A": {"Type": "Pass", `+text+`, "End": true}}}`), check.Options{})
		if got := strings.Contains(printed(l), "ASL0252"); got != large {
			t.Errorf("%.80s: %v, want %v\n%.300s", text, got, large, printed(l))
		}
	}
}
