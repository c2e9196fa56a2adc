package httptask_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/httptask"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// A cluster that refuses to say how a job is ends the task with its refusal, after a minute; one that does so for a moment does not.
func TestRunJobRefused(t *testing.T) {
	for answers, want := range map[string]string{"403": "EKS.403", "401": "EKS.401", "404": asl.ErrorTaskLost, "500 403 403 429 " + complete: ""} {
		c := &cluster{answers: map[string][]string{"POST " + jobs: {running}, "GET " + jobs + "/pi-1": strings.SplitN(answers, " ", 5)}}
		client, authority, endpoint := at(t, c)
		driven := clock.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
		begin := driven.Now()
		effect := client.RunJobSync(httptask.Clock(driven))
		var err error
		driven.Run(clock.NewContext(t.Context(), driven), func(ctx context.Context) {
			var started asl.Started
			started, err = effect.Start(ctx, &asl.Attempt{}, &httptask.KubernetesJob{
				ClusterName: "c", CertificateAuthority: authority, Endpoint: endpoint, Namespace: "sums", Job: value.MustParse(`{"kind":"Job"}`),
			})
			if err == nil {
				_, err = effect.Wait(ctx, started.Handle)
			}
		})
		if want == "" && err != nil {
			t.Errorf("%s: %v", answers, err)
		}
		if took := driven.Now().Sub(begin); want != "" && (took < time.Minute || took > 90*time.Second) {
			t.Errorf("%s: it took %v", answers, took)
		}
		if want != "" {
			failedWith(t, answers, err, want, answers)
		}
	}
}

// An attempt whose start is repeated goes on with the job that it has created; a job of another has its name for itself.
func TestRunJobAgain(t *testing.T) {
	attempt, other := (&asl.Frame{}).NewAttempt("a"), (&asl.Frame{State: "Other"}).NewAttempt("a")
	c := &cluster{answers: map[string][]string{"POST " + jobs: {running}}}
	client, authority, endpoint := at(t, c)
	in := &httptask.KubernetesJob{
		ClusterName: "c", CertificateAuthority: authority, Endpoint: endpoint, Namespace: "sums",
		Job: value.MustParse(`{"kind":"Job","metadata":{"name":"pi-1","annotations":{"mine":"1"}}}`),
	}
	first, err := client.RunJobSync().Start(t.Context(), attempt, in)
	if err != nil {
		t.Fatal(err)
	}
	sent := value.MustParse(c.body)
	if text := sent.Get("metadata").Get("annotations").Get("mine").String(); text != `"1"` {
		t.Errorf("%s is sent", sent)
	}
	c.answers = map[string][]string{"POST " + jobs: {"409"}, "GET " + jobs + "/pi-1": {c.body}}
	again, err := client.RunJobSync().Start(t.Context(), attempt, in)
	if err != nil || again.Handle != first.Handle {
		t.Errorf("%q, %v, not %q", again.Handle, err, first.Handle)
	}
	if got, err := client.RunJob().Call(t.Context(), attempt, in); err != nil || got.Get("ResponseBody").String() != sent.String() {
		t.Errorf("%s, %v", got, err)
	}
	_, err = client.RunJobSync().Start(t.Context(), other, in)
	failedWith(t, "another attempt", err, "EKS.409", "409")
	c.answers["GET "+jobs+"/pi-1"] = []string{running}
	_, err = client.RunJobSync().Start(t.Context(), &asl.Attempt{}, in)
	failedWith(t, "a job of nobody's", err, "EKS.409", "409")
	c.answers["GET "+jobs+"/pi-1"] = []string{"403"}
	_, err = client.RunJobSync().Start(t.Context(), attempt, in)
	failedWith(t, "it cannot be looked at", err, "EKS.409", "409")
}
