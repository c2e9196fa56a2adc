package forms

import (
	"regexp"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// template is a file of a deployment tool, with the machines in it.
type template struct {
	*reader
	open  func(name string) (*source.File, error)
	found []declared
}

// declared is a machine as a template declares it.
type declared struct {
	name       *node
	properties *node
	serverless bool // of the Serverless Framework, whose words begin with small letters
}

// template returns what a file holds that is a template, nil if it is none.
func (r *reader) template(root *node, open func(string) (*source.File, error)) *template {
	t := &template{reader: r, open: open}
	switch {
	case root.kind != object || root.member("States") != nil:
		return nil
	case isObject(root.member("Resources")): // in a serverless.yml too
		t.resources(root.member("Resources"))
	case isObject(root.member("stepFunctions")):
		t.serverless(root.member("stepFunctions"))
	case isObject(root.member("resources")) && root.member("service") != nil:
		t.resources(root.member("resources").member("Resources"))
	default:
		return nil
	}
	return t
}

func isObject(n *node) bool { return n != nil && n.kind == object }

// resources finds the machines among the resources of a template of CloudFormation or SAM.
func (t *template) resources(all *node) {
	if all == nil {
		return
	}
	for _, m := range all.members {
		kind := m.value.member("Type")
		if kind != nil && (kind.text == "AWS::StepFunctions::StateMachine" || kind.text == "AWS::Serverless::StateMachine") {
			t.found = append(t.found, declared{name: t.constructName(m.name, m.value), properties: m.value.member("Properties")})
		}
	}
}

// hashed is a logical id that the CDK has made of a construct's path and a hash.
var hashed = regexp.MustCompile(`^(.+)[0-9A-F]{8}$`)

// constructName returns the name of a resource, without the hash that the CDK puts behind it: unless another machine is called so.
func (t *template) constructName(name, resource *node) *node {
	parts := hashed.FindStringSubmatch(name.text)
	if parts == nil || resource.member("Metadata").member("aws:cdk:path") == nil ||
		slices.ContainsFunc(t.found, func(d declared) bool { return d.name.text == parts[1] }) {
		return name
	}
	plain := *name
	plain.text = parts[1]
	return &plain
}

// serverless finds the machines of the plugin serverless-step-functions.
func (t *template) serverless(steps *node) {
	machines := steps.member("stateMachines")
	if machines == nil {
		return
	}
	for _, m := range machines.members {
		t.found = append(t.found, declared{m.name, m.value, true})
	}
}

// machines returns the machines of the template.
func (t *template) machines() (all []Machine) {
	if len(t.found) == 0 {
		t.list.Errorf(t.file, source.Span{}, diag.NotMachine, "no state machine is in this template").
			WithHint("a machine is a resource of the type AWS::StepFunctions::StateMachine or AWS::Serverless::StateMachine, or one of stepFunctions.stateMachines")
	}
	for _, d := range t.found {
		if m, ok := t.machine(d); ok {
			all = append(all, m)
		}
	}
	return all
}

// property returns a property of a machine by the name that CloudFormation has for it.
func (d declared) property(name string) *node {
	if d.serverless {
		name = strings.ToLower(name[:1]) + name[1:]
	}
	return d.properties.member(name)
}

func (t *template) machine(d declared) (m Machine, ok bool) {
	if d.name.text == "" {
		t.list.Errorf(t.file, d.name.span, diag.NotMachine, "a machine of a template needs a name")
		return m, false
	}
	m = Machine{Name: d.name.text, Values: map[string]string{}}
	for _, name := range []string{"StateMachineType", "Type"} {
		if kind := d.property(name); kind != nil && kind.text == "EXPRESS" {
			m.Express = true
		}
	}
	t.substitutions(d, m.Values)
	if in := d.property("DefinitionS3Location"); in != nil {
		return m, t.elsewhere(d, in, "the definition of %s is in Amazon S3")
	}
	switch definition, said, uri := d.property("Definition"), d.property("DefinitionString"), d.property("DefinitionUri"); {
	case definition != nil && definition.kind == object && isPlain(definition):
		m.File = t.written(t.resolve(definition))
	case definition != nil:
		return m, t.elsewhere(d, definition, "the definition of %s is in another file")
	case said != nil && isPlain(said) && said.kind != text:
		return m, t.elsewhere(d, said, "the DefinitionString of %s is no text")
	case said != nil:
		m.File = withoutComments(t.inside(t.resolve(said)), t.list)
	case uri != nil && uri.kind == object:
		return m, t.elsewhere(d, uri, "the definition of %s is in Amazon S3")
	case uri != nil:
		return t.fromFile(d, m, uri)
	default:
		t.list.Errorf(t.file, d.name.span, diag.NotMachine, "%s has no definition", m.Name)
		return m, false
	}
	m.File.Part = m.Name
	return m, true
}

// elsewhere reports a definition that is not in the template.
func (t *template) elsewhere(d declared, at *node, format string) (ok bool) {
	t.list.Errorf(t.file, at.span, diag.NotMachine, format, d.name.text).WithHint("compile the file that has it")
	return false
}

// fromFile reads the machine whose file a template names.
func (t *template) fromFile(d declared, m Machine, uri *node) (Machine, bool) {
	f, err := t.open(uri.text)
	if err != nil {
		t.list.Errorf(t.file, uri.span, diag.NotMachine, "the definition of %s cannot be read: %v", m.Name, err)
		return m, false
	}
	read := Read(f, t.list, t.open)
	if len(read) != 1 || read[0].Name != "" {
		return m, false
	}
	m.File = read[0].File
	return m, true
}

// substitutions notes what a template says that placeholders stand for, as far as it says it here.
func (t *template) substitutions(d declared, values map[string]string) {
	all := d.property("DefinitionSubstitutions")
	if all == nil {
		return
	}
	for _, m := range all.members {
		if v := t.resolve(m.value); v.kind != object && v.kind != array && !strings.Contains(v.text, "${") {
			values[m.name.text] = v.text
		}
	}
}

// functions are the functions of CloudFormation that have a value in the template.
var functions = []string{
	"Base64", "Cidr", "FindInMap", "GetAtt", "GetAZs", "If", "ImportValue", "Join", "Length", "Select", "Split", "Sub", "ToJsonString", "Transform",
}

// function returns the function of CloudFormation that a value is, without Fn::, and what it is of; "" if it is none.
func function(n *node) (name string, of *node) {
	if name, ok := strings.CutPrefix(n.tag, "!"); ok && (name == "Ref" || slices.Contains(functions, name)) {
		return name, n
	}
	if n.kind == object && len(n.members) == 1 {
		name := n.members[0].name.text
		if short, ok := strings.CutPrefix(name, "Fn::"); ok && slices.Contains(functions, short) {
			return short, n.members[0].value
		}
		if name == "Ref" && n.members[0].value.kind == text {
			return "Ref", n.members[0].value
		}
	}
	return "", nil
}

// isPlain reports whether a value is no function of CloudFormation.
func isPlain(n *node) bool {
	name, _ := function(n)
	return name == ""
}

// resolve returns a value with placeholders in the place of what only the deployed template has: ${Name} for a Ref, ${Name.Arn} for an
// attribute. Texts that are put together here are one.
func (t *template) resolve(n *node) *node {
	name, of := function(n)
	switch name {
	case "":
		return t.inner(n)
	case "Ref":
		return placeholder(n, of.text)
	case "GetAtt":
		if of.kind == array {
			return placeholder(n, strings.Join(texts(of), "."))
		}
		return placeholder(n, of.text)
	case "Sub":
		return t.sub(n, of)
	case "Join":
		if joined := t.join(of); joined != nil {
			return joined
		}
	case "ToJsonString":
		if of.kind == object {
			w := &writer{}
			w.value(t.resolve(&node{kind: of.kind, span: of.span, members: of.members}), 0)
			return &node{kind: text, span: n.span, text: string(w.text)}
		}
	}
	return placeholder(n, name+" "+strings.Join(texts(of), " "))
}

// inner resolves what is in a value.
func (t *template) inner(n *node) *node {
	out := *n
	out.members, out.elements = nil, nil
	for _, m := range n.members {
		out.members = append(out.members, member{m.name, t.resolve(m.value)})
	}
	for _, e := range n.elements {
		out.elements = append(out.elements, t.resolve(e))
	}
	return &out
}

// sub resolves a Fn::Sub: its text has placeholders of its own.
func (t *template) sub(n, of *node) *node {
	if of.kind != array {
		return &node{kind: text, span: of.span, text: of.text, at: of.at}
	}
	if len(of.elements) == 0 || of.elements[0].kind != text {
		return placeholder(n, "Sub")
	}
	said := of.elements[0]
	if len(of.elements) < 2 {
		return said
	}
	for _, m := range of.elements[1].members {
		if v := t.resolve(m.value); v.kind != object && v.kind != array {
			said = replaced(said, "${"+m.name.text+"}", v.text)
		}
	}
	return said
}

// replaced returns a text with another in the place of each part.
func replaced(n *node, part, by string) *node {
	out := &node{kind: text, span: n.span}
	for i := 0; i < len(n.text); {
		if !strings.HasPrefix(n.text[i:], part) {
			out.text, out.at = out.text+n.text[i:i+1], append(out.at, n.place(i))
			i++
			continue
		}
		for range len(by) {
			out.at = append(out.at, n.place(i))
		}
		out.text += by
		i += len(part)
	}
	return out
}

// join resolves a Fn::Join; nil if its parts are not all texts.
func (t *template) join(of *node) *node {
	if of.kind != array || len(of.elements) != 2 || of.elements[1].kind != array {
		return nil
	}
	out := &node{kind: text, span: of.span}
	var b strings.Builder
	for i, e := range of.elements[1].elements {
		v := t.resolve(e)
		if v.kind == object || v.kind == array {
			return nil
		}
		said := v.text
		if i > 0 {
			said = of.elements[0].text + said
		}
		for k := range len(said) {
			out.at = append(out.at, v.place(max(k-(len(said)-len(v.text)), 0)))
		}
		b.WriteString(said)
	}
	out.text = b.String()
	return out
}

// placeholder returns the text ${name} in the place of a value.
func placeholder(n *node, name string) *node {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune("{}\"\\$", r) || r < ' ' {
			return '_'
		}
		return r
	}, name)
	return &node{kind: text, span: n.span, text: "${" + strings.TrimSpace(name) + "}"}
}

// texts returns the texts in a value, in their order.
func texts(n *node) (all []string) {
	if n.kind == text || n.kind == number || n.kind == boolean {
		all = append(all, n.text)
	}
	for _, m := range n.members {
		all = append(all, texts(m.value)...)
	}
	for _, e := range n.elements {
		all = append(all, texts(e)...)
	}
	return all
}
