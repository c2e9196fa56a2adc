package httptask_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/httptask"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// cluster answers calls of the Kubernetes API by their methods and paths, and notes the calls.
type cluster struct {
	answers map[string][]string // the bodies, of which the last is given again; one of digits is a status
	calls   []string
	header  http.Header // of the last call
	body    string
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	call := r.Method + " " + r.URL.RequestURI()
	c.calls, c.header, c.body = append(c.calls, call), r.Header, string(body)
	all := c.answers[call]
	if len(all) == 0 {
		all = []string{"404"}
	}
	if len(all) > 1 {
		c.answers[call] = all[1:]
	}
	status := map[string]int{"401": 401, "403": 403, "404": 404, "409": 409, "429": 429, "500": 500, "302": 302}[all[0]]
	if status == 302 {
		w.Header().Set("Location", "/elsewhere")
	}
	if status != 0 {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"code":`+all[0]+`}`)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if strings.Contains(call, "/log") {
		w.Header().Set("Content-Type", "text/plain")
	}
	_, _ = io.WriteString(w, all[0])
}

// at returns where a cluster is, and a client that may call it there.
func at(t *testing.T, c *cluster, options ...httptask.Option) (client *httptask.Client, authority, endpoint string) {
	t.Helper()
	server := httptest.NewTLSServer(c)
	t.Cleanup(server.Close)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	options = append([]httptask.Option{httptask.WithTransport(&http.Transport{})}, options...)
	client = httptask.NewFromConfig(aws.Config{Region: "eu-west-1", Credentials: keys}, options...)
	return client, base64.StdEncoding.EncodeToString(certificate), server.URL
}

// A call goes to the cluster with a token that says who calls.
func TestKubernetes(t *testing.T) {
	const pods = "GET /api/v1/namespaces/default/pods?labelSelector=job-name%3Dpi"
	c := &cluster{answers: map[string][]string{pods: {`{"items":[]}`}}}
	client, authority, endpoint := at(t, c)
	got, err := client.CallKubernetes().Call(t.Context(), &asl.Attempt{}, &httptask.KubernetesRequest{
		ClusterName: "c", CertificateAuthority: authority, Endpoint: endpoint + "/", Method: "GET", Path: "/api/v1/namespaces/default/pods",
		QueryParameters: map[string][]string{"labelSelector": {"job-name=pi"}},
	})
	if want := `{"ResponseBody":{"items":[]},"StatusCode":200,"StatusText":"OK"}`; err != nil || got.String() != want {
		t.Errorf("%s, %v", got, err)
	}
	token, ok := strings.CutPrefix(c.header.Get("Authorization"), "Bearer k8s-aws-v1.")
	text, err := base64.RawURLEncoding.DecodeString(token)
	signed, parsed := url.Parse(string(text))
	if !ok || err != nil || parsed != nil {
		t.Fatalf("the token is %q: %v, %v", token, err, parsed)
	}
	query := signed.Query()
	if signed.Host != "sts.eu-west-1.amazonaws.com" || query.Get("Action") != "GetCallerIdentity" || query.Get("X-Amz-Expires") != "60" ||
		query.Get("X-Amz-SignedHeaders") != "host;x-k8s-aws-id" || !strings.HasPrefix(query.Get("X-Amz-Credential"), "AKIDEXAMPLE/") || query.Get("X-Amz-Signature") == "" {
		t.Errorf("the token is %s", signed)
	}
}

func TestKubernetesBody(t *testing.T) {
	for _, row := range []struct{ method, body, sent, contentType string }{
		{"POST", `{"kind":"ConfigMap"}`, `{"kind":"ConfigMap"}`, "application/json"},
		{"POST", `"{\"kind\": 1}"`, `{"kind": 1}`, "application/json"},
		{"PATCH", `[{"op":"add"}]`, `[{"op":"add"}]`, "application/json-patch+json"},
		{"PATCH", `{"a":1}`, `{"a":1}`, "application/merge-patch+json"},
	} {
		c := &cluster{answers: map[string][]string{row.method + " /x": {"{}"}}}
		client, authority, endpoint := at(t, c)
		in := &httptask.KubernetesRequest{CertificateAuthority: authority, Endpoint: endpoint, Method: row.method, Path: "x", RequestBody: value.MustParse(row.body)}
		if _, err := client.CallKubernetes().Call(t.Context(), &asl.Attempt{}, in); err != nil {
			t.Error(err)
		}
		if c.body != row.sent || c.header.Get("Content-Type") != row.contentType {
			t.Errorf("%s of %s sends %s as %s", row.method, row.body, c.body, c.header.Get("Content-Type"))
		}
	}
}

func TestKubernetesFails(t *testing.T) {
	c := &cluster{answers: map[string][]string{"GET /401": {"401"}, "GET /302": {"302"}, "GET /large": {`"` + strings.Repeat("x", 256<<10) + `"`}}}
	client, authority, endpoint := at(t, c)
	for _, row := range []struct {
		what          string
		in            httptask.KubernetesRequest
		client        *httptask.Client
		error, causes string
	}{
		{"status", httptask.KubernetesRequest{Path: "/401"}, client, "EKS.401", `{"ResponseBody":{"code":401},"StatusCode":401,"StatusText":"Unauthorized"}`},
		{"redirect", httptask.KubernetesRequest{Path: "/302"}, client, "EKS.302", `"StatusCode":302`},
		{"large answer", httptask.KubernetesRequest{Path: "/large"}, client, "States.DataLimitExceeded", "262144 bytes"},
		{"plain HTTP", httptask.KubernetesRequest{Endpoint: "http://127.0.0.1"}, client, "States.Runtime", "begins with https://"},
		{"no authority", httptask.KubernetesRequest{CertificateAuthority: "eA=="}, client, "States.Runtime", "is not a certificate"},
		{"another authority", httptask.KubernetesRequest{CertificateAuthority: stranger(t)}, client, "EKS.SdkClientException", "certificate"},
		{"nobody", httptask.KubernetesRequest{Endpoint: "https://127.0.0.1:1"}, client, "EKS.SdkClientException", "refused"},
		{"method", httptask.KubernetesRequest{Method: "A B"}, client, "States.Runtime", "cannot be made"},
		{"no credentials", httptask.KubernetesRequest{}, httptask.NewFromConfig(aws.Config{Region: "eu-west-1"}), "States.Runtime", "has no credentials"},
		{"this machine", httptask.KubernetesRequest{}, httptask.NewFromConfig(aws.Config{Region: "eu-west-1", Credentials: keys}), "EKS.SdkClientException", "address of this machine"},
	} {
		in := row.in
		in.ClusterName = "c"
		if in.Endpoint == "" {
			in.Endpoint = endpoint
		}
		if in.CertificateAuthority == "" {
			in.CertificateAuthority = authority
		}
		_, err := row.client.CallKubernetes().Call(t.Context(), &asl.Attempt{}, &in)
		failedWith(t, row.what, err, row.error, row.causes)
		if err != nil && strings.Contains(err.Error(), "k8s-aws-v1") {
			t.Errorf("%s: the token is told", row.what)
		}
	}
	_, err := client.CallKubernetes().Call(t.Context(), &asl.Attempt{RoleARN: "role"}, &httptask.KubernetesRequest{CertificateAuthority: authority, Endpoint: endpoint})
	failedWith(t, "no roles", err, "States.Runtime", "as the role role")
}

// stranger is an authority that has signed nothing.
func stranger(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))
}

func failedWith(t *testing.T, what string, err error, name, cause string) {
	t.Helper()
	raised := asl.ErrorOf(err)
	if raised == nil || raised.Name != name || !strings.Contains(raised.Cause, cause) {
		t.Errorf("%s: %v, not %s: %s", what, err, name, cause)
	}
}

// running is a job before its end, complete one after it.
const (
	running  = `{"metadata":{"name":"pi-1"},"status":{"active":1}}`
	complete = `{"metadata":{"name":"pi-1"},"status":{"conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]}}`
	broken   = `{"metadata":{"name":"pi-1"},"status":{"conditions":[{"type":"Failed","status":"True"}]}}`
)

// The calls of a job.
const (
	jobs    = "/apis/batch/v1/namespaces/sums/jobs"
	pods    = "GET /api/v1/namespaces/sums/pods?labelSelector=job-name%3Dpi-1&limit=10"
	more    = "GET /api/v1/namespaces/sums/pods?continue=more&labelSelector=job-name%3Dpi-1&limit=10"
	logOf   = "GET /api/v1/namespaces/sums/pods/pod/log?container="
	podList = `{"items":[{"metadata":{"name":"pod"},"spec":{"containers":[{"name":"a"},{"name":"b"},{"name":"c"}]}}]}`
)

func TestRunJob(t *testing.T) {
	for _, row := range []struct {
		what, end   string
		options     *httptask.LogOptions
		result      string
		error, also string
	}{
		{what: "no logs", end: complete, result: complete},
		{what: "logs", end: complete, options: &httptask.LogOptions{RetrieveLogs: true}, result: strings.TrimSuffix(complete, "}") +
			`,"logs":{"pods":{"pod":{"containers":{"a":{"log":{"pi":3}},"b":{"log":"text"},"c":{"error":"EKS.500","cause":"{\"ResponseBody\":{\"code\":500},\"StatusCode\":500,\"StatusText\":\"Internal Server Error\"}"}}}}}}`},
		{what: "raw logs", end: broken, options: &httptask.LogOptions{RetrieveLogs: true, RawLogs: true}, error: "States.TaskFailed", also: `"a":{"log":"{\"pi\": 3}"}`},
	} {
		c := &cluster{answers: map[string][]string{
			"POST " + jobs: {running}, "GET " + jobs + "/pi-1": {running, "500", "429", row.end},
			pods: {`{"metadata":{"continue":"more"},"items":[]}`}, more: {podList}, logOf + "a": {`{"pi": 3}`}, logOf + "b": {"text"}, logOf + "c": {"500"},
		}}
		client, authority, endpoint := at(t, c)
		effect := client.RunJobSync(httptask.PollEvery(time.Millisecond))
		started, err := effect.Start(t.Context(), &asl.Attempt{}, &httptask.KubernetesJob{
			ClusterName: "c", CertificateAuthority: authority, Endpoint: endpoint, Namespace: "sums", Job: value.MustParse(`{"kind":"Job"}`), LogOptions: row.options,
		})
		if want := `{"ResponseBody":` + running + `,"StatusCode":200,"StatusText":"OK"}`; err != nil || started.Submitted.String() != want {
			t.Fatalf("%s, %v", started.Submitted, err)
		}
		if err := effect.Stop(t.Context(), started.Handle, "enough"); err != nil {
			t.Error(err)
		}
		got, err := effect.Wait(t.Context(), started.Handle)
		switch {
		case row.error != "":
			failedWith(t, row.what, err, row.error, row.also)
		case err != nil || got.String() != row.result:
			t.Errorf("%s: %s, %v", row.what, got, err)
		}
		if slices.ContainsFunc(c.calls, func(call string) bool { return strings.HasPrefix(call, "DELETE") }) {
			t.Errorf("%s: the job is deleted", row.what)
		}
	}
}

// A job of a state with Credentials is created and asked for as their role, in another process too.
func TestRunJobAsRole(t *testing.T) {
	c := &cluster{answers: map[string][]string{"POST " + jobs: {running}, "GET " + jobs + "/pi-1": {complete}}}
	client, authority, endpoint := at(t, c)
	var asked []string
	effect := func() asl.Job[*httptask.KubernetesJob, asl.Value] {
		return client.RunJobSync(httptask.PollEvery(time.Millisecond), httptask.AsRole(func(role string) aws.CredentialsProvider {
			asked = append(asked, role)
			return keys
		}))
	}
	started, err := effect().Start(t.Context(), &asl.Attempt{RoleARN: "role"}, &httptask.KubernetesJob{
		ClusterName: "c", CertificateAuthority: authority, Endpoint: endpoint, Namespace: "sums", Job: value.MustParse(`{"kind":"Job"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := effect().Wait(t.Context(), started.Handle); err != nil || got.String() != complete {
		t.Errorf("%s, %v", got, err)
	}
	if !slices.Equal(asked, []string{"role", "role"}) {
		t.Errorf("the credentials are those of %q", asked)
	}
}

func TestRunJobFails(t *testing.T) {
	c := &cluster{answers: map[string][]string{"POST /apis/batch/v1/namespaces/default/jobs": {"409", "{}", running}}}
	client, authority, endpoint := at(t, c)
	in := &httptask.KubernetesJob{ClusterName: "c", CertificateAuthority: authority, Endpoint: endpoint, Job: value.MustParse(`"text"`)}
	_, err := client.RunJob().Call(t.Context(), &asl.Attempt{}, in)
	failedWith(t, "it exists", err, "EKS.409", `"StatusCode":409`)
	_, err = client.RunJobSync().Start(t.Context(), &asl.Attempt{}, in)
	failedWith(t, "no name", err, asl.ErrorTaskLost, "named")
	if got, err := client.RunJob().Call(t.Context(), &asl.Attempt{}, in); err != nil || got.Get("ResponseBody").String() != running || c.body != "text" {
		t.Errorf("%s, %v, of %s", got, err, c.body)
	}
	if _, err := client.RunJobSync().Wait(t.Context(), "?"); err == nil {
		t.Error("a handle that is none is waited for")
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(io.EOF)
	if _, err := client.RunJobSync().Wait(ctx, must(json.Marshal(map[string]string{"Name": "x"}))); err != io.EOF {
		t.Error(err)
	}
}

func must(text []byte, err error) string {
	if err != nil {
		panic(err)
	}
	return string(text)
}
