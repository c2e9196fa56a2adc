package iam

import (
	"cmp"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
)

func (w *writer) machine(m *ast.Machine) {
	for s := range m.AllStates() {
		if s.Type != nil && s.Type.Text == "Task" && s.Resource != nil {
			w.task(s)
		}
		w.distributed(s)
	}
}

// call returns the call of a Task state.
func (w *writer) call(s *ast.State) *call {
	c := &call{writer: w, state: s, parameters: s.Parameters, ata: s.JSONata(w.outermost), at: s.Resource.Span}
	if c.ata {
		c.parameters = s.Arguments
		if c.dynamic() {
			c.parameters = nil
		}
	}
	w.partition = "aws"
	if parts := strings.SplitN(s.Resource.Text, ":", 3); len(parts) == 3 && parts[0] == "arn" {
		w.partition = parts[1]
	}
	return c
}

// task allows the call of a Task state.
func (w *writer) task(s *ast.State) {
	r, fault, _ := catalog.ParseResource(s.Resource.Text)
	c := w.call(s)
	switch {
	case fault != "": // checking says so
	case c.otherRole():
	case r.Kind == catalog.Function:
		w.allow("lambda:InvokeFunction", c.name(argument{text: s.Resource.Text, known: true, span: s.Resource.Span}).text)
	case r.Kind == catalog.Activity: // its worker asks for work; the machine calls nothing
	case r.Kind != catalog.Integration || !r.Whole():
		w.warnf(s.Resource.Span, diag.NoPermission, "what Task %q calls depends on a placeholder: the policy does not allow it", s.Name.Text)
	case r.Service == "aws-sdk":
		c.sdk(r)
	case services[r.Service] == nil:
		c.integration(r)
	default:
		services[r.Service](c, r)
	}
}

// otherRole allows to take the role of Credentials, whose permissions then count.
func (c *call) otherRole() bool {
	n := c.state.Credentials
	if n == nil {
		return false
	}
	role := c.name(c.find(n, "RoleArn"))
	arn := role.text
	if !role.known {
		c.wide(role, "role")
		arn = "arn:" + c.partition + ":iam::*:role/*"
	}
	c.allow("sts:AssumeRole", arn)
	c.warnf(c.state.Field("Credentials").Span, diag.OtherRole, "Task %q is called as another role: that one needs the permissions of the call", c.state.Name.Text)
	return true
}

// distributed allows a distributed Map to run its items as executions, and to read and write objects.
func (w *writer) distributed(s *ast.State) {
	if s.ItemProcessor == nil || !s.ItemProcessor.IsDistributed() {
		return
	}
	c := &call{writer: w, state: s, ata: s.JSONata(w.outermost), at: s.Name.Span}
	w.partition = "aws"
	name := w.stateMachine(c)
	w.allow("states:StartExecution", w.arn("states", "stateMachine:"+name))
	w.allow("states:DescribeExecution states:StopExecution", w.arn("states", "execution:"+name+":*"), w.arn("states", "execution:"+name+"/*:*"))
	c.reader()
	c.results()
}

// stateMachine returns the machine's own name at AWS.
func (w *writer) stateMachine(c *call) string {
	if w.options.StateMachine == "" {
		w.warnf(c.at, diag.WidePermission, "the name of the state machine is not known: the policy allows any").
			WithHint("-state-machine gives it")
	}
	return cmp.Or(w.options.StateMachine, "*")
}

// within returns the call's view of an object that the state has in a field.
func (c *call) within(field string) (parameters *call, n *ast.Node) {
	m := c.state.Field(field)
	if m == nil {
		return nil, nil
	}
	inner := *c
	inner.at = m.Span
	name := "Parameters"
	if c.ata {
		name = "Arguments"
	}
	inner.parameters = c.find(m.Value, name).node
	if inner.parameters != nil && ast.IsExpression(inner.parameters.Text) {
		inner.parameters = nil
	}
	return &inner, m.Value
}

// reader allows to read the items of a Map.
func (c *call) reader() {
	r, n := c.within("ItemReader")
	if r == nil {
		return
	}
	resource := c.find(n, "Resource").text
	bucket := r.bucket()
	config := c.find(n, "ReaderConfig")
	switch {
	case strings.HasSuffix(resource, "s3:listObjectsV2"):
		c.allow("s3:ListBucket", bucket)
		if config.node != nil && c.find(config.node, "Transformation").text == "LOAD_AND_FLATTEN" {
			c.allow("s3:GetObject", bucket+"/"+r.freeText("Prefix").text+"*")
		}
	default:
		key := r.freeText("Key")
		if !key.known {
			r.wide(key, "object")
			key.text = "*"
		}
		c.allow("s3:GetObject", bucket+"/"+key.text)
		if config.node != nil && c.find(config.node, "InputType").text == "MANIFEST" {
			r.wide(config, "object of the manifest")
			c.allow("s3:GetObject", bucket+"/*")
		}
	}
}

// results allows to write the results of a Map.
func (c *call) results() {
	r, n := c.within("ResultWriter")
	if r == nil || !c.find(n, "Resource").given {
		return
	}
	prefix := r.freeText("Prefix").text
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	c.allow("s3:PutObject s3:GetObject s3:ListMultipartUploadParts s3:AbortMultipartUpload", r.bucket()+"/"+prefix+"*")
}

// bucket returns the ARN of the bucket that a call names.
func (c *call) bucket() string {
	b := c.argument("Bucket")
	if !b.known {
		c.wide(b, "bucket")
		b.text = "*"
	}
	return "arn:" + c.partition + ":s3:::" + b.text
}
