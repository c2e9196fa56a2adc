package compiled

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/emr"
	emrtypes "github.com/aws/aws-sdk-go-v2/service/emr/types"
	"github.com/aws/aws-sdk-go-v2/service/emrserverless"
	emrserverlesstypes "github.com/aws/aws-sdk-go-v2/service/emrserverless/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awstask"
	"github.com/r-seed-632eed22/aslgen/runtime/httptask"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// clouds answers as Amazon EMR, EMR Serverless, EKS and a cluster's Kubernetes do. Of answers to one call the last is given again; one that
// begins with a number is an error.
type clouds struct {
	answers map[string][]string
	calls   []string
	bodies  map[string]string
}

func (c *clouds) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	call := r.Header.Get("X-Amz-Target")
	if call == "" {
		call = r.Method + " " + r.URL.Path
	}
	c.calls = append(c.calls, call)
	c.bodies[call] = string(body)
	all := c.answers[call]
	if len(all) == 0 {
		all = []string{"404 {}"}
	}
	if len(all) > 1 {
		c.answers[call] = all[1:]
	}
	status, text := 200, all[0]
	if _, err := fmt.Sscanf(text, "%d ", &status); err == nil {
		_, text, _ = strings.Cut(text, " ")
		w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
	}
	if !strings.HasSuffix(call, "/log") {
		w.Header().Set("Content-Type", "application/json")
	}
	w.Header().Set("X-Amzn-Requestid", "request")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

func newClouds(endpoint, authority string) *clouds {
	cluster := func(status string) string {
		return fmt.Sprintf(`{"cluster": {"name": "sums", "status": %q, "endpoint": %q, "certificateAuthority": {"data": %q}}}`, status, endpoint, authority)
	}
	emrCluster := func(state string) string {
		return fmt.Sprintf(`{"Cluster": {"Id": "j-1", "Status": {"State": %q}}}`, state)
	}
	return &clouds{bodies: map[string]string{}, answers: map[string][]string{
		"ElasticMapReduce.RunJobFlow":               {`{"JobFlowId": "j-1", "ClusterArn": "arn"}`},
		"ElasticMapReduce.DescribeCluster":          {emrCluster("STARTING"), emrCluster("WAITING"), emrCluster("TERMINATING"), emrCluster("TERMINATED")},
		"ElasticMapReduce.SetTerminationProtection": {""},
		"ElasticMapReduce.AddJobFlowSteps":          {`{"StepIds": ["s-1"]}`},
		"ElasticMapReduce.DescribeStep":             {`{"Step": {"Id": "s-1", "Status": {"State": "PENDING"}}}`, `{"Step": {"Id": "s-1", "Status": {"State": "COMPLETED"}}}`},
		"ElasticMapReduce.CancelSteps":              {`{"CancelStepsInfoList": [{"StepId": "s-1", "Status": "FAILED"}]}`},
		"ElasticMapReduce.TerminateJobFlows":        {""},

		"POST /clusters":        {cluster("CREATING")},
		"GET /clusters/sums":    {cluster("CREATING"), cluster("ACTIVE"), cluster("DELETING"), `404 {"message": "No cluster found for name: sums."}`},
		"DELETE /clusters/sums": {cluster("DELETING")},

		"POST /apis/batch/v1/namespaces/default/jobs":      {`{"metadata": {"name": "pi"}}`},
		"GET /apis/batch/v1/namespaces/default/jobs/pi":    {`{"metadata": {"name": "pi"}}`, `{"metadata": {"name": "pi"}, "status": {"conditions": [{"type": "Complete", "status": "True"}]}}`},
		"GET /api/v1/namespaces/default/pods":              {`{"items": [{"metadata": {"name": "pod"}, "spec": {"containers": [{"name": "c"}]}}]}`},
		"GET /api/v1/namespaces/default/pods/pod/log":      {`{"pi": 3.14}`},
		"DELETE /apis/batch/v1/namespaces/default/jobs/pi": {`{"status": "Success"}`},

		"POST /applications":           {`{"applicationId": "a-1", "arn": "arn"}`},
		"GET /applications/a-1":        {`{"application": {"applicationId": "a-1", "state": "CREATING"}}`, `{"application": {"applicationId": "a-1", "state": "CREATED"}}`},
		"POST /applications/a-1/start": {`{}`},
	}}
}

// tasks are those of the machine at services of the test's own, with jobs that are asked for often.
func tasks(t *testing.T) (ClustersTasks, *clouds) {
	t.Helper()
	var c *clouds
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	c = newClouds(server.URL, base64.StdEncoding.EncodeToString(certificate))
	configuration := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL), HTTPClient: server.Client(),
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""), Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
	clients := NewClustersClients(configuration)
	clients.HTTP = httptask.NewFromConfig(configuration, httptask.WithTransport(&http.Transport{}))
	tasks := NewClustersTasks(clients)
	often := awstask.PollEvery(time.Millisecond)
	tasks.Create = awstask.Sync[*emr.DescribeClusterOutput]("elasticmapreduce:createCluster.sync", clients.EMR.RunJobFlow, clients.EMR.DescribeCluster, clients.EMR.TerminateJobFlows, often)
	tasks.Add = awstask.Sync[*emr.DescribeStepOutput]("elasticmapreduce:addStep.sync", clients.EMR.AddJobFlowSteps, clients.EMR.DescribeStep, clients.EMR.CancelSteps, often)
	tasks.Terminate = awstask.Sync[*emr.DescribeClusterOutput]("elasticmapreduce:terminateCluster.sync", clients.EMR.TerminateJobFlows, clients.EMR.DescribeCluster, awstask.NotStopped, often)
	tasks.CreateEKS = awstask.Sync[*eks.DescribeClusterOutput]("eks:createCluster.sync", clients.EKS.CreateCluster, clients.EKS.DescribeCluster, awstask.NotStopped, often)
	tasks.DeleteEKS = awstask.Sync[*eks.DescribeClusterOutput]("eks:deleteCluster.sync", clients.EKS.DeleteCluster, clients.EKS.DescribeCluster, awstask.NotStopped, often)
	tasks.Run = clients.HTTP.RunJobSync(httptask.PollEvery(time.Millisecond))
	tasks.CreateApplication = awstask.Sync[*emrserverless.GetApplicationOutput]("emr-serverless:createApplication.sync",
		clients.EMRServerless.CreateApplication, clients.EMRServerless.GetApplication, clients.EMRServerless.DeleteApplication, often)
	return tasks, c
}

func run(t *testing.T, tasks ClustersTasks) (string, error) {
	t.Helper()
	machine, err := NewClusters(memory.New(), tasks)
	if err != nil {
		t.Fatal(err)
	}
	got, err := machine.Run(t.Context(), ClustersInput{Args: value.MustParse(`["1", "2"]`)})
	return got.String(), err
}

const done = `{"args":["1","2"],"emr":{"ClusterId":"j-1","State":"WAITING"},"step":{"StepId":"s-1","State":"COMPLETED"},"cancelled":{"Status":"FAILED"},` +
	`"eks":{"Status":"DELETING"},"job":{"pi":[3.14]},"deleted":{"status":"Success"},"application":{"ApplicationId":"a-1"},"started":{"ApplicationId":"a-1"}}`

func TestClusters(t *testing.T) {
	tasks, c := tasks(t)
	got, err := run(t, tasks)
	if err != nil || got != done {
		t.Errorf("%s, %v", got, err)
	}
	for call, body := range map[string]string{
		"ElasticMapReduce.AddJobFlowSteps":          `{"JobFlowId":"j-1","Steps":[{"ActionOnFailure":"CONTINUE","HadoopJarStep":{"Args":["1","2"],"Jar":"command-runner.jar"},"Name":"sum"}]}`,
		"ElasticMapReduce.CancelSteps":              `{"ClusterId":"j-1","StepIds":["s-1"]}`,
		"ElasticMapReduce.DescribeStep":             `{"ClusterId":"j-1","StepId":"s-1"}`,
		"ElasticMapReduce.SetTerminationProtection": `{"JobFlowIds":["j-1"],"TerminationProtected":false}`,
		"ElasticMapReduce.TerminateJobFlows":        `{"JobFlowIds":["j-1"]}`,
	} {
		if c.bodies[call] != body {
			t.Errorf("%s is called with %s", call, c.bodies[call])
		}
	}
	for _, call := range c.calls {
		if call == "DELETE /applications/a-1" {
			t.Error("the application is deleted")
		}
	}
}

// A step that fails goes to the catcher with what DescribeStep tells of it; the service's errors have the integration's names.
func TestFailures(t *testing.T) {
	tasks, c := tasks(t)
	c.answers["ElasticMapReduce.DescribeStep"] = []string{`{"Step": {"Id": "s-1", "Status": {"State": "FAILED"}}}`}
	c.answers["POST /clusters"] = []string{`404 {"message": "no"}`}
	_, err := run(t, tasks)
	if failed := asl.ErrorOf(err); failed == nil || failed.Name != "EKS.ResourceNotFoundException" {
		t.Error(err)
	}
	if len(c.bodies["ElasticMapReduce.CancelSteps"]) > 0 || len(c.bodies["ElasticMapReduce.TerminateJobFlows"]) == 0 {
		t.Error(c.calls)
	}
	c.answers["ElasticMapReduce.RunJobFlow"] = []string{`400 {"__type": "ThrottlingException", "message": "slower"}`}
	_, err = run(t, tasks)
	if failed := asl.ErrorOf(err); failed == nil || !strings.HasPrefix(failed.Name, "EMR.") {
		t.Error(err)
	}
}

// Mocks have the SDK's types, and their results get the integration's form.
func TestMocks(t *testing.T) {
	emrCluster := func(state emrtypes.ClusterState) (*emr.DescribeClusterOutput, error) {
		return &emr.DescribeClusterOutput{Cluster: &emrtypes.Cluster{Id: aws.String("j-1"), Status: &emrtypes.ClusterStatus{State: state}}}, nil
	}
	eksCluster := func(status ekstypes.ClusterStatus) (*eks.DescribeClusterOutput, error) {
		return &eks.DescribeClusterOutput{Cluster: &ekstypes.Cluster{
			Status: status, Endpoint: aws.String("https://cluster"), CertificateAuthority: &ekstypes.Certificate{Data: aws.String("data")},
		}}, nil
	}
	got, err := run(t, ClustersTasks{
		Create: asl.JobFunc(func(_ context.Context, in *emr.RunJobFlowInput) (*emr.DescribeClusterOutput, error) {
			if *in.Name != "sums" || !*in.Instances.KeepJobFlowAliveWhenNoSteps {
				t.Errorf("%+v", in)
			}
			return emrCluster(emrtypes.ClusterStateWaiting)
		}),
		Protect: asl.CallFunc(func(_ context.Context, in *emr.SetTerminationProtectionInput) (*emr.SetTerminationProtectionOutput, error) {
			if len(in.JobFlowIds) != 1 || in.JobFlowIds[0] != "j-1" {
				t.Errorf("%+v", in)
			}
			return &emr.SetTerminationProtectionOutput{}, nil
		}),
		Add: asl.JobFunc(func(_ context.Context, in *emr.AddJobFlowStepsInput) (*emr.DescribeStepOutput, error) {
			if *in.JobFlowId != "j-1" || len(in.Steps) != 1 || in.Steps[0].HadoopJarStep.Args[1] != "2" {
				t.Errorf("%+v", in)
			}
			return &emr.DescribeStepOutput{Step: &emrtypes.Step{Id: aws.String("s-1"), Status: &emrtypes.StepStatus{State: emrtypes.StepStateCompleted}}}, nil
		}),
		Cancel: asl.CallFunc(func(_ context.Context, in *emr.CancelStepsInput) (*emr.CancelStepsOutput, error) {
			return &emr.CancelStepsOutput{CancelStepsInfoList: []emrtypes.CancelStepsInfo{{StepId: &in.StepIds[0], Status: emrtypes.CancelStepsRequestStatusFailed}}}, nil
		}),
		Terminate: asl.JobFunc(func(context.Context, *emr.TerminateJobFlowsInput) (*emr.DescribeClusterOutput, error) {
			return emrCluster(emrtypes.ClusterStateTerminated)
		}),
		CreateEKS: asl.JobFunc(func(context.Context, *eks.CreateClusterInput) (*eks.DescribeClusterOutput, error) {
			return eksCluster(ekstypes.ClusterStatusActive)
		}),
		Run: asl.JobFunc(func(_ context.Context, in *httptask.KubernetesJob) (asl.Value, error) {
			if in.Endpoint != "https://cluster" || in.CertificateAuthority != "data" || !in.LogOptions.RetrieveLogs {
				t.Errorf("%+v", in)
			}
			return value.MustParse(`{"logs": {"pods": {"pod": {"containers": {"c": {"log": {"pi": 3.14}}}}}}}`), nil
		}),
		DeleteJob: asl.CallFunc(func(context.Context, *httptask.KubernetesRequest) (*httptask.KubernetesResponse, error) {
			return &httptask.KubernetesResponse{ResponseBody: value.MustParse(`{"status": "Success"}`), StatusCode: 200, StatusText: "OK"}, nil
		}),
		DeleteEKS: asl.JobFunc(func(context.Context, *eks.DeleteClusterInput) (*eks.DescribeClusterOutput, error) {
			return eksCluster(ekstypes.ClusterStatusDeleting)
		}),
		CreateApplication: asl.JobFunc(func(context.Context, *emrserverless.CreateApplicationInput) (*emrserverless.GetApplicationOutput, error) {
			return &emrserverless.GetApplicationOutput{Application: &emrserverlesstypes.Application{ApplicationId: aws.String("a-1")}}, nil
		}),
		StartApplication: asl.CallFunc(func(context.Context, *emrserverless.StartApplicationInput) (*emrserverless.StartApplicationOutput, error) {
			return &emrserverless.StartApplicationOutput{}, nil
		}),
	})
	if err != nil || got != done {
		t.Errorf("%s, %v", got, err)
	}
}
