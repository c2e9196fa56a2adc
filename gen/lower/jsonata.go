package lower

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/ir"
	"github.com/r-seed-632eed22/aslgen/gen/shape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// constant returns the document of a JSONata expression that is a literal, nil for any other expression.
func constant(e *ast.Expr, typ *shape.Type) ir.Expr {
	if e.JSONata == nil || typ != nil && typ.Kind != shape.Document {
		return nil
	}
	v, ok := e.JSONata.Constant()
	if !ok || v.IsAbsent() {
		return nil
	}
	switch v.Kind() {
	case value.StringKind:
		text, _ := v.AsString()
		return ir.Call{Func: valueName("String"), Args: []ir.Expr{ir.Text{Value: text}}}
	case value.BoolKind, value.NullKind, value.NumberKind:
		return documentScalar(&ast.Node{Kind: v.Kind(), Text: v.String()})
	}
	return ir.Call{Func: valueName("MustParse"), Args: []ir.Expr{ir.RawText{Value: v.String()}}}
}

// contextPath is the path that an expression is into the context object, written as in JSONPath.
func contextPath(e *ast.Expr) string {
	if e.JSONata == nil {
		return e.Text
	}
	variable, names, ok := e.JSONata.Path()
	if !ok || variable != "states" || len(names) < 2 || names[0] != "context" {
		return ""
	}
	return "$$." + strings.Join(names[1:], ".")
}
