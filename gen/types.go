package gen

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/config"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/gotypes"
	"github.com/r-seed-632eed22/aslgen/gen/internal/lower"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape/infer"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// userTypes are the user's own Go types for one machine, as the compiler's stages want them.
type userTypes struct {
	lower  lower.Types
	infer  infer.Options
	output *shape.JSON
	at     source.Span // of the output's type in the configuration file
}

// typing reads the user's types for one machine.
type typing struct {
	*generation
	with *settings
	own  string // import path of the generated code's package
	from *gotypes.Packages
	ok   bool
}

// userTypes reads the Go types that the configuration file names for a machine. ok is false if one is not to be had, which
// is then reported.
func (g *generation) userTypes(ctx context.Context, m *ast.Machine, with *settings, output, pkg string) (u *userTypes, ok bool, err error) {
	u = &userTypes{}
	var all []*config.GoType
	for _, t := range append([]config.TaskTypes{{Parameters: with.types.Input, Result: with.types.Output}}, with.types.Tasks...) {
		for _, typ := range []*config.GoType{t.Parameters, t.Result} {
			if typ != nil {
				all = append(all, typ)
			}
		}
	}
	if len(all) == 0 {
		return u, true, nil
	}
	t := &typing{generation: g, with: with, ok: true}
	if err := t.load(ctx, all, output, pkg); err != nil {
		return nil, false, err
	}
	u.infer.Results, u.infer.Parameters = map[string]*shape.JSON{}, map[string]*shape.JSON{}
	u.lower.Tasks = map[string]lower.TaskTypes{}
	u.lower.Input, u.infer.Input = t.look(with.types.Input)
	u.lower.Output, u.output = t.look(with.types.Output)
	if with.types.Output != nil {
		u.at = with.types.Output.Span
	}
	for _, task := range with.types.Tasks {
		var types lower.TaskTypes
		name := task.State.Text
		types.Parameters, u.infer.Parameters[name] = t.look(task.Parameters)
		types.Result, u.infer.Results[name] = t.look(task.Result)
		if s := findState(m, name); s != nil && lower.HasPayload(m, s) { // the types are those of the payload
			u.infer.Parameters[name] = payload(u.infer.Parameters[name])
			u.infer.Results[name] = payload(u.infer.Results[name])
		}
		u.lower.Tasks[name] = types
	}
	u.infer.Declared = func(typ *shape.Type) (*source.File, source.Span, bool) {
		place, ok := t.from.Place(typ)
		return place.File, place.Span, ok
	}
	return u, t.ok, nil
}

// payload is what lambda:invoke is given, or gives, for a Payload of a type; nil for nil.
func payload(j *shape.JSON) *shape.JSON {
	if j == nil {
		return nil
	}
	return &shape.JSON{Kinds: shape.ObjectKind, Fields: []shape.Field{{Name: "Payload", JSON: j}}}
}

// load loads the packages of the types.
func (t *typing) load(ctx context.Context, all []*config.GoType, output, pkg string) (err error) {
	dir, err := filepath.Abs(filepath.Dir(output))
	if err != nil {
		return err
	}
	generated := map[string]string{filepath.Join(dir, filepath.Base(output)): pkg}
	for other := range t.outputs {
		if abs, err := filepath.Abs(other); err == nil && filepath.Dir(abs) == dir {
			generated[abs] = pkg
		}
	}
	var paths []string
	for _, typ := range all {
		paths = append(paths, typ.Package)
	}
	if t.own, err = importPath(t.files, filepath.Dir(output)); err != nil {
		return err
	}
	t.from, err = gotypes.Load(ctx, dir, generated, paths...)
	return err
}

// look returns how generated code writes a type and what its JSON is; nil for nil.
func (t *typing) look(typ *config.GoType) (*lower.GoType, *shape.JSON) {
	if typ == nil {
		return nil, nil
	}
	j, fault, hint := t.from.Lookup(typ.Package, typ.Name)
	if fault != "" {
		t.ok = false
		t.result.Diagnostics.Errorf(t.with.file.Source, typ.Span, diag.NoSuchType, "the Go type %s.%s %s", typ.Package, typ.Name, fault).WithHint(hint)
		return nil, nil
	}
	out := &lower.GoType{Package: typ.Package, Name: typ.Name, Pointer: typ.Pointer, PackageName: t.from.Name(typ.Package), Sum: t.from.Sum(typ.Package, typ.Name)}
	if typ.Package == t.own {
		out.Package = ""
	}
	return out, j
}

// producesOutput reports what the user's type of the output has and the machine does not give.
func (g *generation) producesOutput(f *config.File, u *userTypes, got *shape.JSON) {
	if u.output == nil || got == nil {
		return
	}
	if misfit := infer.Misfit(got, u.output, "the output"); misfit != "" {
		g.result.Diagnostics.Warnf(f.Source, u.at, diag.WrongGoType, "%s", misfit)
	}
}

// knownTypes reports types that are named for what no task has: parameters of a state that is no Task, say.
func (g *generation) knownTypes(with *settings, m *ast.Machine) {
	for _, t := range with.types.Tasks {
		s := findState(m, t.State.Text)
		if s == nil || s.Type == nil || s.Type.Text == "Task" {
			continue
		}
		g.result.Diagnostics.Errorf(with.file.Source, t.State.Span, diag.NoSuchState, "the state %q is a %s: only Task states have types of their own",
			t.State.Text, strings.ToLower(s.Type.Text))
	}
}

func findState(m *ast.Machine, name string) *ast.State {
	for s := range m.AllStates() {
		if s.Name.Text == name {
			return s
		}
	}
	return nil
}
