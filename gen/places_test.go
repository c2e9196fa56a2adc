package gen_test

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/visible"
)

// places are machines with a text of the user's at every place where one can stand: TEXT is the text as JSON has it in a
// string, PATH the same where a path, or an expression, has a name in quotes.
var places = []string{
	`{"Comment":"TEXT","StartAt":"TEXT","States":{"TEXT":{"Type":"Task","Comment":"TEXT","Resource":"arn:aws:states:::lambda:invoke","Next":"TEXT2",
		"Parameters":{"FunctionName":"TEXT","Payload.$":"$.a"},"Retry":[{"ErrorEquals":["TEXT"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"TEXT2"}]},
		"TEXT2":{"Type":"Fail","Error":"TEXT","Cause":"TEXT"}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"k":"TEXT","kTEXT":1},"Next":"B"},"B":{"Type":"Pass","Parameters":{"TEXT":"TEXT","TEXT.$":"$.k"},"End":true}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::ecs:runTask.sync","End":true,"Parameters":{"Cluster":"TEXT","TaskDefinition.$":"$['PATH']",
		"Overrides":{"ContainerOverrides":[{"Name":"TEXT","Command":["TEXT"],"Environment":[{"Name":"TEXT","Value":"TEXT"}]}]}}}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName.$":"$['PATH']","Payload.$":"$['PATH']['PATH']"},
		"ResultSelector":{"r.$":"$['PATH'].x"},"Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$['PATH']","StringEquals":"TEXT","Next":"C"}],"Default":"C"},"C":{"Type":"Succeed"}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a.$":"States.Format('PATH{}', $.a)"},"Assign":{"TEXT":"TEXT"},"End":true}}}`,
	`{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":{"a":"{% \"PATH\" %}","kTEXT":"{% $states.input.` + "`PATH`" + ` %}"},"Assign":{"v":"{%TEXT%}"},"End":true}}}`,
	`{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,
		"Arguments":{"FunctionName":"TEXT","Payload":"{%/*TEXT*/ $states.input.a %}"}}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"MessageBody":"${TEXT}","QueueUrl":"a${xTEXT}b"},"End":true}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:TEXT","End":true}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Map","Label":"TEXT","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV",
		"CSVHeaderLocation":"GIVEN","CSVHeaders":["TEXT"]},"Parameters":{"Bucket":"TEXT","Key":"TEXT"}},"End":true,
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}}}}`,
}

// FuzzPlaces puts a text at every place of a machine, and another one into its file's name. What is generated, and what init
// writes, is formatted Go without a directive or a function of the user's making, and shows a reader all that is in it.
func FuzzPlaces(f *testing.F) {
	for _, text := range []string{
		"x", "a b", "*/", "/* the order's id */ $states.input.orderId", "//go:build ignore", "\n//go:generate rm", "\n\t//go:embed x", "`", "\r", "$.a", "{}",
		"\u202e", "\u3164", "\u2028", "\x1b[31m", "nil", "Rest", "a,omitempty", "%s{{.Name}}",
	} {
		for place := range places {
			f.Add(text, uint8(place), "run_job.asl.json", "")
		}
	}
	for _, name := range []string{"a\nfunc init() {}\nb.asl.json", "`,//\npackage x", "-n.asl.json", "a\u202eb.asl.json", "*/.asl.json"} {
		f.Add("x", uint8(0), name, "A")
	}
	f.Fuzz(func(t *testing.T, text string, place uint8, name, state string) {
		if !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, "\x00/") || !utf8.ValidString(text+state) || regexp.MustCompile(`\.ya?ml$`).MatchString(name) {
			return
		}
		inString, _ := jsontext.AppendQuote(nil, text)
		plain, _ := jsontext.AppendQuote(nil, strings.NewReplacer(`\`, "", "'", "", `"`, "", "`", "").Replace(text))
		put := strings.NewReplacer("TEXT", string(inString[1:len(inString)-1]), "PATH", string(plain[1:len(plain)-1]))
		stateName, _ := jsontext.AppendQuote(nil, state+text)
		files := fstest.MapFS{
			"go.mod":      {Data: []byte("module example.com/m\n")},
			"aslgen.yaml": {Data: []byte("machines:\n  \"*\":\n    states: {" + string(stateName) + ": Chosen}\n")},
		}
		files[name] = &fstest.MapFile{Data: []byte(put.Replace(places[int(place)%len(places)]))}
		wantSound(t, files, gen.Config{Files: []string{name}, Package: "main", Machine: "M"})
	})
}

// wantSound holds all that is written for a machine to what it must be, if it is accepted.
func wantSound(t *testing.T, files fstest.MapFS, c gen.Config) {
	t.Helper()
	r, err := gen.Generate(t.Context(), files, c)
	if err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	if err := r.Diagnostics.Print(&printed); err != nil || strings.ContainsFunc(printed.String(), unseen) {
		t.Errorf("what is printed is obeyed by terminals: %v\n%q", err, printed.String())
	}
	if r.Diagnostics.HasErrors() {
		return
	}
	begun, err := gen.Scaffold(t.Context(), files, c, gen.ScaffoldOptions{Arguments: "ARGUMENTS"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(r.Files, begun.Files...) {
		if formatted, err := format.Source(f.Data); err != nil || !bytes.Equal(formatted, f.Data) {
			t.Fatalf("%s is not formatted: %v\n%s", f.Name, err, f.Data)
		}
		if bytes.ContainsFunc(f.Data, unseen) {
			t.Errorf("%s has what cannot be seen:\n%q", f.Name, f.Data)
		}
		wantNoneOfTheUsers(t, f)
	}
}

func unseen(r rune) bool { return r != '\n' && r != '\t' && !visible.Is(r) }

var (
	directive = regexp.MustCompile(`^//(line |extern |export |[a-z0-9]+:[a-z0-9])|^// \+build|^/\*`)
	ours      = regexp.MustCompile(`^//go:(embed ("?)[^ ]|generate go tool aslgen ARGUMENTS$)`)
)

// wantNoneOfTheUsers wants a file to have no directive but ours, and no function of another name than ours have.
func wantNoneOfTheUsers(t *testing.T, f gen.File) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if directive.MatchString(c.Text) && !ours.MatchString(c.Text) {
				t.Errorf("%s has the directive %s", f.Name, c.Text)
			}
		}
	}
	for _, d := range file.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == "init" {
			t.Errorf("%s has a function init:\n%s", f.Name, f.Data)
		}
	}
}
