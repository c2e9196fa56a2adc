package ecsfake

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

// Client returns an SDK client of a server made by [Start]. It does not repeat failed calls, since that would wait on the
// wall clock and hide the faults that a test injects; an option can set another Retryer.
func (s *Server) Client(options ...func(*ecs.Options)) *ecs.Client {
	return ecs.New(ecs.Options{
		Region:       s.options.Region,
		BaseEndpoint: aws.String(s.URL()),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "ecsfake", SecretAccessKey: "ecsfake"}, nil
		}),
		Retryer:    aws.NopRetryer{},
		HTTPClient: &http.Client{Transport: patientTransport{s.transport}},
	}, options...)
}

// patientTransport sends requests with a body of its own. The SDK closes its body as soon as the answer begins, and that
// body then fails (smithy-go 1.28: WriteTo returns io.EOF) while net/http still looks whether it is at its end. net/http
// takes this for a failed request and closes the connection, in the middle of an answer that comes as fast as here.
type patientTransport struct{ base *http.Transport }

func (t patientTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		data, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(data))
	}
	return t.base.RoundTrip(r)
}
