package httptask_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/httptask"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// keys are the credentials of AWS that the tests sign with.
var keys = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
})

// told is what a server was told.
type told struct {
	method, path, query, body string
	header                    http.Header
}

// serve returns a client for a server which answers with a status, a type and a body, what the server was told, and the server's host.
func serve(t *testing.T, status int, contentType, answer string, options ...httptask.Option) (*httptask.Client, *told, string) {
	t.Helper()
	var got told
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = told{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header}
		w.Header().Set("Content-Type", contentType)
		if status == http.StatusFound {
			w.Header().Set("Location", "https://example.com/")
		}
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	options = append([]httptask.Option{
		httptask.WithTransport(server.Client().Transport),
		httptask.WithConnections(func(_ context.Context, arn string) (*httptask.Connection, error) {
			if arn != "connection" {
				return nil, &asl.Error{Name: "Events.ConnectionResource.AccessDenied"}
			}
			return &httptask.Connection{Headers: map[string]string{"Authorization": "Basic secret"}}, nil
		}),
	}, options...)
	return httptask.NewFromConfig(aws.Config{Region: "eu-west-1", Credentials: keys}, options...), &got, strings.TrimPrefix(server.URL, "https://")
}

// read returns JSON as parameters of a type.
func read[P any](t *testing.T, text string) *P {
	t.Helper()
	var p P
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	return &p
}

// raised holds an error to the one that Step Functions raises.
func raised(t *testing.T, err error, name, cause string) {
	t.Helper()
	e, ok := err.(*asl.Error)
	if !ok || e.Name != name || !strings.Contains(e.Cause, cause) {
		t.Errorf("got %v, want %s: …%s…", err, name, cause)
	}
}

func TestInvoke(t *testing.T) {
	client, got, host := serve(t, 200, "application/json; charset=utf-8", `{"id": 1.0}`)
	result, err := client.Invoke().Call(t.Context(), &asl.Attempt{}, read[httptask.Request](t, `{
		"ApiEndpoint": "https://`+host+`/orders?a=1", "Method": "POST", "Authentication": {"ConnectionArn": "connection"},
		"Headers": {"X-Trace": ["1", "2"], "Accept": "application/json"}, "QueryParameters": {"b": ["x", "y"], "c": 2}, "RequestBody": {"n": 1.50}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	if text := result.Get("ResponseBody").String(); text != `{"id":1.0}` {
		t.Errorf("ResponseBody %s", text)
	}
	if text := result.Get("StatusText").String() + result.Get("StatusCode").String(); text != `"OK"200` {
		t.Errorf("status %s", text)
	}
	if text := result.Get("Headers").Get("Content-Type").String(); text != `["application/json; charset=utf-8"]` {
		t.Errorf("Content-Type %s", text)
	}
	if got.method != "POST" || got.path != "/orders" || got.query != "a=1&b=x&b=y&c=2" || got.body != `{"n":1.50}` {
		t.Errorf("the server was told %+v", got)
	}
	for name, want := range map[string]string{
		"X-Trace": "1,2", "Accept": "application/json", "Content-Type": "application/json", "Authorization": "Basic secret",
		"User-Agent": "Amazon|StepFunctions|HttpInvoke|eu-west-1", "Range": "bytes=0-262144",
	} {
		if text := strings.Join(got.header.Values(name), ","); text != want {
			t.Errorf("%s is %q, want %q", name, text, want)
		}
	}
}

// What a task asks for that cannot be is States.Runtime; what a server does has its own names.
func TestInvokeFails(t *testing.T) {
	for _, test := range []struct {
		name, more, typ, answer string
		status                  int
		want, cause             string
	}{
		{"status", ``, "text/plain", "no", 404, "States.Http.StatusCode.404", "Not Found"},
		{"redirect", ``, "text/plain", "", 302, "States.Http.StatusCode.302", "Found"},
		{"image", ``, "image/png", "x", 200, "States.Runtime", "image/png"},
		{"undecodable", ``, "text/plain", "\xff", 200, "States.Runtime", "not text"},
		{"long", ``, "text/plain", strings.Repeat("x", 256<<10+1), 200, "States.DataLimitExceeded", "bytes"},
		{"forbidden", `, "Headers": {"x-amz-date": "1"}`, "", "", 200, "States.Runtime", "x-amz-date"},
		{"header", `, "Headers": {"a": {}}`, "", "", 200, "States.Runtime", "a of Headers"},
		{"headers", `, "Headers": []`, "", "", 200, "States.Runtime", "Headers is an object"},
		{"encoding", `, "RequestBody": {}, "Transform": {"RequestBodyEncoding": "X"}`, "", "", 200, "States.Runtime", "RequestBodyEncoding"},
		{"array format", `, "RequestBody": {}, "Transform": {"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": "X"}}`, "", "", 200, "States.Runtime", "ArrayFormat"},
		{"form", `, "RequestBody": [], "Transform": {"RequestBodyEncoding": "URL_ENCODED"}`, "", "", 200, "States.Runtime", "URL_ENCODED"},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, _, host := serve(t, test.status, test.typ, test.answer)
			_, err := client.Invoke().Call(t.Context(), &asl.Attempt{}, read[httptask.Request](t,
				`{"ApiEndpoint": "https://`+host+`", "Method": "GET", "InvocationConfig": {"ConnectionArn": "connection"}`+test.more+`}`))
			raised(t, err, test.want, test.cause)
		})
	}
	client, _, host := serve(t, 200, "", "")
	call := func(text string) error {
		_, err := client.Invoke().Call(t.Context(), &asl.Attempt{}, read[httptask.Request](t, text))
		return err
	}
	raised(t, call(`{"ApiEndpoint": "https://`+host+`", "Method": "GET"}`), "States.Runtime", "names no connection")
	raised(t, call(`{"ApiEndpoint": "http://`+host+`", "Method": "GET", "Authentication": {"ConnectionArn": "connection"}}`), "States.Runtime", "https://")
	raised(t, call(`{"ApiEndpoint": "https://`+host+`", "Method": "GET", "Authentication": {"ConnectionArn": "other"}}`), "Events.ConnectionResource.AccessDenied", "")
}

// A request has what its connection adds, instead of what the task says (P2).
func TestConnection(t *testing.T) {
	client, got, host := serve(t, 200, "text/plain", "{}", httptask.WithConnections(func(context.Context, string) (*httptask.Connection, error) {
		return &httptask.Connection{
			Headers: map[string]string{"Key": "own"}, QueryParameters: map[string]string{"key": "own"}, Body: value.MustParse(`{"key": "own"}`),
		}, nil
	}))
	call := func(body string) error {
		result, err := client.Invoke().Call(t.Context(), &asl.Attempt{}, read[httptask.Request](t, `{
			"ApiEndpoint": "https://`+host+`", "Method": "PUT", "Authentication": {"ConnectionArn": "connection"},
			"Headers": {"key": "task's", "other": "1"}, "QueryParameters": {"key": "task's", "other": "1"}, "RequestBody": `+body+`}`))
		if err == nil && result.Get("ResponseBody").String() != `"{}"` {
			t.Errorf("ResponseBody %s is not the text that the server sent", result.Get("ResponseBody"))
		}
		return err
	}
	if err := call(`{"key": "task's", "other": 1}`); err != nil {
		t.Fatal(err)
	}
	if got.query != "key=own&other=1" || got.body != `{"key":"own","other":1}` || got.header.Get("Key") != "own" || got.header.Get("Other") != "1" {
		t.Errorf("the server was told %+v", got)
	}
	raised(t, call(`"text"`), "States.Runtime", "connection")
}

func TestForm(t *testing.T) {
	for format, want := range map[string]string{
		"":         "list%5B0%5D=a+b&list%5B1%5D=2&in%5Bx%5D=true",
		"INDICES":  "list%5B0%5D=a+b&list%5B1%5D=2&in%5Bx%5D=true",
		"REPEAT":   "list=a+b&list=2&in%5Bx%5D=true",
		"COMMAS":   "list=a+b%2C2&in%5Bx%5D=true",
		"BRACKETS": "list%5B%5D=a+b&list%5B%5D=2&in%5Bx%5D=true",
	} {
		client, got, host := serve(t, 200, "", "")
		_, err := client.Invoke().Call(t.Context(), &asl.Attempt{}, read[httptask.Request](t, `{
			"ApiEndpoint": "https://`+host+`", "Method": "POST", "Authentication": {"ConnectionArn": "connection"},
			"RequestBody": {"list": ["a b", 2], "in": {"x": true}},
			"Transform": {"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": "`+format+`"}}}`))
		if err != nil {
			t.Fatal(err)
		}
		if got.body != want || got.header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("%s: %s as %s, want %s", format, got.body, got.header.Get("Content-Type"), want)
		}
	}
}

func TestInvokeAPI(t *testing.T) {
	client, got, host := serve(t, 200, "application/json", `"HelloWorld"`)
	result, err := client.InvokeAPI().Call(t.Context(), &asl.Attempt{}, read[httptask.APIRequest](t, `{
		"ApiEndpoint": "`+host+`", "Method": "POST", "Stage": "test", "Path": "/@connections/a=b", "AuthType": "IAM_ROLE",
		"Headers": {"custom": ["1", "2"]}, "QueryParameters": {"q": ["x", "y"]}, "RequestBody": {"a": null, "b": [{"c": null}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if text := result.String(); !strings.Contains(text, `"ResponseBody":"HelloWorld","StatusCode":200,"StatusText":"OK"}`) {
		t.Errorf("result %s", text)
	}
	if got.path != "/test/@connections/a=b" || got.query != "q=x&q=y" || got.body != `{"b":[{}]}` {
		t.Errorf("the server was told %+v", got)
	}
	if values := got.header.Values("Custom"); !slices.Equal(values, []string{"1", "2"}) {
		t.Errorf("custom %q", values)
	}
	if signature := got.header.Get("Authorization"); !strings.Contains(signature, "/eu-west-1/execute-api/aws4_request") {
		t.Errorf("signature %q", signature)
	}
	if _, err := client.SendAPI().Send(t.Context(), &asl.Attempt{}, read[httptask.APIRequest](t, `{
		"ApiEndpoint": "`+host+`", "Method": "POST", "AllowNullValues": true, "RequestBody": {"a": null}}`)); err != nil {
		t.Fatal(err)
	}
	if got.body != `{"a":null}` || got.path != "/" && got.path != "" || slices.Contains(slices.Collect(maps.Keys(got.header)), "Authorization") {
		t.Errorf("the server was told %+v", got)
	}
}

func TestInvokeAPIFails(t *testing.T) {
	client, _, host := serve(t, 403, "application/json", `{"message":"Missing Authentication Token"}`)
	call := func(more string) error {
		_, err := client.InvokeAPI().Call(t.Context(), &asl.Attempt{}, read[httptask.APIRequest](t, `{"ApiEndpoint": "`+host+`", "Method": "GET"`+more+`}`))
		return err
	}
	raised(t, call(``), "ApiGateway.403", `{"message":"Missing Authentication Token"}`)
	raised(t, call(`, "Headers": {"Host": ["a"]}`), "States.Runtime", "Host")
	raised(t, call(`, "AuthType": "NONE"`), "States.Runtime", "AuthType")
	role := asl.Attempt{RoleARN: "arn:aws:iam::123456789012:role/other"}
	_, err := client.InvokeAPI().Call(t.Context(), &role, &httptask.APIRequest{ApiEndpoint: host, Method: "GET", AuthType: "IAM_ROLE"})
	raised(t, err, "States.Runtime", "role/other")
	_, err = client.InvokeAPI(httptask.AsRole(func(string) aws.CredentialsProvider { return keys })).Call(t.Context(), &role, &httptask.APIRequest{ApiEndpoint: host, Method: "GET", AuthType: "IAM_ROLE"})
	raised(t, err, "ApiGateway.403", "")
	_, err = client.InvokeAPI().Call(t.Context(), &asl.Attempt{}, &httptask.APIRequest{ApiEndpoint: "a b", Method: "GET"})
	raised(t, err, "States.Runtime", "")
}

// An endpoint that an execution's input may name is not one of the machine's own, unless that is asked for.
func TestLocal(t *testing.T) {
	_, _, host := serve(t, 200, "", "")
	client := httptask.NewFromConfig(aws.Config{})
	_, err := client.InvokeAPI().Call(t.Context(), &asl.Attempt{}, &httptask.APIRequest{ApiEndpoint: host, Method: "GET"})
	raised(t, err, "ApiGateway.SdkClientException", "address of this machine")
	_, err = client.InvokeAPI().Call(t.Context(), &asl.Attempt{}, &httptask.APIRequest{ApiEndpoint: "169.254.169.254", Method: "GET"})
	raised(t, err, "ApiGateway.SdkClientException", "address of this machine")
	_, err = client.Invoke().Call(t.Context(), &asl.Attempt{}, read[httptask.Request](t, `{"ApiEndpoint": "https://`+host+`", "Method": "GET", "Authentication": {"ConnectionArn": "a"}}`))
	raised(t, err, "Events.ConnectionResource.ResourceNotFound", "WithConnections")
}

// The end of the attempt is what it is.
func TestCanceled(t *testing.T) {
	client, _, host := serve(t, 200, "", "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.InvokeAPI().Call(ctx, &asl.Attempt{}, &httptask.APIRequest{ApiEndpoint: host, Method: "GET"}); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}
