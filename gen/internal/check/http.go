package check

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/internal/httpheader"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// httpRequest checks what the model of a request to an HTTP endpoint does not say: the endpoint, the connection and the headers (P1, P3,
// A2). Else the task can only fail, with an error that nothing catches.
func (k *call) httpRequest(parameters *ast.Member) {
	n := parameters.Value
	isString := func(n *ast.Node) bool { return n.Kind == value.StringKind && !k.unknown(n) }
	switch k.resource.Service {
	case "http":
		if m := k.written.find(n, "ApiEndpoint", isString); m != nil && !strings.HasPrefix(m.Value.Text, "https://") {
			k.errorf(m.Value.Span, diag.BadHTTPRequest, "ApiEndpoint is a URL that begins with https://, not %q", m.Value.Text)
		}
		given := func(*ast.Node) bool { return true }
		if k.written.find(n, "Authentication", given) == nil && k.written.find(n, "InvocationConfig", given) == nil {
			k.errorf(parameters.Span, diag.BadHTTPRequest, "http:invoke needs a connection").
				WithHint(`"Authentication": {"ConnectionArn": "…"} names one of Amazon EventBridge`)
		}
		k.headers(n, httpheader.Forbidden)
	case "apigateway":
		if m := k.written.find(n, "ApiEndpoint", isString); m != nil && strings.Contains(m.Value.Text, "/") {
			k.errorf(m.Value.Span, diag.BadHTTPRequest, "ApiEndpoint is the name of a host, not %q", m.Value.Text).
				WithHint("Stage and Path have what follows it")
		}
		k.headers(n, httpheader.ForbiddenOfAPI)
	}
}

// headers reports headers that a task may not set.
func (k *call) headers(n *ast.Node, isForbidden func(string) bool) {
	headers := k.written.find(n, "Headers", func(n *ast.Node) bool { return n.Kind == value.ObjectKind && n.Expr == nil })
	if headers == nil {
		return
	}
	for i := range headers.Value.Members {
		if m := &headers.Value.Members[i]; isForbidden(k.nameOf(m)) {
			k.errorf(m.Span, diag.BadHTTPRequest, "a task may not set the header %s", k.nameOf(m))
		}
	}
}
