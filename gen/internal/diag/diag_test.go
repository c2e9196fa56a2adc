package diag_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

func span(f *source.File, text string) source.Span {
	start := strings.Index(string(f.Data), text)
	return source.Span{Start: int32(start), End: int32(start + len(text))}
}

func Example() {
	f := source.New("job.asl.json", []byte("{\n\t\"Next\": \"Chekc\",\n\t\"Check\": {}\n}"))
	var l diag.List
	l.Errorf(f, span(f, `"Chekc"`), diag.UnknownTarget, "Next names %q, which is not a state", "Chekc").
		WithHint(diag.DidYouMean("Chekc", []string{"Fetch", "Check"})).
		Relate(span(f, `"Check"`), "a state")
	l.Print(os.Stdout)
	fmt.Println(l.Err())
	// Output:
	// job.asl.json:2:10: ASL0203: Next names "Chekc", which is not a state
	// 		"Next": "Chekc",
	// 		        ^
	// 	did you mean "Check"?
	// 	job.asl.json:3:2: a state
	// job.asl.json:2:10: ASL0203: Next names "Chekc", which is not a state (did you mean "Check"?)
}

func TestList(t *testing.T) {
	a, b := source.New("a", []byte("12345")), source.New("b", []byte("12345"))
	var l diag.List
	if l.Err() != nil || l.HasErrors() || l.Len() != 0 || len(l.All()) != 0 {
		t.Error("the zero list is not empty")
	}
	at := func(i int32) source.Span { return source.Span{Start: i, End: i + 1} }
	l.Warnf(b, at(1), diag.Unreachable, "5")
	l.Warnf(a, at(4), diag.Unreachable, "4")
	l.Warnf(a, at(2), diag.Unreachable, "2")
	l.Warnf(a, at(2), diag.Unreachable, "3")
	l.Warnf(nil, source.Span{}, diag.Unreachable, "1")
	if l.Err() != nil || l.HasErrors() {
		t.Error("warnings are errors")
	}
	l.Errorf(b, at(3), diag.BadJSON, "6")
	var text strings.Builder
	for _, d := range l.All() {
		text.WriteString(d.Message)
	}
	if text.String() != "123456" {
		t.Error("order", text.String())
	}
	var first *diag.Diagnostic
	if err := l.Err(); !l.HasErrors() || !errors.As(err, &first) || first.Message != "6" || err.Error() != "b:1:4: ASL0101: 6" {
		t.Error(err)
	}
	if got := l.All()[0].Error(); got != "ASL0212: warning: 1" {
		t.Error(got)
	}
}

func TestPrint(t *testing.T) {
	long := strings.Repeat("é", 100) + "<here>" + strings.Repeat("ü", 100)
	for _, test := range []struct{ name, text, at, want string }{
		{"tabs", "a\tb\tc", "c", "\ta\tb\tc\n\t \t \t^\n"},
		{"not ASCII", "éß€ x", "x", "\téß€ x\n\t    ^\n"},
		{"line end", "ab\r\ncd", "b", "\tab\n\t ^\n"},
		{"blank line", "a\n  \nb", "  ", ""},
		{"long", long, "<here>", "\t…" + strings.Repeat("é", 60) + "<here>" + strings.Repeat("ü", 84) + "…\n\t" + strings.Repeat(" ", 61) + "^\n"},
		{"long, at its begin", strings.Repeat("0", 200), "0", "\t" + strings.Repeat("0", 90) + "…\n\t^\n"},
		{"long, at its end", strings.Repeat("0", 200) + "1", "1", "\t…" + strings.Repeat("0", 60) + "1\n\t" + strings.Repeat(" ", 61) + "^\n"},
	} {
		f := source.New("f", []byte(test.text))
		var l diag.List
		l.Errorf(f, span(f, test.at), diag.BadJSON, "m")
		var got strings.Builder
		if err := l.Print(&got); err != nil {
			t.Fatal(err)
		}
		_, lines, _ := strings.Cut(got.String(), "\n")
		if diff := cmp.Diff(test.want, lines); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	f := source.New("dir/job.asl.json", []byte("{\n \"é\": [\n  1\n ]}"))
	var l diag.List
	l.Warnf(f, span(f, "[\n  1\n ]"), diag.WrongType, "<%s>", "a\xff").WithHint(`"b"`)
	l.Errorf(nil, source.Span{}, diag.BadJSON, "no place")
	var got strings.Builder
	if err := l.WriteJSON(&got); err != nil {
		t.Fatal(err)
	}
	want := `{"file":"","line":0,"column":0,"endLine":0,"endColumn":0,"code":"ASL0101","severity":"error","message":"no place","hint":"","aws":[{"code":"INVALID_JSON_DESCRIPTION","message":""}]}
{"file":"dir/job.asl.json","line":2,"column":8,"endLine":4,"endColumn":3,"code":"ASL0204","severity":"warning","message":"<a` + "\uFFFD" + `>","hint":"\"b\"","aws":[]}
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The log has the shape that SARIF 2.1.0 requires: every result's rule is in the driver at its index, its level is one of
// SARIF's, and its region counts characters, not bytes.
func TestWriteSARIF(t *testing.T) {
	f := source.New("a dir/job.asl.json", []byte("{\n \"é\": [\n  1\n ]}"))
	var l diag.List
	l.Warnf(f, span(f, "[\n  1\n ]"), diag.WrongType, "wrong").WithHint("right").Relate(span(f, "1"), "here")
	l.Errorf(nil, source.Span{}, diag.BadJSON, "no place")
	var got strings.Builder
	if err := l.WriteSARIF(&got, "v1.2.3", "sub"); err != nil {
		t.Fatal(err)
	}
	type object = map[string]any
	var log object
	if err := json.Unmarshal([]byte(got.String()), &log); err != nil {
		t.Fatal(err)
	}
	runs := log["runs"].([]any)
	run := runs[0].(object)
	driver := run["tool"].(object)["driver"].(object)
	rules, results := driver["rules"].([]any), run["results"].([]any)
	if log["version"] != "2.1.0" || len(runs) != 1 || driver["name"] != "aslgen" || driver["version"] != "v1.2.3" ||
		len(rules) != 2 || len(results) != 2 || run["columnKind"] != "unicodeCodePoints" {
		t.Fatal(got.String())
	}
	for _, r := range results {
		r := r.(object)
		rule := rules[int(r["ruleIndex"].(float64))].(object)
		if rule["id"] != r["ruleId"] || rule["help"].(object)["text"] == "" || rule["shortDescription"].(object)["text"] == "" ||
			(r["level"] != "error" && r["level"] != "warning") {
			t.Errorf("%v of %v", r, rule)
		}
	}
	want := object{
		"ruleId": "ASL0204", "ruleIndex": 1.0, "level": "warning", "message": object{"text": "wrong (right)"},
		"locations": []any{object{"physicalLocation": object{
			"artifactLocation": object{"uri": "sub/a%20dir/job.asl.json"},
			"region":           object{"startLine": 2.0, "startColumn": 7.0, "endLine": 4.0, "endColumn": 3.0},
		}}},
		"relatedLocations": []any{object{"message": object{"text": "here"}, "physicalLocation": object{
			"artifactLocation": object{"uri": "sub/a%20dir/job.asl.json"},
			"region":           object{"startLine": 3.0, "startColumn": 3.0, "endLine": 3.0, "endColumn": 4.0},
		}}},
	}
	if diff := cmp.Diff(want, results[1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var empty diag.List
	got.Reset()
	if err := empty.WriteSARIF(&got, "", ""); err != nil || !strings.Contains(got.String(), `"results": []`) {
		t.Error(err, got.String())
	}
}

func TestNearest(t *testing.T) {
	fields := []string{"Next", "End", "Type", "Resource", "ResultPath", "ResultSelector", "TimeoutSeconds", "Überweisung"}
	for name, want := range map[string]string{
		"Nxet": "Next", "next": "Next", "Nex": "Next", "Nextt": "Next", "Resuorce": "Resource", "ResultPaht": "ResultPath",
		"TimeOutSecond": "TimeoutSeconds", "Uberweisung": "Überweisung", "end": "End",
		"A": "", "": "", "Edn": "End", "Text": "Next", "Nest": "Next", "Comment": "", "Seconds": "", "ResultWriter": "",
	} {
		got, ok := diag.Nearest(name, fields)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got, _ := diag.Nearest("ab", []string{"abd", "abc"}); got != "abd" {
		t.Errorf("of equals the first: %q", got)
	}
	if got := diag.DidYouMean("Comment", fields); got != "" {
		t.Error(got)
	}
	if _, ok := diag.Nearest("x1", slices.Repeat([]string{"x2"}, 100_000)); ok {
		t.Error("looks through very many")
	}
}

// rules are the rules of docs/rules.md 1.21 that parsing and checking are to find.
const rules = `ASL001 ASL002 ASL003 ASL004 ASL005 ASL006 ASL007 ASL008 ASL009 ASL010 ASL011 ASL012 ASL013 ASL014 ASL015 ASL016 ASL017
	ASL018 ASL019 ASL020 ASL021 ASL030 ASL031 ASL032 ASL033 ASL034 ASL035 ASL036 ASL037 ASL038 ASL039 ASL040 ASL041 ASL042 ASL043
	ASL044 ASL045 ASL050 ASL051 ASL052 ASL060 ASL061 ASL062 ASL070 ASL080 ASL081 ASL082
	ASL083 ASL084 ASL085 ASL086 ASL087 ASL088 ASL089 ASL090 ASL091 ASL100 ASL101 ASL102 ASL103 ASL104
	ASL022 ASL023 ASL024 ASL025 ASL026 ASL105 ASL106 ASL107 ASL108 ASL110 ASL111 ASL112 ASL113 ASL114 ASL115 ASL120 ASL121 ASL122 ASL123 ASL124 ASL130 ASL131 ASL132
	ECS001 ECS002 ECS003 ECS004 ECS005 ECS006 ECS007 ECS008 ECS009 ECS010 ECS011 ECS012 ECS013 ECS014`

// Every rule has exactly one code; every code a sentence, and no rule that another has.
func TestCodes(t *testing.T) {
	byRule := map[string]*diag.Code{}
	for _, c := range diag.Codes() {
		if diag.Lookup(c.ID) != c || c.String() != c.ID {
			t.Errorf("%s is not found", c)
		}
		if !strings.HasSuffix(c.Sentence, ".") {
			t.Errorf("%s has no sentence", c)
		}
		if other := byRule[c.Rule]; other != nil && c.Rule != "" {
			t.Errorf("%s and %s stand for one rule, %s", other, c, c.Rule)
		}
		byRule[c.Rule] = c
	}
	for rule := range strings.FieldsSeq(rules) {
		if byRule[rule] == nil {
			t.Errorf("no code stands for %s", rule)
		}
	}
	if diag.Lookup("ASL9999") != nil {
		t.Error("ASL9999")
	}
}

// Only what is all but surely a slip is one.
func TestMisspelt(t *testing.T) {
	for _, row := range []struct {
		name, set string
		slip      bool
	}{
		{"taks", "task", true}, {"taskx", "task", true}, {"reslut", "result", true}, {"rsult", "result", true}, {"resuult", "result", true},
		{"rezult", "result", true}, {"tasks", "task", false}, {"task1", "task2", false}, {"task", "task2", false}, {"taskA", "taskB", false},
		{"started", "starter", false}, {"user", "use", false}, {"text", "test", false}, {"min", "mni", false}, {"task", "task", false}, {"", "task", false},
	} {
		if meant, ok := diag.Misspelt(row.name, []string{"other", row.set}); ok != row.slip || ok && meant != row.set {
			t.Errorf("%q beside %q: %q %v, want %v", row.name, row.set, meant, ok, row.slip)
		}
	}
}

// TestFromAWS finds each code by what AWS says of it, filled in, alone and as CreateStateMachine wraps it.
func TestFromAWS(t *testing.T) {
	for _, c := range diag.Codes() {
		for _, d := range c.AWS() {
			texts := []string{d.Code, "Invalid State Machine Definition: '" + d.Code + ": x at /States/A'"}
			if message := strings.ReplaceAll(d.Message, "…", "A b"); message != "" {
				texts = append(texts, message, "Invalid State Machine Definition: '"+d.Code+": "+message+" at /States/A'")
			}
			for _, text := range texts {
				if !slices.Contains(diag.FromAWS(text), c) {
					t.Errorf("%s is not found by %q, but %v", c, text, diag.FromAWS(text))
				}
			}
		}
	}
	if found := diag.FromAWS("UNKNOWN_CODE: no such text"); found != nil {
		t.Errorf("found %v", found)
	}
}

// What a machine or its file's name says is not obeyed by a terminal, nor by the log of a build.
func TestPrintIsNotObeyed(t *testing.T) {
	f := source.New("::error::\x1b.json", []byte("::set-output name=x::\x1b]0;title\a y\n"))
	var l diag.List
	l.Errorf(f, source.Span{Start: 25, End: 26}, diag.BadJSON, "it has \x1b[2J\n::warning::").WithHint("##vso[x]\u202e").Relate(source.Span{}, "\u009b")
	var b strings.Builder
	if err := l.Print(&b); err != nil {
		t.Fatal(err)
	}
	want := `\::error::\x1b.json:1:26: ASL0101: it has \x1b[2J\n::warning::
	\::set-output name=x::\x1b]0;title\a y
	                             ^
	\##vso[x]\u202e
	\::error::\x1b.json:1:1: \u009b
`
	if got := b.String(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// A long line is shown around the place.
func TestLongLine(t *testing.T) {
	f := source.New("f.json", []byte(strings.Repeat("é", 200)+"!"+strings.Repeat("é", 200)))
	var l diag.List
	l.Errorf(f, source.Span{Start: 400, End: 401}, diag.BadJSON, "it")
	var b strings.Builder
	if err := l.Print(&b); err != nil {
		t.Fatal(err)
	}
	shown := "\t…" + strings.Repeat("é", 60) + "!" + strings.Repeat("é", 89) + "…\n\t" + strings.Repeat(" ", 61) + "^\n"
	if _, got, _ := strings.Cut(b.String(), "\n"); got != shown {
		t.Errorf("%s\nwant\n%s", got, shown)
	}
}

// SARIF counts columns in characters, wherever the finding before is.
func TestSARIFColumns(t *testing.T) {
	f := source.New("f.json", []byte("é\nééa éb\n"))
	var l diag.List
	for _, start := range []int32{7, 8, 9, 3} {
		l.Errorf(f, source.Span{Start: start, End: start + 1}, diag.BadJSON, "x").Relate(source.Span{Start: 16 - start, End: 16 - start}, "y")
	}
	var b strings.Builder
	if err := l.WriteSARIF(&b, "v", ""); err != nil {
		t.Fatal(err)
	}
	var columns []string
	for _, at := range regexp.MustCompile(`"startColumn": (\d+)`).FindAllStringSubmatch(b.String(), -1) {
		columns = append(columns, at[1])
	}
	if got, want := strings.Join(columns, " "), "1 1 3 5 4 4 5 3"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
