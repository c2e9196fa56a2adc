package ecsjobs_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/internal/moto"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// motoClient returns a client of Amazon ECS as moto simulates it. Its tasks run no containers: they go to the next status each time that they are
// described.
func motoClient(t *testing.T) (client *ecs.Client, url string) {
	t.Helper()
	url = moto.Start(t)
	if err := moto.Post(t.Context(), url, "/moto-api/state-manager/set-transition", `{"model_name": "ecs::task", "transition": {"progression": "manual", "times": 1}}`); err != nil {
		t.Fatal(err)
	}
	return ecs.New(ecs.Options{
		Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""), HTTPClient: texts{},
	}), url
}

// texts makes texts of the sizes of containers, which moto answers as numbers: the SDK reads them as ECS has them.
type texts struct{}

var sizes = regexp.MustCompile(`("(?:cpu|memory|memoryReservation)": ?)(\d+)`)

func (texts) Do(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultClient.Do(r)
	if target := r.Header.Get("X-Amz-Target"); err != nil || !strings.HasSuffix(target, ".RunTask") && !strings.HasSuffix(target, ".DescribeTasks") {
		return answer, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	body = sizes.ReplaceAll(body, []byte(`$1"$2"`))
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return answer, nil
}

// instance starts an instance of Amazon EC2 for tasks, and returns its id.
func instance(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("Action=RunInstances&Version=2016-11-15&ImageId=ami-12c6146b&MinCount=1&MaxCount=1"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	// By which moto knows the service; it checks no signature.
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=id/20260102/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=none")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(`<instanceId>(.*?)</instanceId>`).FindSubmatch(body)
	if id == nil {
		t.Fatalf("%s", body)
	}
	return string(id[1])
}

// TestMoto runs the machines as they are against moto.
func TestMoto(t *testing.T) {
	client, url := motoClient(t)
	if _, err := client.CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("cluster-arn")}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{Family: aws.String("job-id"), ContainerDefinitions: []types.ContainerDefinition{{
		Name: aws.String("container-name"), Image: aws.String("busybox"), Memory: aws.Int32(64),
	}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.RegisterContainerInstance(t.Context(), &ecs.RegisterContainerInstanceInput{
		Cluster: aws.String("cluster-arn"), InstanceIdentityDocument: aws.String(`{"instanceId": "` + instance(t, url) + `"}`),
	}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	engine, tasks := memory.New(), ecstask.New(client, ecstask.PollEvery(50*time.Millisecond))
	job, err := ecsjobs.NewRunJob(engine, ecsjobs.NewRunJobTasks(ecsjobs.RunJobClients{ECS: tasks}))
	if err != nil {
		t.Fatal(err)
	}
	x, err := job.StartDocument(ctx, value.MustParse(`{"commands": ["one"]}`))
	if err != nil {
		t.Fatal(err)
	}
	output, err := x.Running().Wait(ctx)
	if status, _ := output.Get("LastStatus").AsString(); err != nil || status != "STOPPED" {
		t.Errorf("%s, %v", output, err)
	}
	command := output.Get("Overrides").Get("ContainerOverrides").At(0).Get("Command")
	if by, _ := output.Get("StartedBy").AsString(); command.String() != `["one"]` || by != "AWS Step Functions" {
		t.Errorf("the task is started by %s, with the command %s", by, command)
	}
	manage, err := ecsjobs.NewManageJob(engine, ecsjobs.NewManageJobTasks(ecsjobs.ManageJobClients{ECS: tasks}))
	if err != nil {
		t.Fatal(err)
	}
	go answer(ctx, client, engine)
	answered, err := manage.StartDocument(ctx, value.EmptyObject)
	if err != nil {
		t.Fatal(err)
	}
	if output, err = answered.Running().Wait(ctx); err != nil || output.String() != `{"by":"the container"}` {
		t.Errorf("%s, %v", output, err)
	}
}

// answer does what a container would: it reports to the task token in its environment.
func answer(ctx context.Context, client *ecs.Client, engine *memory.Engine) {
	for ctx.Err() == nil {
		tasks, err := client.ListTasks(ctx, &ecs.ListTasksInput{Cluster: aws.String("cluster-arn")})
		if err != nil || len(tasks.TaskArns) == 0 {
			continue
		}
		found, err := client.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: aws.String("cluster-arn"), Tasks: tasks.TaskArns})
		if err != nil {
			continue
		}
		for _, task := range found.Tasks {
			if environment := task.Overrides.ContainerOverrides[0].Environment; len(environment) > 0 {
				_ = engine.SendTaskSuccess(ctx, *environment[0].Value, value.MustParse(`{"by": "the container"}`))
				return
			}
		}
	}
}
