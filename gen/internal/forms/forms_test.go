package forms

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func noFiles(string) (*source.File, error) { return nil, fs.ErrNotExist }

// read returns the machines of a text, which has no faults.
func read(t *testing.T, name, text string) []Machine {
	t.Helper()
	var found diag.List
	machines := Read(source.New(name, []byte(text)), &found, noFiles)
	if found.HasErrors() {
		t.Fatalf("%v\n%s", found.Err(), text)
	}
	return machines
}

// A word of the JSON has the place that it has in the file.
func TestPlaces(t *testing.T) {
	for name, text := range map[string]string{
		"plain.yaml":   "a:\n  \"b\": c target d\n  e: [1, target]\n",
		"folded.yaml":  "é: ü\na: >-\n  one\n  two target\n\n  target\n",
		"literal.yaml": "a: |\n    one\n      two target\n    target three\nb: target\n",
		"quoted.yaml":  "a: \"\\u00e9\\n \\\n   target\"\nb: 'it''s target'\n",
		"anchors.yaml": "a: &x !Sub target\nb: {c: target}\n",
		"joined.json":  `{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Join": ["", ["{\"target\": \"\u00e9", {"Ref": "X"}, "target\"}"]]}}}}}`,
		"m.tf":         "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = jsonencode({ \"a\\\"\" = \"é\\n${x} target\", target = [1] })\n}\n",
		"heredoc.tf":   "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = <<-E\n    {\n      \"a\": \"${x} target\",\n        \"target\": 1}\n  E\n}\n",
		"sub.yaml":     "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionString: !Sub\n      - |\n        {\"a\": \"${X} target\",\n         \"target\": 1}\n      - {X: !GetAtt A.B}\n",
	} {
		f := read(t, name, text)[0].File
		was := strings.Split(text, "\n")
		n := 0
		for from := 0; ; n++ {
			i := strings.Index(string(f.Data)[from:], "target")
			if i < 0 {
				break
			}
			p := f.Position(int32(from + i))
			if there := was[p.Line-1][p.Column-1:]; !strings.HasPrefix(there, "target") {
				t.Errorf("%s: the target at %d is at %d:%d, %q\n%s", name, from+i, p.Line, p.Column, there, f.Data)
			}
			from += i + 1
		}
		if n != strings.Count(text, "target") {
			t.Errorf("%s has %d targets: %s", name, n, f.Data)
		}
	}
}

func TestYAML(t *testing.T) {
	for text, want := range map[string]string{
		"a: 0x1F\nb: 1_000\nc: .5\nd: 1e3\ne: 010\nf: ~\ng: 2020-01-01\nh: 12:30\ni: True\nj: \"1\"\nk:\n": `{"a":31,"b":1000,"c":0.5,"d":1e3,"e":8,"f":null,"g":"2020-01-01","h":"12:30","i":true,"j":"1","k":null}`,
		"a: yes\nb: 'yes'\nc: Off\non: y\n":                                                               `{"a":true,"b":"yes","c":false,"on":"y"}`,
		"x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: {<<: [{a: 4}, *x], c: *x}\n":                           `{"x":{"a":1,"b":2},"y":{"b":3,"a":1},"z":{"c":{"a":1,"b":2},"a":4,"b":2}}`,
		"a: !Ref B\nb: !GetAtt [C, Arn]\nc: {Ref: D}\nd: !If [E, F, G]\ne: !Join ['-', [a, !Ref H, 1]]\n": `{"a":"${B}","b":"${C.Arn}","c":"${D}","d":"${If E F G}","e":"a-${H}-1"}`,
		"a: !Sub ['${X}-${Y}-${Z}', {X: 1, Y: !ImportValue V}]\nb: !Sub '${!Literal}'\n":                  `{"a":"1-${ImportValue V}-${Z}","b":"${!Literal}"}`,
		"\"a\\\\\\\"\\n\": \"\\0\"\n":                                                                     `{"a\\\"\n":"\u0000"}`,
		"{\"a\": [], \"b\": {}}":                                                                          `{"a":[],"b":{}}`,
	} {
		got := read(t, "m.yaml", text)[0].File.Data
		a, err := value.Parse(got)
		if err != nil {
			t.Errorf("%s: %v\n%s", text, err, got)
			continue
		}
		if a.String() != value.MustParse(want).String() {
			t.Errorf("%s\n%s, want %s", text, a, want)
		}
	}
}

func TestFaults(t *testing.T) {
	for text, want := range map[string]string{
		"a: .inf":                         ".inf is no number of JSON",
		"? [a]\n: b":                      "the name of a member is a text",
		"<<: a":                           "<< merges an object, or a list of them",
		"a: [":                            "the file is not YAML",
		"a: &a [*a]":                      "",
		bomb():                            "the file is too large",
		strings.Repeat("[", 600) + "\n\t": "the file",
	} {
		var found diag.List
		machines := Read(source.New("m.yaml", []byte(text)), &found, noFiles)
		if err := found.Err(); len(machines) > 0 || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
}

// bomb is YAML that means more than there is room for.
func bomb() string {
	text := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range 9 {
		text += fmt.Sprintf("a%d: &a%[1]d [%s*a%d]\n", i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), 9), i)
	}
	return text
}

// styled gives the parts of a document styles of YAML, as chance has it.
func styled(n *yaml.Node, random *rand.Rand) {
	n.Style = 0
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!str" && oldBoolean.MatchString(n.Value):
		n.Style = yaml.DoubleQuotedStyle
	case n.Kind == yaml.ScalarNode && n.Tag == "!!str":
		n.Style = []yaml.Style{0, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle, yaml.LiteralStyle, yaml.FoldedStyle}[random.IntN(5)]
	case n.Kind != yaml.ScalarNode && random.IntN(4) == 0:
		n.Style = yaml.FlowStyle
	}
	for i, c := range n.Content {
		if styled(c, random); n.Kind == yaml.MappingNode && i%2 == 0 && c.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			c.Style = yaml.DoubleQuotedStyle
		}
	}
}

// A machine in JSON and its twin in YAML are the same document.
func TestTwins(t *testing.T) {
	const corpus = "../../../../shared/corpus/executions.jsonl"
	f, err := os.Open(filepath.FromSlash(corpus))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the recorded executions are not there")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	random := rand.New(rand.NewPCG(1, 2))
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<26)
	n, rounds := 0, 15 // more than 10,000 twins
	if testing.Short() {
		rounds = 1
	}
	for lines.Scan() {
		var row struct{ Definition json.RawMessage }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		want, err := value.Parse(row.Definition)
		if err != nil {
			continue
		}
		for range rounds {
			if twin(t, row.Definition, want, random) {
				n++
			}
		}
	}
	if t.Logf("%d twins", n); n < 700*rounds {
		t.Errorf("YAML says only %d machines", n)
	}
}

// twin holds a machine to being the same in YAML, in a style by chance. It reports whether YAML can say it.
func twin(t *testing.T, definition []byte, want value.Value, random *rand.Rand) bool {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal(definition, &document); err != nil {
		return false // JSON that YAML does not read: halves of characters
	}
	styled(&document, random)
	text, err := yaml.Marshal(&document)
	if err != nil {
		t.Fatal(err)
	}
	var found diag.List
	machines := Read(source.New("m.yaml", text), &found, noFiles)
	if found.HasErrors() {
		t.Fatalf("%v\n%s", found.Err(), text)
	}
	got, err := value.Parse(machines[0].File.Data)
	if err != nil || got.String() != want.String() {
		t.Fatalf("%v\n%s\nwant\n%s\nof\n%s", err, got, want, text)
	}
	return true
}

// FuzzRead holds what is read to being JSON with places in the file.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"StartAt: A\nStates: {A: {Type: Pass, End: yes}}\n", "a: &a !Sub |\n  x ${y}\nb: *a\n<<: {c: \"\\x41\\\n  z\"}\n",
		"Resources: {M: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: !Join ['', ['{', !Ref A, '}']]}}}",
		`{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": "{\ud83d\ude00}"}}}} // c`,
		"stepFunctions: {stateMachines: {a: {definition: {}}}}",
		"locals {\n  a = [local.a, local.a]\n}\nresource \"aws_sfn_state_machine\" \"m\" {\n  definition = jsonencode({ a = local.a })\n}\n",
		"locals {\n  a = [\"x\", 1, null, true]\n}\nresource \"aws_sfn_state_machine\" \"m\" {\n  definition = jsonencode({ a = local.a, \"b ${c.d} \\\"\" = f(x), (y) = -1 })\n}\n",
		"resource \"aws_sfn_state_machine\" \"m\" {\n  definition = <<-E\n    {\n      \"a\": \"${b}\", $${c} %%{d}\n    }\n  E\n}\n",
	} {
		for form := range uint8(3) {
			f.Add(text, form)
		}
	}
	f.Fuzz(func(t *testing.T, text string, form uint8) {
		name := []string{"m.json", "m.yaml", "m.tf"}[form%3]
		var found diag.List
		for _, m := range Read(source.New(name, []byte(text)), &found, noFiles) {
			last := int32(len(m.File.Data))
			for offset := int32(0); offset <= last; offset++ {
				if p := m.File.Position(offset); p.Line < 1 || p.Column < 1 {
					t.Fatalf("%q: %d is at %v", text, offset, p)
				}
			}
			m.File.Places()
			if IsYAML(name) && m.Name == "" && !json.Valid(m.File.Data) {
				t.Fatalf("%q is read as %q", text, m.File.Data)
			}
		}
		for _, d := range found.All() {
			_ = d.Error()
		}
	})
}
