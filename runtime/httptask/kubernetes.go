package httptask

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/roles"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// cluster says where the Kubernetes API of a cluster of Amazon EKS is.
type cluster struct{ ClusterName, CertificateAuthority, Endpoint string }

// KubernetesRequest are the parameters of eks:call (D6).
type KubernetesRequest struct {
	ClusterName          string
	CertificateAuthority string // a certificate in PEM, in base64
	Endpoint             string // a URL that begins with https://

	Method          string
	Path            string              // /api/v1/namespaces/default/pods
	QueryParameters map[string][]string `json:",omitzero"`
	RequestBody     value.Value         `json:",omitzero"` // a text is sent as it is, all else as JSON
}

// KubernetesResponse is the result of a call of the Kubernetes API, and in JSON the cause of the error EKS.<StatusCode> (D6).
type KubernetesResponse struct {
	ResponseBody value.Value // JSON where the answer is, else a text
	StatusCode   int
	StatusText   string
}

// eksError begins the names of errors.
const eksError = "EKS."

// CallKubernetes returns the effect of a task that calls the Kubernetes API of a cluster of Amazon EKS, as the client's credentials are known
// there. Another status than success is the error EKS.<StatusCode>, and a request without an answer EKS.SdkClientException.
func (c *Client) CallKubernetes(options ...TaskOption) asl.Call[*KubernetesRequest, *KubernetesResponse] {
	return asl.Call[*KubernetesRequest, *KubernetesResponse]{Caller: kubernetes{newTask(c, options)}}
}

// kubernetes calls the APIs of clusters.
type kubernetes struct{ task }

func (k kubernetes) Call(ctx context.Context, a *asl.Attempt, in *KubernetesRequest) (value.Value, error) {
	response, err := k.call(ctx, a.RoleARN, cluster{in.ClusterName, in.CertificateAuthority, in.Endpoint}, in)
	if err != nil {
		return value.Value{}, err
	}
	return awsshape.Document(response)
}

// call sends a request to a cluster as a role, "" for the client's own. An answer that is no success is an error.
func (k kubernetes) call(ctx context.Context, roleARN string, to cluster, in *KubernetesRequest) (*KubernetesResponse, error) {
	r, err := in.request(ctx, to)
	if err != nil {
		return nil, err
	}
	transport, err := k.transportTo(to)
	if err != nil {
		return nil, err
	}
	token, err := k.token(ctx, roleARN, to.ClusterName)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	over := *k.http
	over.Transport = transport
	answer, err := (&Client{http: &over}).do(ctx, r, eksError+"SdkClientException")
	if err != nil {
		return nil, err
	}
	response := &KubernetesResponse{answer.ResponseBody, answer.StatusCode, answer.StatusText}
	if answer.succeeded() {
		return response, nil
	}
	document, err := awsshape.Document(response)
	if err != nil {
		return nil, err
	}
	return nil, &asl.Error{Name: statusName(answer.StatusCode), Cause: document.String()}
}

// request returns the request of a call, without its token.
func (in *KubernetesRequest) request(ctx context.Context, of cluster) (*http.Request, error) {
	to, err := url.Parse(strings.TrimSuffix(of.Endpoint, "/") + "/" + strings.TrimPrefix(in.Path, "/"))
	if err != nil || to.Scheme != "https" || to.Host == "" {
		return nil, runtimeError("The Endpoint %q with the Path %q is not a URL that begins with https://", of.Endpoint, in.Path)
	}
	query := to.Query()
	for name, values := range in.QueryParameters {
		query[name] = values
	}
	to.RawQuery = query.Encode()
	body, isText := in.RequestBody.AsString()
	if !isText {
		body = in.RequestBody.String()
	}
	if in.RequestBody.IsAbsent() {
		body = ""
	}
	r, err := http.NewRequestWithContext(ctx, in.Method, to.String(), bytes.NewReader([]byte(body)))
	if err != nil {
		return nil, runtimeError("The request cannot be made: %v", err)
	}
	r.Header.Set("Accept", "application/json, */*")
	if body != "" {
		r.Header.Set("Content-Type", in.contentType())
	}
	return r, nil
}

// contentType returns the type of the body. Kubernetes takes no plain JSON for a patch: a list is one of operations, all else is merged.
func (in *KubernetesRequest) contentType() string {
	switch {
	case in.Method != http.MethodPatch:
		return "application/json"
	case in.RequestBody.Kind() == value.ArrayKind:
		return "application/json-patch+json"
	}
	return "application/merge-patch+json"
}

// transportTo returns what carries requests to a cluster, which proves by its own authority who it is. A transport of the program's own that is
// no [http.Transport] has to know the authority itself. Connections are not kept, for nobody would close them.
func (k kubernetes) transportTo(to cluster) (http.RoundTripper, error) {
	pem, err := base64.StdEncoding.DecodeString(to.CertificateAuthority)
	authorities := x509.NewCertPool()
	if err != nil || !authorities.AppendCertsFromPEM(pem) {
		return nil, runtimeError("The CertificateAuthority of the cluster %s is not a certificate in base64", to.ClusterName)
	}
	own, ok := k.http.Transport.(*http.Transport)
	if !ok {
		return k.http.Transport, nil
	}
	transport := own.Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12}
	transport.DialTLSContext = nil // which would know nothing of the authority
	//lint:ignore SA1019 a program may still have set it
	transport.DialTLS = nil
	transport.DisableKeepAlives = true
	return transport, nil
}

// The token by which a cluster knows who calls it: a signed question to AWS STS who that is, which the cluster asks. It is good for minutes.
const (
	tokenPrefix  = "k8s-aws-v1."
	tokenExpires = "60"
	clusterNamed = "x-k8s-aws-id"
	noBody       = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" // the SHA-256 of nothing
)

// token returns the bearer token of a call to a cluster.
func (k kubernetes) token(ctx context.Context, roleARN, clusterName string) (string, error) {
	provider, err := roles.Credentials(k.roles, roleARN)
	if err != nil {
		return "", err
	}
	if provider == nil {
		provider = k.credentials
	}
	if provider == nil {
		return "", runtimeError("The cluster %s is to know who calls it, and the client has no credentials", clusterName)
	}
	credentials, err := provider.Retrieve(ctx)
	if err != nil {
		return "", &asl.Error{Name: eksError + "SdkClientException", Cause: err.Error()}
	}
	host := "sts." + k.region + ".amazonaws.com"
	if strings.HasPrefix(k.region, "cn-") {
		host += ".cn"
	}
	query := url.Values{"Action": {"GetCallerIdentity"}, "Version": {"2011-06-15"}, "X-Amz-Expires": {tokenExpires}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+host+"/?"+query.Encode(), nil)
	if err != nil {
		return "", runtimeError("The region %q is none", k.region)
	}
	r.Header.Set(clusterNamed, clusterName)
	signed, _, err := v4.NewSigner().PresignHTTP(ctx, credentials, r, noBody, "sts", k.region, time.Now())
	if err != nil {
		return "", &asl.Error{Name: eksError + "SdkClientException", Cause: err.Error()}
	}
	return tokenPrefix + base64.RawURLEncoding.EncodeToString([]byte(signed)), nil
}
