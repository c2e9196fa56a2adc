package lower

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/sdk"
)

// serviceClient is a field of the machine's Clients.
type serviceClient struct {
	typ  ir.Type
	made ir.Expr // of configuration
}

// configuration is the AWS configuration that clients are made of.
var configuration = ir.Name{Name: "configuration"}

// ecsTask notes the client that runs ECS tasks, and returns its field of Clients.
func (w *lowering) ecsTask() string {
	args := []ir.Expr{newFromConfig(pkgECS)}
	for s := range w.machine.AllStates() {
		if r, _, _ := catalog.ParseResource(resourceOf(s)); s.Credentials != nil && r.RunsTask() {
			args = append(args, ir.Call{Func: ir.Name{Package: pkgECSTask, Name: "AsRole"}, Args: []ir.Expr{newRoles}})
			break
		}
	}
	return w.clientField("ECS", serviceClient{
		ir.Pointer{Elem: ir.Named{Package: pkgECSTask, Name: "Client"}},
		ir.Call{Func: ir.Name{Package: pkgECSTask, Name: "New"}, Args: args},
	})
}

// newRoles makes what gives the credentials of roles.
var newRoles = ir.Call{Func: ir.Name{Package: pkgAWSRole, Name: "New"}, Args: []ir.Expr{configuration}}

// resourceOf returns the Resource of a state, "" if it has none.
func resourceOf(s *ast.State) string {
	if s.Resource == nil {
		return ""
	}
	return s.Resource.Text
}

// httpClient notes the client that calls HTTP endpoints, and returns its field of Clients.
func (w *lowering) httpClient() string {
	return w.clientField("HTTP", serviceClient{
		ir.Pointer{Elem: ir.Named{Package: pkgHTTPTask, Name: "Client"}}, newFromConfig(pkgHTTPTask),
	})
}

// client notes the client of a service, and returns its field of Clients.
func (w *lowering) client(s *sdk.Service) string {
	field := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s.ID)
	if s.Path == pkgECS { // beside the client that runs tasks
		field = "ECSClient"
	}
	return w.clientField(field, serviceClient{ir.Pointer{Elem: ir.Named{Package: s.Path, Name: "Client"}}, newFromConfig(s.Path)})
}

func (w *lowering) clientField(field string, c serviceClient) string {
	w.clients[field] = c
	return field
}

// asRole adds the argument by which the calls of a state that has Credentials are made as their role.
func (w *lowering) asRole(s *state, c *client, args []ir.Expr) []ir.Expr {
	if s.Credentials == nil {
		return args
	}
	return append(args, ir.Call{Func: awstaskName("AsRole"), Args: []ir.Expr{w.assumeRole(c)}})
}

// assumeRole adds the client that gives the credentials of roles to those of a task, and returns its field.
func (w *lowering) assumeRole(c *client) ir.Expr {
	field := w.clientField("AssumeRole", serviceClient{
		ir.Named{Package: pkgAWSTask, Name: "Roles"}, newRoles,
	})
	c.of = append(c.of, field)
	return ir.Select{X: ir.Name{Name: "clients"}, Name: field}
}

// method is a method of a client, by its field of Clients.
func method(field, name string) ir.Expr {
	return ir.Select{X: ir.Select{X: ir.Name{Name: "clients"}, Name: field}, Name: name}
}

func newFromConfig(pkg string) ir.Expr {
	return ir.Call{Func: ir.Name{Package: pkg, Name: "NewFromConfig"}, Args: []ir.Expr{configuration}}
}

// tasksDecls declares the machine's Tasks, and the function that wires those that a client of the machine's carries out.
func (w *lowering) tasksDecls() []ir.Decl {
	prefix := w.options.Prefix
	d := &ir.Struct{Name: prefix + "Tasks", Doc: fmt.Sprintf("%sTasks holds every call that %s makes to the outside, one field for each Task state.", prefix, w.options.Name)}
	if len(w.tasks) == 0 {
		d.Doc = fmt.Sprintf("%sTasks is empty: %s makes no call to the outside.", prefix, w.options.Name)
	}
	var wired []ir.Elem
	var unwired []string
	used := map[string]bool{}
	for _, t := range w.tasks {
		d.Fields = append(d.Fields, ir.Field{Name: t.name, Doc: t.doc, Type: t.typ})
		if t.client.wire == nil {
			unwired = append(unwired, t.name)
			continue
		}
		wired = append(wired, ir.Elem{Key: t.name, Value: t.client.wire})
		for _, field := range t.client.of {
			used[field] = true
		}
	}
	decls := []ir.Decl{d}
	if len(wired) == 0 {
		return decls
	}
	doc := fmt.Sprintf("New%sTasks wires %s to AWS.", prefix, w.options.Name)
	if len(unwired) > 0 {
		doc += fmt.Sprintf(" The caller sets the rest: %s.", strings.Join(unwired, ", "))
	}
	tasks := ir.Named{Name: prefix + "Tasks"}
	return append(append(decls, w.clientsDecls(used)...), &ir.Func{
		Name: "New" + prefix + "Tasks", Doc: doc,
		Params:  []ir.Param{{Name: "clients", Type: ir.Named{Name: prefix + "Clients"}}},
		Results: []ir.Type{tasks},
		Return:  ir.Composite{Type: tasks, Elems: wired, Lines: true},
	})
}

// clientsDecls declares the clients of the services that the machine's Tasks are wired to, and the function that makes them.
func (w *lowering) clientsDecls(used map[string]bool) []ir.Decl {
	name := w.options.Prefix + "Clients"
	clients := ir.Named{Name: name}
	d := &ir.Struct{Name: name, Doc: fmt.Sprintf("%s are the clients of the services that %s calls. Machines may share them.", name, w.options.Name)}
	made := ir.Composite{Type: clients, Lines: true}
	for _, field := range slices.Sorted(maps.Keys(used)) {
		d.Fields = append(d.Fields, ir.Field{Name: field, Type: w.clients[field].typ})
		made.Elems = append(made.Elems, ir.Elem{Key: field, Value: w.clients[field].made})
	}
	return []ir.Decl{d, &ir.Func{
		Name: "New" + name, Doc: fmt.Sprintf("New%s returns the clients of an AWS configuration, which config.LoadDefaultConfig makes.", name),
		Params:  []ir.Param{{Name: configuration.Name, Type: ir.Named{Package: pkgAWS, Name: "Config"}}},
		Results: []ir.Type{clients},
		Return:  made,
	}}
}
