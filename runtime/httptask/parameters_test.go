package httptask_test

import (
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/httptask"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// What stands in place of a text is sent as its text, as the check of machines says; a text in place of a list is refused, as it says too.
func TestTextOfParameters(t *testing.T) {
	const logs = "GET /api/v1/namespaces/7/pods?labelSelector=job-name%3Dpi&limit=10"
	const log = "GET /api/v1/namespaces/7/pods/a/log?container=c&limitBytes=%7B%22a%22%3A1%7D&tailLines=10&tailLines=true"
	const job = `{"metadata":{"name":"pi"},"status":{"conditions":[{"type":"Complete","status":"True"}]}}`
	c := &cluster{answers: map[string][]string{
		"GET /api?b=1.50&limit=5&none=&word=a":    {"{}"},
		"POST /apis/batch/v1/namespaces/7/jobs":   {job},
		"GET /apis/batch/v1/namespaces/7/jobs/pi": {job},
		logs: {`{"items":[{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c"}]}}]}`},
		log:  {"1"},
	}}
	client, authority, endpoint := at(t, c)
	to := `"ClusterName": 1, "CertificateAuthority": "` + authority + `", "Endpoint": "` + endpoint + `"`

	call := table.DecodedCall(client.CallKubernetes())
	_, err := call.Call(t.Context(), &asl.Attempt{}, value.MustParse(`{`+to+`, "Method": "GET", "Path": "/api",
		"QueryParameters": {"limit": [5], "b": [1.50], "word": ["a"], "none": [null]}}`))
	if err != nil {
		t.Errorf("%v, of the calls %q", err, c.calls)
	}
	_, err = call.Call(t.Context(), &asl.Attempt{}, value.MustParse(`{`+to+`, "Method": "GET", "Path": "/api", "QueryParameters": {"limit": "5"}}`))
	raised(t, err, "States.Runtime", "could not be used to start the Task")

	run := table.DecodedJob(client.RunJobSync(httptask.PollEvery(time.Millisecond)))
	started, err := run.Start(t.Context(), &asl.Attempt{}, value.MustParse(`{`+to+`, "Namespace": 7, "Job": {},
		"LogOptions": {"RetrieveLogs": true, "LogParameters": {"tailLines": [10, true], "limitBytes": [{"a": 1}]}}}`))
	if err != nil {
		t.Fatalf("%v, of the calls %q", err, c.calls)
	}
	if got, err := run.Wait(t.Context(), started.Handle); err != nil || got.Get("logs").String() != `{"pods":{"a":{"containers":{"c":{"log":1}}}}}` {
		t.Errorf("%s, %v, of the calls %q", got, err, c.calls)
	}

	api, got, host := serve(t, 200, "application/json", `{}`)
	_, err = table.DecodedCall(api.InvokeAPI()).Call(t.Context(), &asl.Attempt{}, value.MustParse(`{"ApiEndpoint": "`+host+`", "Method": "GET",
		"Stage": 1, "Path": true, "Headers": {"n": [1]}, "QueryParameters": {"limit": [5, false]}}`))
	if err != nil || got.path != "/1/true" || got.query != "limit=5&limit=false" || got.header.Get("n") != "1" {
		t.Errorf("%v: the server was told %+v", err, got)
	}
	_, err = table.DecodedSend(api.SendAPI()).Send(t.Context(), &asl.Attempt{}, value.MustParse(`{"ApiEndpoint": "`+host+`", "Method": "GET", "Headers": {"n": 1}}`))
	raised(t, err, "States.Runtime", "could not be used to start the Task")
	if request := read[httptask.Request](t, `{"Authentication": {"ConnectionArn": 1}}`); request.Authentication.ConnectionArn != "1" {
		t.Errorf("the connection is %q", request.Authentication.ConnectionArn)
	}
}
