package batch_test

import (
	"bufio"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch"
	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/cases"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

var (
	mutants    = flag.Int("mutants", 200, "how many machines TestMutants builds")
	mutantSeed = flag.Uint64("mutantseed", 1, "what TestMutants makes its machines from")
)

// odd are names that someone may give to a state, a member or a variable, and that Go or a generator might trip over.
var odd = []string{
	"type", "func", "select", "range", "package", "go", "nil", "true", "error", "string", "any", "len", "new", "init", "main", "_", "__",
	"asl", "ecs", "types", "aws", "context", "value", "embed", "engine", "tasks", "options", "r", "c", "Config", "Input", "Output", "Tasks",
	"State", "Definition", "New", "Parameters", "View", "1st", "007", "-", "--", "a-b", "a_b", "a b", "aB", "AB", "ab", "a.b", "a/b",
	"Übergröße", "日本語", "ǅ", "ſ", "İstanbul", "état", "e\u0301", "🚀", "\u200b", "\u2028", "\ufeff", "`", "*/", "/*", "//", "\"", "'", "\\",
	"%s", "%!d(string=x)", "${x}", "$", "@", "<b>", "a\tb", "a\nb", "\x00", "x\r", "//go:embed x", "", " ",
	strings.Repeat("long ", 16), strings.Repeat("x", 80), strings.Repeat("ü", 40),
}

// mutator makes machines out of machines.
type mutator struct{ *rand.Rand }

func (m mutator) oddName() string { return odd[m.IntN(len(odd))] }

// machine changes a machine in one to three places.
func (m mutator) machine(v value.Value) value.Value {
	for range 1 + m.IntN(3) {
		switch m.IntN(4) {
		case 0:
			v = m.renamed(v, m.pick(v.Get("States")))
		case 1:
			v = m.renamed(v, m.member(v))
		default:
			v = m.changed(v)
		}
	}
	return v
}

// pick returns the name of a member, "" if there is none.
func (m mutator) pick(v value.Value) string {
	if v.Len() == 0 || v.Kind() != value.ObjectKind {
		return ""
	}
	at := m.IntN(v.Len())
	for name := range v.Members() {
		if at--; at < 0 {
			return name
		}
	}
	return ""
}

// member returns the name of a member that a path in v reads.
func (m mutator) member(v value.Value) string {
	text := v.String()
	at := strings.Index(text[m.IntN(len(text)):], `"$.`)
	if at < 0 {
		return ""
	}
	_, path, _ := strings.Cut(text[at:], `"$.`)
	end := strings.IndexFunc(path, func(r rune) bool { return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z') })
	return path[:max(end, 0)]
}

// renamed gives something an odd name wherever it is named: states in Next and the like, members in paths.
func (m mutator) renamed(v value.Value, name string) value.Value {
	if name == "" {
		return v
	}
	return rename(v, name, m.oddName())
}

func rename(v value.Value, from, to string) value.Value {
	switch v.Kind() {
	case value.StringKind:
		text, _ := v.AsString()
		if text == from {
			return value.String(to)
		}
		if strings.HasPrefix(text, "$") && !strings.ContainsAny(to, `'\`) {
			text = strings.ReplaceAll(text+"\x00", "."+from+"\x00", "['"+to+"']\x00")
			return value.String(strings.ReplaceAll(strings.TrimSuffix(text, "\x00"), "."+from+".", "['"+to+"']."))
		}
	case value.ArrayKind:
		for i, e := range v.Elements() {
			v = v.WithElement(i, rename(e, from, to))
		}
	case value.ObjectKind:
		var members []value.Member
		for name, e := range v.Members() {
			if name == from {
				name = to
			}
			members = append(members, value.Field(name, rename(e, from, to)))
		}
		return object(members)
	}
	return v
}

// object is an object of the members, of which the first with a name counts.
func object(members []value.Member) value.Value {
	v := value.EmptyObject
	for _, f := range members {
		if v.Get(f.Name).IsAbsent() {
			v = v.With(f.Name, f.Value)
		}
	}
	return v
}

// changed changes v at a random place.
func (m mutator) changed(v value.Value) value.Value {
	if v.Len() == 0 || m.IntN(8) == 0 {
		return m.other(v)
	}
	if v.Kind() == value.ArrayKind {
		i := m.IntN(v.Len())
		return v.WithElement(i, m.changed(v.At(i)))
	}
	name := m.pick(v)
	return v.With(name, m.changed(v.Get(name)))
}

// other is a value in place of v: one with a member or an element more, less or elsewhere, or of another type.
func (m mutator) other(v value.Value) value.Value {
	switch v.Kind() {
	case value.ObjectKind:
		return m.otherObject(v)
	case value.ArrayKind:
		var list []value.Value
		for _, e := range v.Elements() {
			for range m.IntN(3) {
				list = append(list, e)
			}
		}
		m.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return value.Array(list...)
	}
	return m.scalar(v)
}

func (m mutator) otherObject(v value.Value) value.Value {
	var members []value.Member
	for name, e := range v.Members() {
		members = append(members, value.Field(name, e))
	}
	if len(members) == 0 {
		return value.Object(value.Field(m.oddName(), value.String(m.oddName())))
	}
	i, j := m.IntN(len(members)), m.IntN(len(members))
	switch m.IntN(4) {
	case 0:
		members = slices.Delete(members, i, i+1)
	case 1:
		members = append(members, value.Field(m.oddName(), members[i].Value))
	case 2:
		members[i].Value, members[j].Value = members[j].Value, members[i].Value
	default:
		members[i].Name = m.oddName()
		if strings.HasSuffix(members[j].Name, ".$") {
			members[i].Name += ".$"
		}
	}
	return object(members)
}

// paths are what a field may refer to.
var paths = []string{"$", "$$", "$.a", "$.type", "$['a b']", "$.list[0]", "$.list[*]", "$..deep", "$$.Execution.Input.a", "$$.Map.Item.Value",
	"$$.Task.Token", "$.a.b.c", "$['日本語'].x", "States.UUID()", "States.Array($.a, 1, null)", "$variable.x", "$.list[?(@.x > 1)]", "$.list[-1]"}

func (m mutator) scalar(v value.Value) value.Value {
	text, isText := v.AsString()
	switch m.IntN(7) {
	case 0:
		return value.String(m.oddName())
	case 1:
		return value.Int(int64(m.IntN(100)) - 1)
	case 2:
		return value.Bool(m.IntN(2) == 0)
	case 3:
		return value.Null
	case 4:
		if isText {
			return value.String(text + m.oddName())
		}
		return value.EmptyObject
	default:
		return value.String(paths[m.IntN(len(paths))])
	}
}

// originals are the machines of testdata, and the collected ones where they are.
func originals(t *testing.T) (all []value.Value) {
	t.Helper()
	for _, c := range cases.Read(t, root) {
		if v, err := value.Parse(c.Data(cases.MachineFile)); err == nil {
			all = append(all, v)
		}
	}
	for _, name := range []string{"ecs.jsonl", "machines.jsonl"} {
		file, err := os.Open(filepath.Join(root, "..", "shared", "wild", name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			if row, err := value.Parse(lines.Bytes()); err == nil && row.Get("definition").Kind() == value.ObjectKind {
				all = append(all, row.Get("definition"))
			}
		}
	}
	return all
}

// What is accepted can be built, and the machine made: here of machines that have been changed at random.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds hundreds of machines")
	}
	m := mutator{rand.New(rand.NewPCG(*mutantSeed, 0))}
	sources := originals(t)
	var machines []batch.Machine
	var specs []runner.Spec
	tried := 0
	for ; len(machines) < *mutants && tried < 100**mutants; tried++ {
		original := m.IntN(len(sources))
		text := m.machine(sources[original]).AppendJSON(nil)
		if !accepted(t, text) {
			continue
		}
		id := fmt.Sprintf("%d of %d", tried, original)
		machines = append(machines, batch.Machine{ID: id, Definition: text})
		specs = append(specs, runner.Spec{ID: id, Machine: id, MakeOnly: true})
	}
	t.Logf("%d of %d machines were accepted", len(machines), tried)
	buildMutants(t, machines, specs)
}

// accepted reports whether the compiler has no error for a machine. It must not fail in another way.
func accepted(t *testing.T, text []byte) (ok bool) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%v\n%s", p, text)
		}
	}()
	r, err := gen.Generate(t.Context(), fstest.MapFS{cases.MachineFile: {Data: text}}, gen.Config{Files: []string{cases.MachineFile}, Package: "main"})
	if err != nil {
		t.Errorf("%v\n%s", err, text)
		return false
	}
	return !r.Diagnostics.HasErrors()
}

// placeholders are those that may stand where only a path can: they become their names, which are none.
var placeholders = regexp.MustCompile(`\$\{x\}|\.\$":"\$\{`)

func buildMutants(t *testing.T, machines []batch.Machine, specs []runner.Spec) {
	t.Helper()
	p, err := batch.Build(t.Context(), machines)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	results, err := p.Run(t.Context(), slices.DeleteFunc(specs, func(s runner.Spec) bool { return p.Refused[s.ID] != nil }))
	if err != nil {
		t.Fatal(err)
	}
	faults := map[string]string{}
	for id, err := range p.Refused {
		faults[id] = err.Error()
	}
	made := map[string]string{}
	for _, r := range results {
		made[r.ID] = r.Fault
	}
	for _, m := range machines {
		if !placeholders.Match(m.Definition) {
			faults[m.ID] = cmp.Or(faults[m.ID], made[m.ID])
		}
		if fault := faults[m.ID]; fault != "" {
			t.Errorf("%s: %s\n%s", m.ID, fault, m.Definition)
		}
	}
}
