package httptask

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/httpheader"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Request are the parameters of http:invoke (P1).
type Request struct {
	ApiEndpoint      string // a URL that begins with https://
	Method           string
	Authentication   *ConnectionName `json:",omitzero"`
	InvocationConfig *ConnectionName `json:",omitzero"` // as Authentication

	Headers         value.Value `json:",omitzero"` // names to texts, or to lists of texts
	QueryParameters value.Value `json:",omitzero"` // as Headers
	RequestBody     value.Value `json:",omitzero"`
	Transform       *Transform  `json:",omitzero"`
}

// ConnectionName names the connection of Amazon EventBridge whose credentials a request has.
type ConnectionName struct{ ConnectionArn string }

// Transform says how the body of a request is written.
type Transform struct {
	RequestBodyEncoding    string           `json:",omitzero"` // NONE (if empty), URL_ENCODED
	RequestEncodingOptions *EncodingOptions `json:",omitzero"`
}

// EncodingOptions says how lists are written in a form.
type EncodingOptions struct {
	ArrayFormat string `json:",omitzero"` // INDICES (if empty), REPEAT, COMMAS, BRACKETS
}

// Connection is what a connection adds to requests. What a task has of the same name it replaces (P2).
type Connection struct {
	Headers         map[string]string
	QueryParameters map[string]string
	Body            value.Value // an object; absent if there is none
}

// The beginnings of the names of errors.
const (
	connectionError = "Events.ConnectionResource."
	statusError     = "States.Http.StatusCode."
	socketError     = "States.Http.Socket"
)

// Invoke returns the effect of a task that calls an HTTPS endpoint.
func (c *Client) Invoke() asl.Call[*Request, *Response] {
	return asl.Call[*Request, *Response]{Caller: httpCaller{c}}
}

type httpCaller struct{ *Client }

func (c httpCaller) Call(ctx context.Context, _ *asl.Attempt, in *Request) (value.Value, error) {
	connection, err := c.connection(ctx, in)
	if err != nil {
		return value.Value{}, err
	}
	r, err := c.request(ctx, in, connection)
	if err != nil {
		return value.Value{}, err
	}
	response, err := c.do(ctx, r, socketError)
	if err != nil {
		return value.Value{}, err
	}
	if !response.succeeded() {
		return value.Value{}, &asl.Error{Name: fmt.Sprint(statusError, response.StatusCode), Cause: response.StatusText}
	}
	return awsshape.Document(response)
}

func (c *Client) connection(ctx context.Context, in *Request) (*Connection, error) {
	named := in.Authentication
	if named == nil {
		named = in.InvocationConfig
	}
	if named == nil || named.ConnectionArn == "" {
		return nil, runtimeError("The task names no connection: Authentication or InvocationConfig has its ConnectionArn")
	}
	connection, err := c.connections(ctx, named.ConnectionArn)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if _, named := errors.AsType[*asl.Error](err); err != nil && !named {
		return nil, &asl.Error{Name: connectionError + "InternalError", Cause: err.Error()}
	}
	return connection, err
}

// request returns the request of a call with what a connection adds.
func (c *Client) request(ctx context.Context, in *Request, connection *Connection) (*http.Request, error) {
	to, err := url.Parse(in.ApiEndpoint)
	if err != nil || to.Scheme != "https" || to.Host == "" {
		return nil, runtimeError("The ApiEndpoint %q is not a URL that begins with https://", in.ApiEndpoint)
	}
	query, err := texts(in.QueryParameters, "QueryParameters")
	if err != nil {
		return nil, err
	}
	all := to.Query()
	maps.Copy(all, query)
	for name, v := range connection.QueryParameters {
		all.Set(name, v)
	}
	to.RawQuery = all.Encode()
	body, contentType, err := in.body(connection)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, in.Method, to.String(), strings.NewReader(body))
	if err != nil {
		return nil, runtimeError("The request cannot be made: %v", err)
	}
	return r, c.headers(r, in, connection, contentType)
}

// headers sets the headers of a request: the task's, the connection's, and Step Functions' own.
func (c *Client) headers(r *http.Request, in *Request, connection *Connection, contentType string) error {
	headers, err := texts(in.Headers, "Headers")
	if err != nil {
		return err
	}
	if err := setHeaders(r, headers, httpheader.Forbidden); err != nil {
		return err
	}
	for name, v := range connection.Headers {
		r.Header.Set(name, v)
	}
	if contentType != "" && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", contentType)
	}
	r.Header.Set("User-Agent", "Amazon|StepFunctions|HttpInvoke|"+c.region)
	r.Header.Set("Range", "bytes=0-262144")
	return nil
}

// body returns the body of a request and its type; "" and "" if it has none. A body that is a text is sent as it is.
func (in *Request) body(connection *Connection) (text, contentType string, err error) {
	body, encoding := in.RequestBody, ""
	if in.Transform != nil {
		encoding = in.Transform.RequestBodyEncoding
	}
	own, isText := body.AsString()
	switch added := connection.Body; {
	case added.IsAbsent():
	case body.IsAbsent():
		body = added
	case body.Kind() != value.ObjectKind:
		return "", "", runtimeError("The connection adds to the body, which is then an object, not %s", body)
	default:
		for name, m := range added.Members() {
			body = body.With(name, m)
		}
	}
	switch {
	case body.IsAbsent():
		return "", "", nil
	case encoding == "URL_ENCODED":
		text, err := in.Transform.form(body)
		return text, "application/x-www-form-urlencoded", err
	case encoding != "" && encoding != "NONE":
		return "", "", runtimeError("The RequestBodyEncoding %q is none", encoding)
	case isText:
		return own, "text/plain", nil
	}
	return body.String(), "application/json", nil
}

// texts returns an object's members as texts: numbers and booleans as their JSON, lists as more than one.
func texts(v value.Value, field string) (url.Values, error) {
	all := url.Values{}
	if v.IsAbsent() {
		return all, nil
	}
	if v.Kind() != value.ObjectKind {
		return nil, runtimeError("%s is an object, not %s", field, v)
	}
	for name, m := range v.Members() {
		list := m
		if m.Kind() != value.ArrayKind {
			list = value.Array(m)
		}
		for _, e := range list.Elements() {
			if k := e.Kind(); k == value.ObjectKind || k == value.ArrayKind {
				return nil, runtimeError("%s of %s is a text, not %s", name, field, e)
			}
			all.Add(name, textOf(e))
		}
	}
	return all, nil
}

// textOf returns a scalar as text.
func textOf(v value.Value) string {
	if text, ok := v.AsString(); ok {
		return text
	}
	return v.String()
}
