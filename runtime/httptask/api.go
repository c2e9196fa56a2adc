package httptask

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/r-seed-632eed22/aslgen/internal/httpheader"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/roles"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// APIRequest are the parameters of apigateway:invoke (A1).
type APIRequest struct {
	ApiEndpoint     string // the name of a host: id.execute-api.us-east-1.amazonaws.com
	Method          string
	AllowNullValues bool   `json:",omitzero"` // else members of RequestBody that are null are left out
	AuthType        string `json:",omitzero"` // NO_AUTH (if empty), IAM_ROLE, RESOURCE_POLICY

	Headers         map[string][]string `json:",omitzero"`
	Path            string              `json:",omitzero"`
	QueryParameters map[string][]string `json:",omitzero"`
	RequestBody     value.Value         `json:",omitzero"`
	Stage           string              `json:",omitzero"`
}

// InvokeAPI returns the effect of a task that calls an API of Amazon API Gateway.
func (c *Client) InvokeAPI(options ...TaskOption) asl.Call[*APIRequest, *Response] {
	return asl.Call[*APIRequest, *Response]{Caller: apiCaller{newTask(c, options)}}
}

// SendAPI is [Client.InvokeAPI] for a task that waits for its token, which the request hands out.
func (c *Client) SendAPI(options ...TaskOption) asl.Send[*APIRequest] {
	return asl.Send[*APIRequest]{Sender: apiCaller{newTask(c, options)}}
}

type apiCaller struct{ task }

func (c apiCaller) Send(ctx context.Context, a *asl.Attempt, in *APIRequest) (value.Value, error) {
	return c.Call(ctx, a, in)
}

func (c apiCaller) Call(ctx context.Context, a *asl.Attempt, in *APIRequest) (value.Value, error) {
	r, err := in.request(ctx)
	if err != nil {
		return value.Value{}, err
	}
	switch in.AuthType {
	case "", "NO_AUTH":
	case "IAM_ROLE", "RESOURCE_POLICY":
		if err := c.sign(ctx, a, r); err != nil {
			return value.Value{}, err
		}
	default:
		return value.Value{}, runtimeError("The AuthType %q is none", in.AuthType)
	}
	response, err := c.do(ctx, r, "ApiGateway.SdkClientException")
	if err != nil {
		return value.Value{}, err
	}
	if !response.succeeded() {
		return value.Value{}, &asl.Error{Name: fmt.Sprintf("ApiGateway.%d", response.StatusCode), Cause: response.text()}
	}
	return awsshape.Document(response)
}

// request returns the request of a call, without a signature.
func (in *APIRequest) request(ctx context.Context) (*http.Request, error) {
	path := ""
	for _, part := range []string{in.Stage, in.Path} {
		if part = strings.Trim(part, "/"); part != "" {
			path += "/" + part
		}
	}
	to := url.URL{Scheme: "https", Host: in.ApiEndpoint, Path: path, RawQuery: url.Values(in.QueryParameters).Encode()}
	var body []byte
	if !in.RequestBody.IsAbsent() {
		document := in.RequestBody
		if !in.AllowNullValues {
			document = withoutNull(document)
		}
		body = []byte(document.String())
	}
	r, err := http.NewRequestWithContext(ctx, in.Method, to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, runtimeError("The request cannot be made: %v", err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, setHeaders(r, in.Headers, httpheader.ForbiddenOfAPI)
}

// withoutNull returns a document without the members that are null.
func withoutNull(v value.Value) value.Value {
	switch v.Kind() {
	case value.ObjectKind:
		var members []value.Member
		for name, m := range v.Members() {
			if m.Kind() != value.NullKind {
				members = append(members, value.Field(name, withoutNull(m)))
			}
		}
		return value.Object(members...)
	case value.ArrayKind:
		var elements []value.Value
		for _, e := range v.Elements() {
			elements = append(elements, withoutNull(e))
		}
		return value.Array(elements...)
	}
	return v
}

// sign signs a request for API Gateway as the state's role, or with the client's own credentials.
func (c apiCaller) sign(ctx context.Context, a *asl.Attempt, r *http.Request) error {
	provider, err := roles.Credentials(c.roles, a.RoleARN)
	if err != nil {
		return err
	}
	if provider == nil {
		provider = c.credentials
	}
	if provider == nil {
		return runtimeError("The request to %s is to be signed, and the client has no credentials", r.URL.Host)
	}
	credentials, err := provider.Retrieve(ctx)
	if err != nil {
		return &asl.Error{Name: "ApiGateway.SdkClientException", Cause: err.Error()}
	}
	body, err := r.GetBody()
	if err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, body); err != nil {
		return err
	}
	return v4.NewSigner().SignHTTP(ctx, credentials, r, hex.EncodeToString(sum.Sum(nil)), "execute-api", c.regionOf(r.URL.Host), time.Now())
}

// regionOf returns the region of an API, which its host's name says if it is API Gateway's own.
func (c *Client) regionOf(host string) string {
	if parts := strings.Split(host, "."); len(parts) >= 4 && parts[1] == "execute-api" {
		return parts[2]
	}
	return c.region
}
