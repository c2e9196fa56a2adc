package aslcover

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const definition = `{"StartAt": "Each", "States": {
  "Each": {"Type": "Map", "Next": "Which", "ItemProcessor": {"StartAt": "A/b", "States": {
    "A/b": {"Type": "Task", "Retry": [{"ErrorEquals": ["E"]}],
      "Catch": [{"ErrorEquals": ["F"], "Next": "C"}], "End": true},
    "C": {"Type": "Pass", "End": true}}}},
  "Which": {"Type": "Choice", "Choices": [{"Next": "Both"}, {"Next": "Done"}], "Default": "Done"},
  "Both": {"Type": "Parallel", "Branches": [{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}], "Next": "Done"},
  "Done": {"Type": "Succeed"}
}}`

func TestParts(t *testing.T) {
	parts, err := Parts(Text{Definition: definition})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(definition, "\n")
	var got []string
	for _, p := range parts {
		text := lines[p.Block.StartLine-1][p.Block.StartColumn-1:]
		if p.Block.EndLine == p.Block.StartLine {
			text = text[:p.Block.EndColumn-p.Block.StartColumn]
		}
		got = append(got, p.String()+" = "+text)
	}
	want := []string{
		`Each = ` + lines[1][2:], `Next of Each = "Next": "Which"`,
		`A/b = ` + lines[2][4:], `Retry[0] of A/b = {"ErrorEquals": ["E"]}`, `Catch[0] of A/b = {"ErrorEquals": ["F"], "Next": "C"}`,
		`C = "C": {"Type": "Pass", "End": true}`,
		`Which = ` + strings.TrimSuffix(lines[5][2:], ","), `Choices[0] of Which = {"Next": "Both"}`, `Choices[1] of Which = {"Next": "Done"}`, `Default of Which = "Default": "Done"`,
		`Both = ` + strings.TrimSuffix(lines[6][2:], ","), `Next of Both = "Next": "Done"`,
		`Branches[0] of Both = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`, `P = "P": {"Type": "Pass", "End": true}`,
		`Done = "Done": {"Type": "Succeed"}`,
	}
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("%s\nnot\n%s", a, b)
	}
}

func TestBarePlaceholders(t *testing.T) {
	parts, err := Parts(Text{Definition: `{"States": {"A": {"Seconds": ${Long Name}, "B": "\"${X}", "Next": "B"}, "B": {}}}`})
	if err != nil || len(parts) != 3 || parts[2].Block != (Block{1, 73, 1, 80}) {
		t.Error(parts, err)
	}
}

func TestProfile(t *testing.T) {
	parts, err := Parts(Text{Definition: definition})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "profile")
	for range 2 { // the second adds to the first
		p := Profile{}
		for i, part := range parts {
			for _, s := range part.Segments {
				p.Add("m.asl.json", s, i%2 == 1)
			}
		}
		if err := p.Merge(file); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), "mode: set\nm.asl.json:2.3,2.27 1 0\nm.asl.json:2.27,2.42 1 1\nm.asl.json:2.42,3.5 1 0\n") {
		t.Errorf("%s", text)
	}
	p := Profile{}
	if err := p.Read(bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	s, err := Summarize(p["m.asl.json"], Text{Definition: definition})
	if err != nil {
		t.Fatal(err)
	}
	const want = "states 2/7, transitions 4/6, rules 1/2, retriers 1/1, catchers 0/1, branches 0/1"
	if s.String() != want || !strings.HasPrefix(s.MissedText("m"), "\tm:2: Each is not run\n\tm:3: A/b is not run\n\tm:4: Catch[0] of A/b is not run\n") {
		t.Errorf("%s\n%s", s, s.MissedText("m"))
	}
	if err := p.Read(strings.NewReader("mode: set\nx\n")); err == nil || err.Error() != "line 2 is none of a profile: x" {
		t.Error(err)
	}
}
