package lower

import (
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
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

// isTaskToken reports whether an expression is the path to the task's token.
func isTaskToken(e *ast.Expr) bool {
	if e.JSONata == nil {
		return e.Text == "$$.Task.Token"
	}
	variable, names, ok := e.JSONata.Path()
	return ok && variable == "states" && slices.Equal(names, []string{"context", "Task", "Token"})
}
