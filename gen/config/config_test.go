package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/gen/config"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

var update = flag.Bool("update", false, "write what is found into testdata/faults.txtar")

const full = `# Jobs.
package: jobs
type: standard
values:
  Cluster: arn:aws:ecs:eu-central-1:111111111111:cluster/jobs
  Count: 2
silence:
  - ASL0223
  - {code: ASL0308, reason: "the machine has a TimeoutSeconds"}
machines:
  run_job.asl.json:
    name: RunJob
    type: express
    states:
      "Run: it": RunIt
      Größe: Size
    silence: [ASL0320]
    types:
      input: "*example.com/shop.Order"
      output: shop.Order
      tasks:
        Charge: {parameters: example.com/shop/v2.Charge, result: gopkg.in/shop.v1.Receipt}
  night/*.asl.json:
`

func read(t *testing.T, text string) (*config.File, string) {
	t.Helper()
	var l diag.List
	c := config.Read(source.New("aslgen.yaml", []byte(text)), &l)
	var b strings.Builder
	if err := l.Print(&b); err != nil {
		t.Fatal(err)
	}
	return c, b.String()
}

func TestRead(t *testing.T) {
	c, faults := read(t, full)
	if faults != "" {
		t.Fatal(faults)
	}
	text := func(s string) *config.Text { return &config.Text{Text: s} }
	pair := func(k, v string) config.Pair { return config.Pair{Key: *text(k), Value: *text(v)} }
	want := &config.File{
		Settings: config.Settings{
			Package: text("jobs"), Type: text("standard"),
			Values:  []config.Pair{pair("Cluster", "arn:aws:ecs:eu-central-1:111111111111:cluster/jobs"), pair("Count", "2")},
			Silence: []config.Silence{{Code: *text("ASL0223")}, {Code: *text("ASL0308"), Reason: "the machine has a TimeoutSeconds"}},
		},
		Machines: []*config.Machine{
			{
				Pattern: *text("run_job.asl.json"), Name: text("RunJob"),
				Settings: config.Settings{Type: text("express"), Silence: []config.Silence{{Code: *text("ASL0320")}}},
				States:   []config.Pair{pair("Run: it", "RunIt"), pair("Größe", "Size")},
				Types: config.Types{
					Input:  &config.GoType{Package: "example.com/shop", Name: "Order", Pointer: true},
					Output: &config.GoType{Package: "shop", Name: "Order"},
					Tasks: []config.TaskTypes{{
						State:      *text("Charge"),
						Parameters: &config.GoType{Package: "example.com/shop/v2", Name: "Charge"},
						Result:     &config.GoType{Package: "gopkg.in/shop.v1", Name: "Receipt"},
					}},
				},
			},
			{Pattern: *text("night/*.asl.json")},
		},
	}
	if diff := cmp.Diff(want, c, cmpopts.IgnoreTypes(source.Span{}, &source.File{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := c.Source.Text(c.Machines[0].States[0].Key.Span); got != `"Run: it"` {
		t.Errorf("the place of a name is that of %s", got)
	}
	if got := c.Source.Text(c.Machines[0].States[1].Value.Span); got != "Size" {
		t.Errorf("the place of a value is that of %s", got)
	}
	if c.Machines[0].Types.Task("Charge").Result.Name != "Receipt" || c.Machines[0].Types.Task("Other").Result != nil {
		t.Error("types of tasks")
	}
}

// A byte order mark is no part of the file, and moves no place.
func TestByteOrderMark(t *testing.T) {
	c, faults := read(t, "\uFEFFpackage: jobs\ntype: express\n")
	if faults != "" || c.Package.Text != "jobs" || c.Source.Text(c.Package.Span) != "jobs" || c.Source.Text(c.Type.Span) != "express" {
		t.Errorf("%+v\n%s", c, faults)
	}
}

// What would take the library gigabytes is refused before it comes to that, at the place where it goes too far.
func TestLimits(t *testing.T) {
	for text, want := range map[string]string{
		strings.Repeat("[", 100_000):               "aslgen.yaml:1:51: ASL0701: lists and objects are nested too deeply",
		"a: " + strings.Repeat("{a: ", 100_000):    "aslgen.yaml:1:204: ASL0701: lists and objects are nested too deeply",
		strings.Repeat("- ", 100_000):              "aslgen.yaml:1:101: ASL0701: lists and objects are nested too deeply",
		strings.Repeat("a: b\n", 100_000):          "aslgen.yaml:21846:2: ASL0701: the file is too long: it has more than 65536 words and signs",
		"values:\n" + strings.Repeat("  ? ", 1000): "aslgen.yaml:2:203: ASL0701: lists and objects are nested too deeply",
	} {
		if _, faults := read(t, text); !strings.HasPrefix(faults, want+"\n") {
			t.Errorf("%.20s…: %.100s", text, faults)
		}
	}
	if c, faults := read(t, "values:\n"+strings.Repeat("  a: [b]\n", 5)+"silence: "+strings.Repeat("[", 40)+strings.Repeat("]", 40)); strings.Contains(faults, "deeply") {
		t.Errorf("%+v %s", c, faults)
	}
}

func TestExample(t *testing.T) {
	c, faults := read(t, strings.ReplaceAll("\n"+config.Example, "\n\t", "\n"))
	if faults != "" || len(c.Machines) != 2 || len(c.Machines[0].Types.Tasks) != 1 {
		t.Errorf("%d machines\n%s", len(c.Machines), faults)
	}
}

func TestFor(t *testing.T) {
	c, _ := read(t, full)
	for file, want := range map[string]int{
		"run_job.asl.json": 1, "deep/run_job.asl.json": 1, "night/x.asl.json": 1, "night/run_job.asl.json": 2, "x.asl.json": 0, "a/night/x.asl.json": 0,
	} {
		if got := len(c.For(file)); got != want {
			t.Errorf("%s: %d entries, want %d", file, got, want)
		}
	}
}

// TestFaults holds what is said of faulty files to testdata/faults.txtar, where it stands after each of them.
func TestFaults(t *testing.T) {
	name := filepath.Join("testdata", "faults.txtar")
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		_, got := read(t, strings.TrimSuffix(string(archive.Files[i].Data), "\n"))
		if diff := cmp.Diff(string(archive.Files[i+1].Data), got); diff != "" && !*update {
			t.Errorf("%s (-want +got):\n%s", archive.Files[i].Name, diff)
		}
		archive.Files[i+1].Data = []byte(got)
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFind(t *testing.T) {
	files := fstest.MapFS{"go.mod": {}, "aslgen.yaml": {}, "a/x.asl.json": {}, "a/b/x.asl.json": {}, "m/go.mod": {}, "m/n/x.asl.json": {}, "c/aslgen.yaml": {}}
	for machine, want := range map[string]string{
		"a/x.asl.json": "aslgen.yaml", "a/b/x.asl.json": "aslgen.yaml", "x.asl.json": "aslgen.yaml", "m/n/x.asl.json": "", "c/x.asl.json": "c/aslgen.yaml",
	} {
		if got, err := config.Find(files, machine); got != want || err != nil {
			t.Errorf("%s: %q %v, want %q", machine, got, err, want)
		}
	}
	apart := fstest.MapFS{"aslgen.yaml": {}, "a/x.asl.json": {}, "aslgen.yml": {}, "r/aslgen.yaml": {}, "r/.git/HEAD": {}, "r/s/x.asl.json": {}}
	for machine, want := range map[string]string{"a/x.asl.json": "", "x.asl.json": "aslgen.yaml", "r/s/x.asl.json": "r/aslgen.yaml"} {
		if got, err := config.Find(apart, machine); got != want || err != nil {
			t.Errorf("in no module: %s: %q %v, want %q", machine, got, err, want)
		}
	}
	misnamed := fstest.MapFS{"go.mod": {}, "aslgen.yaml": {}, "a/aslgen.yml": {}, "b/aslgen.yml": {}, "b/aslgen.yaml": {}}
	if _, err := config.Find(misnamed, "a/x.asl.json"); err == nil || err.Error() != "a/aslgen.yml is not read: the file must be called aslgen.yaml" {
		t.Error(err)
	}
	if got, err := config.Find(misnamed, "b/x.asl.json"); got != "b/aslgen.yaml" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if got, err := config.Find(fstest.MapFS{}, "x.asl.json"); got != "" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "aslgen.yaml"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "a"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(dir, "a"))
	if got, err := config.Find(gen.OS, "x.asl.json"); got != filepath.Join("..", "aslgen.yaml") || err != nil {
		t.Errorf("%q %v", got, err)
	}
}

// FuzzRead: whatever the file holds, it is read or refused with places inside it.
func FuzzRead(f *testing.F) {
	f.Add(full)
	f.Add("a: [1, {b: 2}]\n---\nc: &x *x")
	f.Fuzz(func(t *testing.T, text string) {
		var l diag.List
		config.Read(source.New("aslgen.yaml", []byte(text)), &l)
		for _, d := range l.All() {
			if d.Span.Start < 0 || d.Span.End < d.Span.Start || int(d.Span.End) > len(text) {
				t.Errorf("%v is outside the file: %v", d, d.Span)
			}
		}
	})
}
