// Package httptask carries out the tasks that call an HTTP endpoint: http:invoke, apigateway:invoke, and eks:call and eks:runJob, which call the
// Kubernetes API of clusters of Amazon EKS. Generated code wires it:
//
//	tasks.Ask = clients.HTTP.Invoke()
//
// The answers of servers become results and errors as Step Functions gives them: P1 to P4, A1 to A3 and D6 of the rules, which say what is
// recorded of AWS and what is only written about it.
package httptask

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// Timeout is how long an endpoint has for its answer.
const Timeout = 60 * time.Second

// Client calls endpoints. It may be used by many machines at once.
type Client struct {
	http        *http.Client
	connections func(ctx context.Context, connectionARN string) (*Connection, error)
	credentials aws.CredentialsProvider
	region      string
}

// Option changes what a client does.
type Option func(*Client)

// WithConnections sets what gives the credentials of a connection of Amazon EventBridge by its ARN. Without it http:invoke fails with
// Events.ConnectionResource.ResourceNotFound: what a connection holds is a secret of its own in AWS Secrets Manager.
func WithConnections(get func(ctx context.Context, connectionARN string) (*Connection, error)) Option {
	return func(c *Client) { c.connections = get }
}

// WithTransport sets what carries the requests, in place of one that refuses addresses of this machine and of its link: an endpoint that is
// made of an execution's input could name them.
func WithTransport(transport http.RoundTripper) Option {
	return func(c *Client) { c.http.Transport = transport }
}

// NewFromConfig returns a client that signs with the credentials of an AWS configuration, where an API asks for it.
func NewFromConfig(configuration aws.Config, options ...Option) *Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // a proxy would be dialed in place of the endpoint
	transport.DialContext = (&net.Dialer{Timeout: 10 * time.Second, Control: refuseLocal}).DialContext
	c := &Client{
		http: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // credentials stay where they belong
		},
		credentials: configuration.Credentials, region: configuration.Region,
		connections: func(_ context.Context, arn string) (*Connection, error) {
			return nil, &asl.Error{Name: connectionError + "ResourceNotFound", Cause: fmt.Sprintf("No credentials are given for the connection %s: httptask.WithConnections gives them", arn)}
		},
	}
	for _, o := range options {
		o(c)
	}
	return c
}

// refuseLocal refuses to dial addresses that only this machine and its neighbours have.
func refuseLocal(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := to.Addr().Unmap()
	if ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast() {
		return fmt.Errorf("%s is an address of this machine or its link (httptask.WithTransport can allow it)", ip)
	}
	return nil
}

// do sends a request and reads its answer. The error of a request without an answer is raised by the name that lost gives.
func (c *Client) do(ctx context.Context, r *http.Request, lost string) (*Response, error) {
	limited, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	answer, err := c.http.Do(r.WithContext(limited))
	if err == nil {
		var response *Response
		if response, err = read(answer); err == nil {
			return response, nil
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if raised, ok := errors.AsType[*asl.Error](err); ok {
		return nil, raised
	}
	return nil, &asl.Error{Name: lost, Cause: err.Error()}
}

// runtimeError is the error of a task that cannot be carried out as it is: nothing catches it.
func runtimeError(format string, args ...any) error {
	return &asl.Error{Name: asl.ErrorRuntime, Cause: fmt.Sprintf(format, args...)}
}

// setHeaders adds the headers of a task to a request, none of which may be one of the headers that Step Functions keeps for itself.
func setHeaders(r *http.Request, headers map[string][]string, isForbidden func(string) bool) error {
	for name, values := range headers {
		if isForbidden(name) {
			return runtimeError("The header %q is not one that a task may set", name)
		}
		for _, v := range values {
			r.Header.Add(name, v)
		}
	}
	return nil
}
