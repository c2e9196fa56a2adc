package infer_test

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
	"github.com/r-seed-632eed22/aslgen/gen/internal/emit"
	"github.com/r-seed-632eed22/aslgen/gen/internal/lower"
	"github.com/r-seed-632eed22/aslgen/gen/internal/parse"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape/infer"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// machine parses a machine in which nothing may be wrong.
func machine(t testing.TB, text []byte) (*infer.Program, *diag.List) {
	t.Helper()
	var l diag.List
	f := source.New("machine.asl.json", text)
	m := parse.File(f, &l)
	if m != nil {
		check.Machine(f, m, check.Options{}, &l)
	}
	if l.HasErrors() {
		t.Fatal(l.Err())
	}
	var found diag.List
	return infer.Machine(f, m, infer.Options{}, &found), &found
}

var update = flag.Bool("update", false, "rewrite what the cases in testdata expect")

// TestFindings holds what inference finds wrong against testdata: in an archive every file is a machine, whose findings
// follow it in a file of the same name with the suffix .want; a machine without one has none.
func TestFindings(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("there are no cases", err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for _, f := range archive.Files {
			if base, ok := strings.CutSuffix(f.Name, ".want"); ok {
				want[base] = string(f.Data)
			}
		}
		updated := &txtar.Archive{Comment: archive.Comment}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".want") {
				continue
			}
			got := findings(t, f.Data)
			if diff := cmp.Diff(want[f.Name], got); diff != "" && !*update {
				t.Errorf("%s: %s (-want +got):\n%s", name, f.Name, diff)
			}
			updated.Files = append(updated.Files, f)
			if got != "" {
				updated.Files = append(updated.Files, txtar.File{Name: f.Name + ".want", Data: []byte(got)})
			}
		}
		if *update {
			if err := os.WriteFile(name, txtar.Format(updated), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func findings(t *testing.T, text []byte) string {
	_, found := machine(t, text)
	var got strings.Builder
	for _, d := range found.All() {
		fmt.Fprintf(&got, "%s\n", strings.TrimPrefix(d.Error(), "machine.asl.json:"))
	}
	return got.String()
}

// describe writes what is known of data: an object by its members, each with ? if it may be missing.
func describe(j *shape.JSON) string {
	if j == nil {
		return "nothing"
	}
	switch {
	case j.Kinds == shape.ObjectKind && j.Go != nil:
		return j.Go.Name
	case j.Kinds == shape.ObjectKind:
		var members []string
		for _, f := range j.Fields {
			name := f.Name
			if f.Optional {
				name += "?"
			}
			members = append(members, name+" "+describe(f.JSON))
		}
		if !j.Closed {
			members = append(members, "…")
		}
		return "{" + strings.Join(members, ", ") + "}"
	case j.Kinds == shape.ArrayKind && j.Elem != nil:
		return "[" + describe(j.Elem) + "]"
	case j.Kinds == shape.StringKind && j.Texts != nil:
		return strings.Join(j.Texts, "|")
	case j.Kinds == shape.NumberKind && j.Whole:
		return "integer"
	}
	return strings.NewReplacer("any value", "any value", "an array", "array", "an object", "object", "a ", "").Replace(j.Kinds.String())
}

// task is a call of which nothing is known.
const task = `"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f"`

// ecs is an ECS task that is waited for.
const ecs = `"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "Parameters": {"TaskDefinition": "t"}`

// What comes out of a machine.
func TestOutput(t *testing.T) {
	for name, row := range map[string]struct{ states, want string }{
		"the input":         {`"A": {"Type": "Succeed"}`, "any value"},
		"a literal":         {`"A": {"Type": "Pass", "Result": {"a": [1, 2], "b": null, "c": 1.5}, "End": true}`, "{a [integer], b null, c number}"},
		"a template":        {`"A": {"Type": "Pass", "Parameters": {"n.$": "States.ArrayLength($.l)", "t.$": "States.UUID()", "x.$": "$.x"}, "End": true}`, "{n integer, t string, x any value}"},
		"a result":          {`"A": {` + ecs + `, "End": true}`, "Task"},
		"a result's part":   {`"A": {` + ecs + `, "OutputPath": "$.Containers[0].ExitCode", "End": true}`, "integer"},
		"several parts":     {`"A": {` + ecs + `, "OutputPath": "$.Containers[*].Name", "End": true}`, "[string]"},
		"merged":            {`"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.a.b", "Next": "B"}, "B": {"Type": "Succeed"}`, "{a {b integer, …}, …}"},
		"nulls":             {`"A": {"Type": "Pass", "Result": 1, "ResultPath": null, "OutputPath": null, "End": true}`, "{}"},
		"the context":       {`"A": {"Type": "Pass", "Parameters": {"s.$": "$$.State.Name", "i.$": "$$.Execution.Input.x"}, "End": true}`, "{s string, i any value}"},
		"a branch each":     {`"A": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Result": 1, "End": true}}}, {"StartAt": "C", "States": {"C": {"Type": "Pass", "Result": "c", "End": true}}}], "End": true}`, "[string or number]"},
		"an iteration each": {`"A": {"Type": "Map", "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}, "ItemSelector": {"i.$": "$$.Map.Item.Index"}, "End": true}`, "[{i integer}]"},
		"ways that meet": {`"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "B"}], "Default": "C"},
			"B": {"Type": "Pass", "Result": {"k": "b", "only": 1}, "Next": "D"}, "C": {"Type": "Pass", "Result": {"k": "c"}, "Next": "D"}, "D": {"Type": "Succeed"}`, "{k b|c, only? integer}"},
		"a loop": {`"A": {"Type": "Pass", "Result": {"n": 0}, "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "C"},
			"C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 9, "Next": "D"}], "Default": "B"}, "D": {"Type": "Succeed"}`, "{n integer}"},
		"a test of the type": {`"A": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.x", "IsString": true}, {"Variable": "$.y", "NumericEquals": 1}], "Next": "B"}], "Default": "C"},
			"B": {"Type": "Succeed"}, "C": {"Type": "Fail"}`, "{x string, y number, …}"},
		"an error":  {`"A": {` + task + `, "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "B"}], "ResultPath": null, "Next": "C"}, "B": {"Type": "Pass", "OutputPath": "$.e", "End": true}, "C": {"Type": "Fail"}`, "{Error string or null, Cause string or null}"},
		"variables": {`"A": {"Type": "Pass", "Assign": {"v": {"w": 1}}, "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"x.$": "$v.w"}, "End": true}`, "{x integer}"},
		"JSONata":   {`"A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"a": 1, "b": "{% 1 %}"}, "End": true}`, "{a integer, b integer}"},
		"JSONata paths": {`"A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"n": {"m": 1}, "l": [{"k": "x"}]}, "Next": "B"},
			"B": {"Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"v": "{% $states.input.n %}"}, "Output": {"m": "{% $states.input.n.m %}", "k": "{% $states.input.l.k %}", "u": "{% $uuid() %}"}, "Next": "C"},
			"C": {"Type": "Pass", "Parameters": {"m.$": "$v.m", "u.$": "$.u"}, "End": true}`, "{m integer, u string}"},
		"no end": {`"A": {"Type": "Fail"}`, "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			p, found := machine(t, []byte(`{"StartAt": "A", "States": {`+row.states+`}}`))
			if got := describe(p.Output); got != row.want {
				t.Errorf("%s, want %s", got, row.want)
			}
			if found.Len() > 0 {
				t.Error(found.All())
			}
		})
	}
}

// needs writes what is read of data from outside: paths with the type that all readers agree on.
func needs(n *shape.Need, path string) (list []string) {
	for _, m := range n.Members {
		at := path + "." + m.Name
		if len(m.Reads) > 0 {
			typ := ""
			if t := m.Type(); t != nil {
				typ = " " + t.Describe()
			}
			for _, flag := range []struct {
				name string
				is   bool
			}{{" always", m.Always()}, {" each", m.Required() && !m.Always()}, {" tested", m.Tested()}} {
				if flag.is {
					typ += flag.name
				}
			}
			list = append(list, at+typ)
		}
		list = append(list, needs(m, at)...)
		if m.Elem != nil {
			list = append(list, needs(m.Elem, at+"[]")...)
		}
	}
	return list
}

// What a machine reads of its input, and of a task's result.
func TestNeeds(t *testing.T) {
	for name, row := range map[string]struct{ states, input, result string }{
		"a parameter": {`"A": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask", "Parameters": {"TaskDefinition.$": "$.task", "Count.$": "$.n",
			"Tags.$": "$.tags"}, "End": true}`, ".task a string always, .n an integer always, .tags an array always", ""},
		"kept":     {`"A": {` + task + `, "ResultPath": "$.r", "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"a.$": "$.r.a.b", "x.$": "$.x"}, "End": true}`, ".x always", ".a.b always"},
		"replaced": {`"A": {` + task + `, "Next": "B"}, "B": {"Type": "Wait", "SecondsPath": "$.seconds", "End": true}`, "", ".seconds an integer always"},
		"compared": {`"A": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.s", "IsPresent": true}, {"Variable": "$.s", "StringEquals": "x"}], "Next": "B"},
			{"Variable": "$.n", "NumericEquals": 1, "Next": "B"}, {"Variable": "$.m", "StringEquals": "1", "Next": "B"}, {"Variable": "$.m", "NumericEquals": 1, "Next": "B"}], "Default": "B"}, "B": {"Type": "Succeed"}`,
			".s a string tested, .n a number, .m", ""},
		"elements": {`"A": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Wait", "SecondsPath": "$.s", "End": true}}}, "End": true}`,
			".items an array always, .items[].s an integer each", ""},
		"JSONata": {`"A": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::ecs:runTask", "Arguments": {"TaskDefinition": "{% $states.input.task %}",
			"Group": "{% 'g' & $states.input.group.name %}"}, "End": true}`, ".task a string always, .group.name tested", ""},
		"JSONata, behind an index": {`"A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.items[0].id & $states.input.name %}", "End": true}`, ".items tested, .name tested", ""},
		"behind ways that meet": {`"A": {"Type": "Choice", "Choices": [{"Variable": "$.kind", "NumericEquals": 1, "Next": "B"}, {"Variable": "$.size", "NumericEquals": 1, "Next": "C"}], "Default": "C"},
			"B": {"Type": "Pass", "ResultPath": "$.b", "Next": "D"}, "C": {"Type": "Wait", "SecondsPath": "$.c", "Next": "D"},
			"D": {` + task + `, "InputPath": "$.d", "ResultPath": "$.r", "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.r", "Next": "C"}], "Next": "E"},
			"E": {"Type": "Succeed", "OutputPath": "$.e"}`, ".kind a number always, .size a number, .d always, .c an integer, .e always", ""},
		"on a way that may be left": {`"A": {"Type": "Wait", "SecondsPath": "$.a", "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Not": {"Variable": "$.b", "IsPresent": true}, "Next": "F"}], "Default": "C"},
			"C": {"Type": "Wait", "SecondsPath": "$.c", "Next": "A"}, "F": {"Type": "Fail"}`, ".a an integer always, .b tested, .c an integer", ""},
		"elements, which may be none": {`"A": {"Type": "Pass", "Parameters": {"a.$": "$.a[*].b"}, "End": true}`, ".a[].b", ""},
		"for each item, of which there may be none": {`"A": {"Type": "Map", "ItemsPath": "$.items", "ItemSelector": {"s.$": "$.s"},
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}`, ".items an array always, .s", ""},
		"the context's input": {`"A": {"Type": "Pass", "Parameters": {"a.$": "$$.Execution.Input.a"}, "End": true}`, ".a always", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := machine(t, []byte(`{"StartAt": "A", "States": {`+row.states+`}}`))
			if got := strings.Join(needs(p.Input, ""), ", "); got != row.input {
				t.Errorf("input: %s, want %s", got, row.input)
			}
			got := ""
			for _, n := range p.Results {
				got += strings.Join(needs(n, ""), ", ")
			}
			if got != row.result {
				t.Errorf("result: %s, want %s", got, row.result)
			}
		})
	}
}

// Of what a machine reads of its input, whether the rest goes on with it.
func TestWhole(t *testing.T) {
	const read = `"A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericEquals": 1, "Next": "B"}], "Default": "B"}, `
	for name, row := range map[string]struct {
		states string
		whole  bool
	}{
		"the output":            {`"B": {"Type": "Succeed"}`, true},
		"kept beside a result":  {`"B": {` + task + `, "ResultPath": "$.r", "End": true}`, true},
		"replaced":              {`"B": {"Type": "Pass", "Parameters": {"b.$": "$.b"}, "End": true}`, false},
		"all, by name":          {`"B": {"Type": "Pass", "Parameters": {"b.$": "$"}, "End": true}`, true},
		"a task without fields": {`"B": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "End": true}`, true},
		"a task with fields":    {`"B": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "Parameters": {"b.$": "$.b"}, "End": true}`, false},
		"passed on, then cut":   {`"B": {"Type": "Wait", "Seconds": 1, "InputPath": "$", "OutputPath": "$.c", "End": true}`, false},
		"through the context":   {`"B": {"Type": "Pass", "Parameters": {"b.$": "$$"}, "End": true}`, true},
		"JSONata, the output":   {`"B": {"Type": "Succeed", "QueryLanguage": "JSONata"}`, true},
		"JSONata, merged":       {`"B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $merge([$states.input, {'a': 1}]) %}", "End": true}`, true},
		"JSONata, a member":     {`"B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.a %}", "End": true}`, false},
		"JSONata, a plain task": {`"B": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "End": true}`, true},
		"a variable, then read": {`"B": {"Type": "Pass", "Assign": {"v.$": "$"}, "Next": "C"}, "C": {"Type": "Pass", "Parameters": {"x.$": "$v.x"}, "End": true}`, true},
		"nothing goes anywhere": {`"B": {"Type": "Fail"}`, false},
	} {
		p, _ := machine(t, []byte(`{"StartAt": "A", "States": {`+read+row.states+`}}`))
		if p.Input.Whole != row.whole {
			t.Errorf("%s: %v, want %v", name, p.Input.Whole, row.whole)
		}
	}
}

// right are the findings that the machines of testdata should have.
var right = map[string]string{
	"align_genome.txtar":       "ASL0518", // States.TaskFailed stands for ECS.AmazonECSException too
	"transcode_video.txtar":    "ASL0518",
	"recover_faults.txtar":     "ASL0502", // it fails on purpose
	"names_without_tags.txtar": "ASL0502", // SQS answers with no such name
}

func codesOf(found *diag.List) string {
	var codes []string
	for _, d := range found.All() {
		codes = append(codes, d.Code.ID)
	}
	return strings.Join(codes, " ")
}

// The machines of testdata have no findings but the few that are right.
func TestRecorded(t *testing.T) {
	archives, _ := filepath.Glob("../../../../testdata/*.txtar")
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "machine.asl.json" })
		if strings.HasPrefix(filepath.Base(name), "faults_") || i < 0 || filepath.Base(name) == "express_thumbnails.txtar" {
			continue
		}
		text := source.New("machine.asl.json", archive.Files[i].Data).Substitute(nil).Data
		_, found := machine(t, text)
		if got := codesOf(found); got != right[filepath.Base(name)] {
			t.Errorf("%s: %v", name, found.All())
		}
	}
}

// Data that is in itself several times over, and so on, is written out no further than up to a size.
func TestDoubled(t *testing.T) {
	for _, object := range []string{`"Output": "{% {'a': $states.input, 'b': $states.input} %}"`, `"Output": {"a": "{% $states.input %}", "b": "{% $states.input %}"}`} {
		var states strings.Builder
		for i := range 40 {
			fmt.Fprintf(&states, `"S%d": {"Type": "Pass", %s, "Next": "S%d"},`, i, object, i+1)
		}
		p, _ := machine(t, []byte(`{"QueryLanguage": "JSONata", "StartAt": "S0", "States": {`+states.String()+`"S40": {"Type": "Succeed"}}}`))
		if n := len(describe(p.Output)); n > 100_000 {
			t.Errorf("the output is written out with %d bytes", n)
		}
	}
}

// chain is a machine of many states in a row, with a loop, ways that meet, and data that grows.
func chain(states int) []byte {
	var b strings.Builder
	b.WriteString(`{"StartAt": "S0", "States": {`)
	for i := range states {
		next := i + 1
		switch i % 6 {
		case 0:
			fmt.Fprintf(&b, `"S%d": {"Type": "Pass", "Parameters": {"a.$": "$.x.y", "n.$": "States.ArrayLength($.l)"}, "ResultPath": "$.p%d", "Next": "S%d"},`, i, i, next)
		case 1:
			fmt.Fprintf(&b, `"S%d": {%s, "ResultPath": "$.task", "Next": "S%d", "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "S%d"}]},`, i, ecs, next, min(i+2, states))
		case 2:
			fmt.Fprintf(&b, `"S%d": {"Type": "Choice", "Choices": [{"Variable": "$.p%d.n", "NumericEquals": 1, "Next": "S%d"}], "Default": "S%d"},`, i, i-2, next, max(0, i-2))
		default:
			fmt.Fprintf(&b, `"S%d": {"Type": "Pass", "Next": "S%d"},`, i, next)
		}
	}
	fmt.Fprintf(&b, `"S%d": {"Type": "Succeed"}}}`, states)
	return []byte(strings.NewReplacer(": ", ":", ", ", ",").Replace(b.String())) // AWS takes 1 MiB
}

// BenchmarkStages times inference beside parsing and emitting: it is linear in the states, and no longer than those.
func BenchmarkStages(b *testing.B) {
	for _, states := range []int{100, 1000, 10000} {
		f := source.New("machine.asl.json", chain(states))
		var l diag.List
		m := parse.File(f, &l)
		if m == nil || l.HasErrors() {
			b.Fatal(l.Err())
		}
		p := infer.Machine(f, m, infer.Options{}, &l)
		file := lower.Machine(f, p, lower.Options{Package: "jobs", Name: "Chain", Embed: true}, &l)
		if file == nil {
			b.Fatal(l.Err())
		}
		for _, stage := range []struct {
			name string
			run  func()
		}{
			{"parse", func() { parse.File(f, &diag.List{}) }},
			{"infer", func() { infer.Machine(f, m, infer.Options{}, &diag.List{}) }},
			{"emit", func() { _, _ = emit.File("chain_asl.go", file) }},
		} {
			b.Run(fmt.Sprintf("%d/%s", states, stage.name), func(b *testing.B) {
				for b.Loop() {
					stage.run()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(states), "ns/state")
			})
		}
	}
}

// FuzzMachine: whatever checking accepts can be followed, with findings inside the file, and the same ones each time.
func FuzzMachine(f *testing.F) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range archives {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range txtar.Parse(data).Files {
			f.Add(string(file.Data))
		}
	}
	f.Add(string(chain(8)))
	f.Fuzz(func(t *testing.T, text string) {
		file := source.New("f", []byte(text))
		var l diag.List
		m := parse.File(file, &l)
		if m == nil {
			return
		}
		check.Machine(file, m, check.Options{}, &l)
		if l.HasErrors() {
			return
		}
		var first, second diag.List
		infer.Machine(file, m, infer.Options{}, &first)
		infer.Machine(file, m, infer.Options{}, &second)
		if fmt.Sprint(first.All()) != fmt.Sprint(second.All()) {
			t.Errorf("not the same again:\n%v\n%v", first.All(), second.All())
		}
		for _, d := range first.All() {
			if d.Span.Start < 0 || int(d.Span.End) > len(text) || d.Message == "" {
				t.Errorf("%v: %v", d, d.Span)
			}
		}
	})
}
