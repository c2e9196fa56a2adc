package ast_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
)

// TestFieldTable holds the table of states' fields to the one of the specification: each field that a row lists for a type of
// states is known, in that query language, and no other type has it.
func TestFieldTable(t *testing.T) {
	rows := specification(t)
	kinds := rows[0][1:]
	listed := map[string]bool{}
	for _, row := range rows[1:] {
		for i, cell := range row[1:] {
			names := fieldNames(row[0])
			if row[0] == "Type-specific" {
				names = fieldNames(cell)
			}
			for name, language := range names {
				listed[name] = true
				checkField(t, name, kinds[i], language, cell != "-")
			}
		}
	}
	for f := range ast.StateFields.All() {
		if !listed[f.Name] && !slices.Equal(f.In, []string{"Map"}) { // those of a Map are listed elsewhere
			t.Errorf("the specification lists no field %s", f.Name)
		}
	}
}

func checkField(t *testing.T, name, kind string, language ast.Language, has bool) {
	t.Helper()
	switch f := ast.StateFieldsOf[kind].Named(name); {
	case has && f == nil:
		t.Errorf("a %s has no %s", kind, name)
	case !has && f != nil:
		t.Errorf("a %s has %s", kind, name)
	case f != nil && f.Language != language:
		t.Errorf("the query language of %s is %d, want %d", name, f.Language, language)
	}
}

// specification returns the cells of table 1.3, the header first.
func specification(t *testing.T) (rows [][]string) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "spec", "ASL.md"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the specification is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## 1.3 ")
	section, _, _ = strings.Cut(section, "\n## ")
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	if len(rows) < 10 {
		t.Fatalf("table 1.3 has %d rows", len(rows))
	}
	return rows
}

var fieldName = regexp.MustCompile(`^[A-Z][A-Za-z]+`)

// fieldNames returns the fields that a cell lists, with their query languages. Of one with (Path JP) there is a path, too.
func fieldNames(cell string) map[string]ast.Language {
	names := map[string]ast.Language{}
	for part := range strings.FieldsFuncSeq(strings.ReplaceAll(cell, " xor ", "/"), func(r rune) bool { return r == '/' || r == ',' }) {
		part = strings.TrimSpace(part)
		name := fieldName.FindString(part)
		switch {
		case name == "":
		case strings.HasSuffix(part, "(JP)"), strings.HasSuffix(cell, " (JP)"):
			names[name] = ast.OnlyJSONPath
		case strings.HasSuffix(cell, " (JA)"):
			names[name] = ast.OnlyJSONata
		default:
			names[name] = ast.AnyLanguage
		}
		if name != "" && (strings.Contains(part, "(Path JP)") || strings.Contains(cell, "(+Path JP)")) {
			names[name+"Path"] = ast.OnlyJSONPath
		}
	}
	return names
}

// TestFieldsAreKept holds every field that is looked at to a Go field that keeps it.
func TestFieldsAreKept(t *testing.T) {
	for object, fields := range map[any]*ast.Fields{
		&ast.State{}: ast.StateFields, &ast.Machine{}: ast.MachineFields, &ast.ProcessorConfig{}: ast.ProcessorConfigFields,
		&ast.Retrier{}: ast.RetrierFields, &ast.Catcher{}: ast.CatcherFields, &ast.Rule{}: ast.RuleFields,
		&ast.ItemReader{}: ast.ItemReaderFields, &ast.ReaderConfig{}: ast.ReaderConfigFields, &ast.ItemBatcher{}: ast.ItemBatcherFields,
		&ast.ResultWriter{}: ast.ResultWriterFields, &ast.WriterConfig{}: ast.WriterConfigFields,
	} {
		for f := range fields.All() {
			if f.Kind == ast.Anything || f.Kind == ast.Comparison {
				continue
			}
			keeper := reflect.TypeOf(f.Keeper(object))
			want := map[ast.FieldKind]any{ast.Text: (**ast.String)(nil), ast.Boolean: (**ast.Bool)(nil), ast.NumberField: (**ast.Number)(nil)}[f.Kind]
			switch {
			case f.Kind.IsPath():
				want = (**ast.Path)(nil)
			case f.Kind.IsTemplate() || f.Kind == ast.Document || f.Kind == ast.Value:
				want = (**ast.Node)(nil)
			case f.Kind == ast.Texts || f.Kind == ast.ErrorNames:
				want = (*[]ast.String)(nil)
			}
			if keeper == nil || want != nil && keeper != reflect.TypeOf(want) {
				t.Errorf("%T keeps %s as %v", object, f.Name, keeper)
			}
		}
	}
}
