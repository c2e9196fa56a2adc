package lower

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/gen/ir"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func (w *lowering) parallel(s *state, d *elems) {
	d.path(w, "InputPath", s.InputPath)
	if n, field := s.parameters(); n != nil {
		d.add("Parameters", documentTemplate(w.function(s, field, n, nil)))
	}
	branches := ir.Composite{Type: ir.Slice{Elem: runtimeType("Branch")}, Lines: true}
	for i, b := range s.Branches {
		n := strconv.Itoa(i + 1)
		branches.Elems = append(branches.Elems, ir.Elem{Value: w.branch(s, "Branch"+n, "branch "+n, b)})
	}
	d.add("Branches", branches)
	w.finish(s, d)
}

func (w *lowering) mapState(s *state, d *elems) {
	d.path(w, "InputPath", s.InputPath)
	d.raw(w, "ItemsPath", s.Field("ItemsPath"))
	if m := s.Field("Items"); m != nil {
		d.add("Items", documentTemplate(w.function(s, "Items", m.Value, nil)))
	}
	selector := s.Parameters
	if m := s.Field("ItemSelector"); m != nil {
		selector = m.Value
	}
	if selector != nil {
		d.add("ItemSelector", documentTemplate(w.function(s, "ItemSelector", selector, nil)))
	}
	d.raw(w, "MaxConcurrency", s.Field("MaxConcurrency"))
	d.raw(w, "MaxConcurrencyPath", s.Field("MaxConcurrencyPath"))
	d.add("ItemProcessor", w.branch(s, "ItemProcessor", "the item processor", s.ItemProcessor))
	if s.isDistributed() {
		d.add("Distributed", w.distributed(s))
	}
	w.finish(s, d)
}

// isDistributed reports whether the Map's iterations are executions of their own.
func (s *state) isDistributed() bool {
	p := s.ItemProcessor.Processor
	if p == nil {
		return false
	}
	mode := member(p, "Mode")
	return mode != nil && mode.Value.Text == "DISTRIBUTED"
}

// parametersOf returns the Parameters, or in a JSONata state the Arguments, of a reader or writer.
func parametersOf(n *ast.Node) *ast.Member {
	if m := member(n, "Arguments"); m != nil {
		return m
	}
	return member(n, "Parameters")
}

// isJSONata reports whether a text is a JSONata expression.
func isJSONata(text string) bool { return strings.HasPrefix(text, "{%") }

func member(n *ast.Node, name string) *ast.Member {
	for i := range n.Members {
		if n.Members[i].Name == name {
			return &n.Members[i]
		}
	}
	return nil
}

// raw adds a field whose value is text or a whole number, as it is written; the path $ is the default of all that take one.
// What JSONata is to give takes the place of the field's path.
func (e *elems) raw(w *lowering, key string, m *ast.Member) {
	switch {
	case m != nil && m.Value.Expr != nil && isJSONata(m.Value.Text):
		e.add(key+"Path", w.text(m.Value.Text))
	case m == nil || m.Value.Kind == value.StringKind && m.Value.Text == "$":
	case m.Value.Kind == value.NumberKind:
		e.add(key, integer(&ast.Number{Text: m.Value.Text}))
	case m.Value.Kind == value.StringKind:
		e.add(key, w.text(m.Value.Text))
	}
}

// pointerTo adds a number that may be 0 where it is written and absent where it is not.
func (e *elems) pointerTo(key, typ string, m *ast.Member) {
	if m != nil && m.Value.Kind == value.NumberKind {
		e.add(key, ir.Call{Func: ir.Name{Name: "new"}, Args: []ir.Expr{ir.Call{Func: ir.Name{Name: typ}, Args: []ir.Expr{ir.Number{Text: m.Value.Text}}}}})
	}
}

func (w *lowering) distributed(s *state) ir.Expr {
	var d elems
	if m := member(s.ItemProcessor.Processor, "ExecutionType"); m != nil && m.Value.Text == "EXPRESS" {
		d.add("ExecutionType", runtimeName("Express"))
	}
	d.raw(w, "Label", s.Field("Label"))
	if m := s.Field("ItemReader"); m != nil {
		d.add("ItemReader", w.itemReader(s, m.Value))
	}
	if m := s.Field("ItemBatcher"); m != nil {
		d.add("ItemBatcher", w.itemBatcher(s, m.Value))
	}
	if m := s.Field("ResultWriter"); m != nil {
		d.add("ResultWriter", w.resultWriter(s, m.Value))
	}
	for _, name := range []string{"ToleratedFailureCount", "ToleratedFailurePercentage"} {
		if m := s.Field(name); m != nil && m.Value.Expr != nil {
			d.raw(w, name, m)
		}
	}
	d.pointerTo("ToleratedFailureCount", "int", s.Field("ToleratedFailureCount"))
	d.raw(w, "ToleratedFailureCountPath", s.Field("ToleratedFailureCountPath"))
	d.pointerTo("ToleratedFailurePercentage", "float64", s.Field("ToleratedFailurePercentage"))
	d.raw(w, "ToleratedFailurePercentagePath", s.Field("ToleratedFailurePercentagePath"))
	return ir.Composite{Type: runtimeType("Distributed"), Addr: true, Elems: d, Lines: len(d) > 0}
}

func (w *lowering) itemReader(s *state, n *ast.Node) ir.Expr {
	var d elems
	d.raw(w, "Resource", member(n, "Resource"))
	if m := parametersOf(n); m != nil {
		d.add("Parameters", documentTemplate(w.function(s, "ItemReader", m.Value, nil)))
	}
	d.add("Objects", w.objects(s))
	if c := member(n, "ReaderConfig"); c != nil {
		if m := member(c.Value, "InputType"); m != nil && m.Value.Text == "PARQUET" {
			w.list.Errorf(w.file, m.Value.Span, diag.NotGenerated, "items in PARQUET cannot be read yet").
				WithHint("CSV, JSON, JSONL and MANIFEST can")
		}
		for _, name := range []string{"InputType", "Transformation", "ManifestType", "CSVDelimiter", "CSVHeaderLocation"} {
			d.raw(w, name, member(c.Value, name))
		}
		if m := member(c.Value, "CSVHeaders"); m != nil {
			var headers []ast.String
			for _, e := range m.Value.Elements {
				headers = append(headers, ast.String{Text: e.Text})
			}
			d.add("CSVHeaders", texts(headers))
		}
		for _, name := range []string{"ItemsPointer", "MaxItems", "MaxItemsPath"} {
			d.raw(w, name, member(c.Value, name))
		}
	}
	return ir.Composite{Type: runtimeType("ItemReader"), Addr: true, Elems: d, Lines: true}
}

func (w *lowering) itemBatcher(s *state, n *ast.Node) ir.Expr {
	var d elems
	if m := member(n, "BatchInput"); m != nil {
		d.add("BatchInput", documentTemplate(w.function(s, "BatchInput", m.Value, nil)))
	}
	for _, name := range []string{"MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"} {
		d.raw(w, name, member(n, name))
	}
	return ir.Composite{Type: runtimeType("ItemBatcher"), Addr: true, Elems: d, Lines: true}
}

func (w *lowering) resultWriter(s *state, n *ast.Node) ir.Expr {
	var d elems
	if m := member(n, "Resource"); m != nil {
		d.raw(w, "Resource", m)
		d.add("Objects", w.objects(s))
	}
	if m := parametersOf(n); m != nil {
		d.add("Parameters", documentTemplate(w.function(s, "ResultWriter", m.Value, nil)))
	}
	if c := member(n, "WriterConfig"); c != nil {
		d.raw(w, "Transformation", member(c.Value, "Transformation"))
		d.raw(w, "OutputType", member(c.Value, "OutputType"))
	}
	return ir.Composite{Type: runtimeType("ResultWriter"), Addr: true, Elems: d, Lines: true}
}

// objects declares, once, the field of the machine's Tasks that a Map reads from and writes to.
func (w *lowering) objects(s *state) ir.Expr {
	name := s.ident + "Objects"
	field := taskField{
		name: name,
		doc:  fmt.Sprintf("%s holds the objects that %s reads or writes: those of Amazon S3 (package s3store) or of a folder (package dirstore).", name, s.ident),
		typ:  runtimeType("Objects"),
	}
	if len(w.tasks) == 0 || !strings.HasPrefix(w.tasks[len(w.tasks)-1].name, name) {
		w.tasks = append(w.tasks, field)
	}
	return ir.Select{X: ir.Name{Name: "tasks"}, Name: name}
}
