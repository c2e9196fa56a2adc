package lower

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func (w *lowering) parallel(s *state, d *elems) {
	d.path(w, "InputPath", s.InputPath)
	if n, field := s.parameters(); n != nil {
		d.add("Parameters", documentTemplate(w.function(s, field, n, nil)))
	}
	branches := ir.Composite{Type: ir.Slice{Elem: tableType("Branch")}, Lines: true}
	for i, b := range s.Branches {
		n := strconv.Itoa(i + 1)
		branches.Elems = append(branches.Elems, ir.Elem{Value: w.branch(s, "Branch"+n, "branch "+n, b)})
	}
	d.add("Branches", branches)
	w.finish(s, d)
}

func (w *lowering) mapState(s *state, d *elems) {
	d.path(w, "InputPath", s.InputPath)
	d.path(w, "ItemsPath", s.ItemsPath)
	if s.Items != nil {
		d.add("Items", documentTemplate(w.function(s, "Items", s.Items, nil)))
	}
	if selector := cmp.Or(s.ItemSelector, s.Parameters); selector != nil {
		d.add("ItemSelector", documentTemplate(w.function(s, "ItemSelector", selector, nil)))
	}
	d.fields(w, s.Fields, ast.StateFields, "MaxConcurrency", "MaxConcurrencyPath")
	d.add("ItemProcessor", w.branch(s, "ItemProcessor", "the item processor", s.ItemProcessor))
	if s.ItemProcessor.IsDistributed() {
		d.add("Distributed", w.distributed(s))
	}
	w.finish(s, d)
}

// isJSONata reports whether a text is a JSONata expression.
func isJSONata(text string) bool { return strings.HasPrefix(text, "{%") }

// raw adds a field whose value is text or a whole number, as it is written; the path $ is the default of all that take one.
// What JSONata is to give takes the place of the field's path.
func (e *elems) raw(w *lowering, key string, m *ast.Member) {
	switch {
	case m != nil && m.Value.Expr != nil && isJSONata(m.Value.Text):
		e.add(key+"Path", w.text(m.Value.Text))
	case m == nil || m.Value.Kind == value.StringKind && m.Value.Text == "$":
	case m.Value.Bare:
		e.add(key, w.seconds(ast.StateFields.Named(key), &ast.Number{Text: m.Value.Text, Span: m.Value.Span, Bare: true}))
	case m.Value.Kind == value.NumberKind:
		e.add(key, integer(&ast.Number{Text: m.Value.Text}))
	case m.Value.Kind == value.StringKind:
		e.add(key, w.text(m.Value.Text))
	}
}

// pointerTo adds a number that may be 0 where it is written and absent where it is not.
func (e *elems) pointerTo(key, typ string, n *ast.Number) {
	if n != nil {
		e.add(key, ir.Call{Func: ir.Name{Name: "new"}, Args: []ir.Expr{ir.Call{Func: ir.Name{Name: typ}, Args: []ir.Expr{ir.Number{Text: n.Text}}}}})
	}
}

// fields adds the members of an object that are plain: texts, numbers and paths, as the fields of the table say. With names,
// it adds those alone.
func (e *elems) fields(w *lowering, members ast.Members, t *ast.Fields, names ...string) {
	for f := range t.All() {
		m := members.Named(f.Name)
		switch {
		case m == nil || names != nil && !slices.Contains(names, f.Name):
		case f.Kind == ast.Text || f.Kind == ast.NumberField || f.Kind == ast.NumberPath:
			e.raw(w, f.Name, m)
		case f.Kind == ast.Texts:
			var all []ast.String
			for _, text := range m.Value.Elements {
				all = append(all, ast.String{Text: text.Text})
			}
			e.add(f.Name, texts(all))
		}
	}
}

func (w *lowering) distributed(s *state) ir.Expr {
	var d elems
	if s.ItemProcessor.ProcessorConfig.ExecutionType.Is(ast.Express) {
		d.add("ExecutionType", aslName("Express"))
	}
	d.text(w, "Label", s.Label)
	if s.ItemReader != nil {
		d.add("ItemReader", w.itemReader(s))
	}
	if s.ItemBatcher != nil {
		d.add("ItemBatcher", w.itemBatcher(s))
	}
	if s.ResultWriter != nil {
		d.add("ResultWriter", w.resultWriter(s))
	}
	for _, name := range []string{"ToleratedFailureCount", "ToleratedFailurePercentage"} {
		if m := s.Field(name); m != nil && m.Value.Expr != nil {
			d.raw(w, name, m)
		}
	}
	d.pointerTo("ToleratedFailureCount", "int", s.ToleratedFailureCount)
	d.path(w, "ToleratedFailureCountPath", s.ToleratedFailureCountPath)
	d.pointerTo("ToleratedFailurePercentage", "float64", s.ToleratedFailurePercentage)
	d.path(w, "ToleratedFailurePercentagePath", s.ToleratedFailurePercentagePath)
	return ir.Composite{Type: tableType("Distributed"), Addr: true, Elems: d, Lines: len(d) > 0}
}

func (w *lowering) itemReader(s *state) ir.Expr {
	var d elems
	r := s.ItemReader
	d.text(w, "Resource", r.Resource)
	if n := s.given(r.Parameters, r.Arguments); n != nil {
		d.add("Parameters", documentTemplate(w.function(s, "ItemReader", n, nil)))
	}
	d.add("Objects", w.objects(s))
	if c := r.ReaderConfig; c != nil {
		if c.InputType.Is("PARQUET") {
			w.list.Errorf(w.file, c.InputType.Span, diag.NotGenerated, "items in PARQUET cannot be read yet").
				WithHint("CSV, JSON, JSONL and MANIFEST can")
		}
		d.fields(w, c.Fields, ast.ReaderConfigFields)
	}
	return ir.Composite{Type: tableType("ItemReader"), Addr: true, Elems: d, Lines: true}
}

func (w *lowering) itemBatcher(s *state) ir.Expr {
	var d elems
	if n := s.ItemBatcher.BatchInput; n != nil {
		d.add("BatchInput", documentTemplate(w.function(s, "BatchInput", n, nil)))
	}
	d.fields(w, s.ItemBatcher.Fields, ast.ItemBatcherFields)
	return ir.Composite{Type: tableType("ItemBatcher"), Addr: true, Elems: d, Lines: true}
}

func (w *lowering) resultWriter(s *state) ir.Expr {
	var d elems
	r := s.ResultWriter
	if r.Resource != nil {
		d.text(w, "Resource", r.Resource)
		d.add("Objects", w.objects(s))
	}
	if n := s.given(r.Parameters, r.Arguments); n != nil {
		d.add("Parameters", documentTemplate(w.function(s, "ResultWriter", n, nil)))
	}
	if c := r.WriterConfig; c != nil {
		d.fields(w, c.Fields, ast.WriterConfigFields)
	}
	return ir.Composite{Type: tableType("ResultWriter"), Addr: true, Elems: d, Lines: true}
}

// objects declares, once, the field of the machine's Tasks that a Map reads from and writes to.
func (w *lowering) objects(s *state) ir.Expr {
	name := s.ident + "Objects"
	field := taskField{
		name: name,
		doc:  fmt.Sprintf("%s holds the objects that %s reads or writes: those of Amazon S3 (package s3store) or of a folder (package dirstore).", name, s.ident),
		typ:  ir.Named{Package: pkgASL, Name: "Objects"}, state: s.Name.Text,
	}
	if len(w.tasks) == 0 || !strings.HasPrefix(w.tasks[len(w.tasks)-1].name, name) {
		w.tasks = append(w.tasks, field)
	}
	return ir.Select{X: ir.Name{Name: "tasks"}, Name: name}
}
