package lower

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/sdk"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/internal/awsaction"
	"github.com/r-seed-632eed22/aslgen/internal/awsjob"
	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
	"github.com/r-seed-632eed22/aslgen/internal/awsname"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// sdkCall is a task that calls an operation of the AWS SDK for Go. Its parameters are made as a document, which the machine's history
// shows as it is, and are read into the SDK's type before the call: so what Step Functions is lenient about (I5b) is said once, at run
// time, and a literal is held to the type's fields here.
type sdkCall struct {
	*sdk.Operation
	call     *awsmodel.Call
	resource catalog.Resource
	job      *awsjob.Kind // of a .sync task
}

// Services returns the services of the AWS SDK for Go that the tasks of a machine call, by the last parts of their import paths.
func Services(m *ast.Machine) (names []string) {
	for s := range m.AllStates() {
		if s.Resource == nil {
			continue
		}
		switch r, _, _ := catalog.ParseResource(s.Resource.Text); {
		case r.Kind == catalog.Function:
			names = append(names, "lambda")
		case r.Call() != nil && r.Call().Service.Module != "" && !r.RunsTask():
			names = append(names, r.Call().Service.Module)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// sdkCall returns the operation that a task calls; nil if it calls none, none that is known, or one of a module that is not to be had,
// which is then reported.
func (w *lowering) sdkCall(s *state) *sdkCall {
	call := s.task.Call()
	job := s.task.Job()
	if call == nil || call.Service.Module == "" || w.options.Modules == nil || s.task.RunsTask() || s.task.Waits() && job == nil && s.task.Pattern != catalog.TokenPattern {
		return nil
	}
	if node, _ := s.parameters(); call.Operation.Name == "InvokeModel" && (member(node, "Input") != nil || member(node, "Output") != nil) {
		return nil // Step Functions reads and writes S3 around the call
	}
	if call.Change.Added != nil {
		return nil // Step Functions looks up what has such a name before the call
	}
	service := w.service(s, call.Service.Module)
	if service == nil {
		return nil
	}
	operation, err := service.Operation(awsname.Capital(call.Operation.Name))
	switch {
	case err != nil:
		w.noModule(s, service.Path, "cannot be read: the task is not wired to AWS", err.Error())
		return nil
	case operation == nil:
		w.noModule(s, service.Path, "is too old: it has no "+call.Operation.Name, "")
		return nil
	}
	c := &sdkCall{operation, call, s.task, job}
	if node, _ := s.parameters(); node != nil {
		w.holds(c, node, taken(call.Change, operation.Input))
	}
	return c
}

// taken returns the type of an operation's parameters with the members as an action has them.
func taken(change awsaction.Change, x *sdk.Shape) *sdk.Shape {
	made := *x
	made.Members = maps.Clone(x.Members)
	for _, r := range change.Given {
		name, list := r.List()
		member := x.Members[name]
		delete(made.Members, name)
		if list && member != nil {
			member = member.Elem
		}
		made.Members[r.Action] = member
	}
	return &made
}

// service returns a service of the SDK that a task calls, by the last part of its import path; nil if its module is not to be had, which is
// then reported.
func (w *lowering) service(s *state, name string) *sdk.Service {
	service := w.options.Modules.Service(name)
	if service == nil {
		w.noModule(s, sdk.Prefix+name, "is not among the modules that the code can import: the task is not wired to AWS", w.options.Modules.Fault)
	}
	return service
}

// noModule reports a module of the AWS SDK for Go that is not as a task needs it, once for each machine.
func (w *lowering) noModule(s *state, module, what, why string) {
	if w.missing[module] {
		return
	}
	if w.missing == nil {
		w.missing = map[string]bool{}
	}
	w.missing[module] = true
	if why == "" {
		why = "go get " + module + "@latest"
	}
	w.list.Warnf(w.file, s.Resource.Span, diag.NoModule, "%s %s", module, what).WithHint(why)
}

// holds reports members that the SDK's type does not have: the call could not be made.
func (w *lowering) holds(c *sdkCall, n *ast.Node, x *sdk.Shape) {
	switch {
	case x == nil || n.Expr != nil:
	case n.Kind == value.ArrayKind:
		for _, e := range n.Elements {
			w.holds(c, e, x.Elem)
		}
	case n.Kind == value.ObjectKind && x.Elem != nil:
		for _, m := range n.Members {
			w.holds(c, m.Value, x.Elem)
		}
	case n.Kind == value.ObjectKind && x.Members != nil:
		for i := range n.Members {
			m := &n.Members[i]
			member, ok := c.member(x, suffixless(*m))
			if !ok {
				w.list.Errorf(w.file, m.Span, diag.UnknownParameter, "%s has no %q: the call cannot be made", c.Service.Path, suffixless(*m)).
					WithHint("if it is new: go get " + c.Service.Path + "@latest")
				continue
			}
			w.holds(c, m.Value, member)
		}
	}
}

// member returns the member of a struct or a union that the integration calls by a name.
func (c *sdkCall) member(x *sdk.Shape, name string) (member *sdk.Shape, ok bool) {
	for field, member := range x.Members {
		called := field
		if c.call.SDK {
			called = awsname.Member(field)
		}
		if called == name || x.Union != "" && field == name { // I5: perhaps both
			return member, true
		}
	}
	return nil, false
}

// integration returns what the runtime calls the integration: with the name of the service's errors in place of its own (I3).
func (c *sdkCall) integration() string {
	name := c.resource.Service + ":" + c.resource.Action
	if c.call.SDK {
		_, action, _ := strings.Cut(c.resource.Action, ":")
		name = "aws-sdk:" + c.call.Service.Name + ":" + action
	}
	if c.job != nil {
		name += "." + c.resource.Pattern
	}
	return name
}

// calls returns how the task is made, with the types of its effect.
func (w *lowering) calls(s *state, c *sdkCall) client {
	out := client{
		given: ir.Pointer{Elem: ir.Named{Package: c.Service.Path, Name: c.Name + "Input"}},
		does:  fmt.Sprintf("calls %s of %s", c.Name, c.Service.ID), of: []string{w.client(c.Service)},
	}
	field := out.of[0]
	switch c.resource.Pattern {
	case "":
		out.result = ir.Pointer{Elem: ir.Named{Package: c.Service.Path, Name: c.Name + "Output"}}
		out.wire, out.decoded = ir.Call{Func: awstaskName("Call"), Args: w.asRole(s, &out, []ir.Expr{method(field, c.Name)})}, "DecodedCall"
	case catalog.TokenPattern:
		out.wire, out.decoded = ir.Call{Func: awstaskName("Send"), Args: w.asRole(s, &out, []ir.Expr{method(field, c.Name)})}, "DecodedSend"
		out.does += " and waits until the task token comes back"
	default:
		named := ir.Named{Package: c.Service.Path, Name: c.job.Result}
		if c.job.Inner {
			named.Package = w.typesOf(c.Service)
		}
		out.result, out.decoded = ir.Pointer{Elem: named}, "DecodedJob"
		stop := awstaskName("NotStopped")
		if c.job.Stop != "" {
			stop = method(field, c.job.Stop)
		}
		out.wire = ir.Call{
			Func: ir.Name{Package: pkgAWSTask, Name: "Sync", Args: []ir.Type{out.result}},
			Args: w.asRole(s, &out, []ir.Expr{ir.Text{Value: c.integration()}, method(field, c.Name), method(field, c.job.Ask), stop}),
		}
		out.does += " and waits for the end of the job"
	}
	out.arguments = []ir.Expr{ir.Text{Value: c.integration()}}
	out.unions = w.noteUnions(c)
	return out
}

// noteUnions notes the unions among the parameters of a call, and reports whether there are any.
func (w *lowering) noteUnions(c *sdkCall) bool {
	unions := c.Input.Unions()
	for _, u := range unions {
		pkg := w.typesOf(c.Service)
		if key := pkg + "." + u.Union; !w.listedUnions[key] {
			w.listedUnions[key] = true
			option := ir.Call{Func: ir.Name{Package: pkgAWSTask, Name: "Union", Args: []ir.Type{ir.Named{Package: pkg, Name: u.Union}}}}
			for _, member := range u.Wrappers {
				option.Args = append(option.Args, ir.Composite{Type: ir.Named{Package: pkg, Name: member}, Addr: true})
			}
			option.Lines = len(option.Args) > 2
			w.unions = append(w.unions, option)
		}
	}
	if len(unions) > 0 && w.unionsName == "" {
		w.unionsName = w.private("Unions")
	}
	return len(unions) > 0
}

// unionsDecls declares the unions among the parameters of the machine's calls, if there are any.
func (w *lowering) unionsDecls() []ir.Decl {
	if w.unionsName == "" {
		return nil
	}
	list := ir.Composite{Type: ir.Slice{Elem: ir.Named{Package: pkgAWSTask, Name: "Option"}}, Lines: true}
	for _, option := range w.unions {
		list.Elems = append(list.Elems, ir.Elem{Value: option})
	}
	return []ir.Decl{&ir.Var{Name: w.unionsName, Doc: w.unionsName + " are the types of what is one of several among the parameters.", Value: list}}
}

// typesOf returns the package types of a service, which is called by the service's name too: the file may have several.
func (w *lowering) typesOf(s *sdk.Service) string {
	pkg := s.Path + "/types"
	if pkg != pkgTypes {
		w.imports[pkg] = s.Path[strings.LastIndexByte(s.Path, '/')+1:] + "types"
	}
	return pkg
}

// isFunction reports whether a task invokes a Lambda function and has no use for more of lambda:invoke than its Payload: then its effect is a
// function of the payload. With types of the user's it always has none.
func (w *lowering) isFunction(s *state) bool {
	own := w.options.Types.Tasks[s.Name.Text]
	return s.task.Kind == catalog.Function ||
		HasPayload(w.machine, s.State) && (own.Parameters != nil || own.Result != nil || onlyPayload(w.program.Results[s.State]))
}

// HasPayload reports whether a task of a machine invokes a Lambda function with a Payload, and waits for its answer.
func HasPayload(m *ast.Machine, s *ast.State) bool {
	if s.Resource == nil {
		return false
	}
	r, _, _ := catalog.ParseResource(s.Resource.Text)
	node, _ := (&state{State: s, jsonata: s.JSONata(m)}).parameters()
	return r.Service == "lambda" && r.Action == "invoke" && node != nil && node.Expr == nil && member(node, "InvocationType") == nil
}

// lambdaFunction is how a task invokes a Lambda function whose payload has types of its own. Its client is wired where its module is to be
// had.
func (w *lowering) lambdaFunction(s *state, own TaskTypes) client {
	node, field := s.parameters()
	need := w.program.Results[s.State]
	c := client{does: "invokes a Lambda function, or a Go function in its place"}
	if s.task.Kind != catalog.Function {
		c.decoded, c.answers, node, need = "DecodedFunction", "Payload", member(node, "Payload"), need.Part("Payload")
	}
	if own.Parameters != nil {
		c.given = w.userType(own.Parameters)
	} else {
		c.parameters = w.parametersType(s, node, field)
		c.given = goType(c.parameters)
	}
	if c.decoded != "" {
		c.parameters = nil // the template makes what lambda:invoke is given
	}
	constructor, types := "FunctionSend", []ir.Type{c.given}
	switch {
	case s.task.Pattern == catalog.TokenPattern:
		c.decoded = "DecodedFunctionSend"
	case own.Result != nil:
		c.result = w.userType(own.Result)
	default:
		c.result = w.resultType(s, need)
	}
	if c.result != nil {
		constructor, types = "Function", append(types, c.result)
	}
	if m := w.options.Modules; m != nil && m.Service("lambda") != nil { // a Go function needs none, so nothing is said
		c.of = []string{w.client(m.Service("lambda"))}
		args := w.asRole(s, &c, []ir.Expr{method(c.of[0], "Invoke")})
		c.wire = ir.Call{Func: ir.Name{Package: pkgAWSTask, Name: constructor, Args: types}, Args: args}
	}
	return c
}

// member returns what a template has for a member, nil if that is nothing.
func member(n *ast.Node, name string) *ast.Node {
	if n == nil {
		return nil
	}
	for _, m := range n.Members {
		if suffixless(m) == name {
			return m.Value
		}
	}
	return nil
}

// onlyPayload reports whether nothing else is read of a result than its Payload.
func onlyPayload(n *shape.Need) bool {
	if n == nil {
		return true
	}
	for _, m := range n.Members {
		if m.Name != "Payload" && m.Used() {
			return false
		}
	}
	return true
}

func awstaskName(name string) ir.Expr { return ir.Name{Package: pkgAWSTask, Name: name} }
