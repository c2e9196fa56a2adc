package lower

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/internal/visible"
)

// config is what the ${Name} placeholders that are left to run time become: fields of the machine's Config.
type config struct {
	owner  string // the prefix of the machine's names
	names  []string
	fields map[string]string // by placeholder
	taken  nameSet
	uses   int // how often a field was used
}

// field returns the field that stands for a placeholder.
func (c *config) field(name string) string {
	if c.fields == nil {
		c.fields, c.taken = map[string]string{}, nameSet{}
	}
	if c.fields[name] == "" {
		c.names = append(c.names, name)
		c.fields[name] = c.taken.take(Identifier(name, "Field"))
	}
	return c.fields[name]
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
			terms = append(terms, placeholder(names[i]))
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
		m.Elems = append(m.Elems, ir.Elem{Key: visible.Quote(name), Value: ir.Select{X: ir.Name{Name: "config"}, Name: c.fields[name]}})
	}
	return m
}

// configDecls declares the machine's Config, if it has placeholders.
func (w *lowering) configDecls() []ir.Decl {
	if len(w.config.names) == 0 {
		return nil
	}
	name := w.config.owner + "Config"
	d := &ir.Struct{
		Name: name,
		Doc:  fmt.Sprintf("%s is what the placeholders in %s's file stand for. Every field is needed.", name, w.options.Name),
	}
	for _, placeholder := range w.config.names {
		d.Fields = append(d.Fields, ir.Field{Name: w.config.fields[placeholder], Type: ir.Named{Name: "string"}, Comment: "${" + placeholder + "}"})
	}
	return []ir.Decl{d}
}
