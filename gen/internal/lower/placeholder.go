package lower

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/internal/visible"
)

// config is what the ${Name} placeholders that are left to run time become: fields of the machine's Config.
type config struct {
	owner  string // the prefix of the machine's names
	names  []string
	fields map[string]string  // by placeholder
	types  map[string]ir.Type // of those that are no texts
	enums  map[string]string  // a value of those that are enumerations
	taken  nameSet
	uses   int // how often a field was used
	ranged []ranged
}

// ranged is a field of Amazon States Language whose number a placeholder stands for.
type ranged struct {
	placeholder string
	field       *ast.Field
}

// number notes that a placeholder stands for the number of a field.
func (c *config) number(text string, f *ast.Field) {
	_, names := source.Split(text)
	if r := (ranged{names[0], f}); !slices.Contains(c.ranged, r) {
		c.ranged = append(c.ranged, r)
	}
}

// numbers hands those numbers to the runtime, which checks that AWS takes them; nil if there are none.
func (c *config) numbers() []ir.Elem {
	if c.ranged == nil {
		return nil
	}
	list := ir.Composite{Type: ir.Slice{Elem: tableType("Number")}, Lines: true}
	for _, r := range c.ranged {
		low := r.field.Range.Low
		if r.field.Range.Zero {
			low = 0
		}
		number := elems{
			{Key: "Placeholder", Value: ir.Text{Value: r.placeholder}},
			{Key: "Field", Value: ir.Text{Value: r.field.Name}},
			{Key: "Value", Value: c.asFloat(r.placeholder)},
			{Key: "Low", Value: ir.Number{Text: strconv.FormatFloat(low, 'f', 0, 64)}},
		}
		if high := r.field.Range.High; !math.IsInf(high, 1) {
			number.add("High", ir.Number{Text: strconv.FormatFloat(high, 'f', 0, 64)})
		}
		list.Elems = append(list.Elems, ir.Elem{Value: ir.Composite{Elems: number}})
	}
	return []ir.Elem{{Key: "Numbers", Value: list}}
}

// asFloat returns the number that a field gives.
func (c *config) asFloat(placeholder string) ir.Expr {
	x := ir.Select{X: ir.Name{Name: "config"}, Name: c.fields[placeholder]}
	if reflect.DeepEqual(c.typeOf(placeholder), ir.Type(ir.Named{Name: "float64"})) {
		return x
	}
	return ir.Call{Func: ir.Name{Name: "float64"}, Args: []ir.Expr{x}}
}

// field returns the field that stands for a placeholder.
func (c *config) field(name string) string {
	if c.fields == nil {
		c.fields, c.taken = map[string]string{}, nameSet{}
	}
	if c.fields[name] == "" {
		c.names = append(c.names, name)
		c.fields[name] = c.taken.take(Identifier(unwrapped(name), "Field"))
	}
	return c.fields[name]
}

// unwrapped returns what a placeholder is called without what Terraform has around it: subnets for jsonencode(var.subnets).
func unwrapped(name string) string {
	if m := encoded.FindStringSubmatch(name); m != nil {
		name = m[1]
	}
	for _, prefix := range []string{"var.", "local."} {
		name = strings.TrimPrefix(name, prefix)
	}
	return name
}

var encoded = regexp.MustCompile(`^\s*jsonencode\(\s*([\w.]+)\s*\)\s*$`)

// typed returns the field that stands for a placeholder without quotes, of a type. It is not ok if the placeholder has another type elsewhere.
func (c *config) typed(name string, t ir.Type) (x ir.Expr, ok bool) {
	_, used := c.fields[name]
	c.field(name)
	c.uses++
	if !used {
		if c.types == nil {
			c.types = map[string]ir.Type{}
		}
		c.types[name] = t
	}
	return ir.Select{X: ir.Name{Name: "config"}, Name: c.fields[name]}, reflect.DeepEqual(c.typeOf(name), t)
}

func (c *config) typeOf(name string) ir.Type {
	if t, ok := c.types[name]; ok {
		return t
	}
	return ir.Named{Name: "string"}
}

// isText reports whether a placeholder is a text.
func (c *config) isText(name string) bool {
	return reflect.DeepEqual(c.typeOf(name), ir.Type(ir.Named{Name: "string"}))
}

// bare returns what stands for a placeholder without quotes, in the type of its place.
func (w *lowering) bare(n *ast.Node, t ir.Type) ir.Expr {
	_, names := source.Split(n.Text)
	x, ok := w.config.typed(names[0], t)
	if !ok {
		w.list.Errorf(w.file, n.Span, diag.NeedsValue, "${%s} stands for values of two types, so it cannot be a field of the machine's Config", names[0]).
			WithHint(fmt.Sprintf("give it a value, -set '%s=…', or two names", names[0]))
	}
	return x
}

// mostAdded is how many parts a text has that is written as a sum: gofmt, and whoever reads it, takes long over more.
const mostAdded = 50

// join writes a text as the sum of its parts and what its placeholders stand for.
func (c *config) join(text string, placeholder func(name string) ir.Expr) ir.Expr {
	parts, names := source.Split(text)
	var terms []ir.Expr
	for i, part := range parts {
		if part != "" {
			terms = append(terms, ir.Text{Value: part})
		}
		if i < len(names) {
			c.field(names[i])
			c.uses++
			term := placeholder(names[i])
			if !c.isText(names[i]) {
				term = ir.Call{Func: tableName("ConfigText"), Args: []ir.Expr{term}}
			}
			terms = append(terms, term)
		}
	}
	if len(terms) > mostAdded {
		list := ir.Composite{Type: ir.Slice{Elem: ir.Named{Name: "string"}}, Lines: true}
		for _, term := range terms {
			list.Elems = append(list.Elems, ir.Elem{Value: term})
		}
		return ir.Call{Func: ir.Name{Package: "strings", Name: "Join"}, Args: []ir.Expr{list, ir.Text{}}}
	}
	sum := terms[0]
	for _, term := range terms[1:] {
		sum = ir.Binary{X: sum, Operator: "+", Y: term}
	}
	return sum
}

// text is a text where the machine's Config is at hand: in its table, and in templates that are methods of it.
func (w *lowering) text(text string) ir.Expr {
	if !source.HasPlaceholder(text) {
		return ir.Text{Value: text}
	}
	return w.config.join(text, func(name string) ir.Expr {
		return ir.Select{X: ir.Name{Name: "config"}, Name: w.config.field(name)}
	})
}

// literal hands the machine's Config to the runtime, which checks that it is complete.
func (c *config) literal() ir.Expr {
	m := ir.Composite{Type: tableType("Config"), Lines: true}
	for _, name := range c.names {
		var x ir.Expr = ir.Select{X: ir.Name{Name: "config"}, Name: c.fields[name]}
		if !c.isText(name) {
			x = ir.Call{Func: tableName("ConfigText"), Args: []ir.Expr{x}}
		}
		m.Elems = append(m.Elems, ir.Elem{Key: visible.Quote(name), Value: x})
	}
	return m
}

// pseudoParameters are those of CloudFormation that an engine can tell, with the functions that ask it.
var pseudoParameters = map[string]string{"AWS::Region": "Region", "AWS::AccountId": "AccountID"}

// OfEngine reports whether an engine can tell what a placeholder stands for.
func OfEngine(placeholder string) bool { return pseudoParameters[placeholder] != "" }

// ofEngine has fields that are empty take their values from the engine.
func (c *config) ofEngine() (sets []ir.Set) {
	for _, name := range c.names {
		if f := pseudoParameters[name]; f != "" && c.isText(name) {
			field := ir.Select{X: ir.Name{Name: "config"}, Name: c.fields[name]}
			sets = append(sets, ir.Set{X: field, Value: ir.Call{Func: tableName(f), Args: []ir.Expr{ir.Name{Name: "engine"}, field}}})
		}
	}
	return sets
}

// configDecls declares the machine's Config, if it has placeholders.
func (w *lowering) configDecls() []ir.Decl {
	if len(w.config.names) == 0 {
		return nil
	}
	name := w.config.owner + "Config"
	d := &ir.Struct{
		Name: name,
	}
	optional := 0
	for _, placeholder := range w.config.names {
		comment := "${" + placeholder + "}"
		if pseudoParameters[placeholder] != "" && w.config.isText(placeholder) {
			comment += "; if it is empty, the engine's"
			optional++
		}
		d.Fields = append(d.Fields, ir.Field{Name: w.config.fields[placeholder], Type: w.config.typeOf(placeholder), Comment: comment})
	}
	d.Doc = fmt.Sprintf("%s is what the placeholders in %s's file stand for.", name, w.options.Name)
	switch optional {
	case 0:
		d.Doc += " Every field is needed."
	case len(d.Fields):
	default:
		d.Doc += " Every other field is needed."
	}
	return []ir.Decl{d}
}
