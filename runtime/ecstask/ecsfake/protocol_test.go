package ecsfake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

// wall returns what tests on the wall clock need.
func wall(t *testing.T, options ecsfake.Options) (context.Context, test, *ecsfake.Server) {
	t.Helper()
	fake := start(t, options)
	return t.Context(), test{t, clock.Wall, fake.Client()}, fake
}

func TestWallClock(t *testing.T) {
	ctx, call, fake := wall(t, ecsfake.Options{})
	define(t, fake, ecsfake.Exits(0, time.Millisecond))
	arn := *call.run(ctx, "job").TaskArn
	if got := exits(call.waitStopped(ctx, fake, arn)); got != exited+"[0]" {
		t.Error(got)
	}
	define(t, fake, ecsfake.Func(func(ctx context.Context, _ ecsfake.Container) int {
		clock.SleepUntil(ctx, clock.Wall, time.Time{})
		return 9
	}))
	arn = *call.run(ctx, "job").TaskArn
	call.stop(ctx, arn, "enough")
	call.waitStopped(ctx, fake, arn)
	if tasks := fake.Running(); tasks != nil {
		t.Errorf("%+v", tasks)
	}
	if _, err := fake.WaitStopped(ctx, "no such task"); err == nil {
		t.Error("waited for no task")
	}
}

// The SDK's own waiter and retries work against the server.
func TestSDKFeatures(t *testing.T) {
	ctx, call, fake := wall(t, ecsfake.Options{})
	define(t, fake, ecsfake.Exits(0, 0))
	patient := fake.Client(func(o *ecs.Options) {
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
	})
	fake.Inject(ecsfake.LoseAnswer(ecsfake.RunTask))
	out, err := patient.RunTask(ctx, &ecs.RunTaskInput{TaskDefinition: aws.String("job")})
	if err != nil || len(fake.Tasks()) != 1 || fake.Count(ecsfake.RunTask) != 2 {
		t.Fatalf("%v, %d tasks", err, len(fake.Tasks()))
	}
	call.waitStopped(ctx, fake, *out.Tasks[0].TaskArn)
	waiter := ecs.NewTasksStoppedWaiter(patient)
	if err := waiter.Wait(ctx, &ecs.DescribeTasksInput{Tasks: []string{*out.Tasks[0].TaskArn}}, time.Minute); err != nil {
		t.Error(err)
	}
}

func TestHandler(t *testing.T) {
	fake := ecsfake.New(ecsfake.Options{})
	defer fake.Close()
	server := httptest.NewServer(fake)
	defer server.Close()
	const target = "AmazonEC2ContainerServiceV20141113."
	for _, request := range []struct {
		method, target, body string
		status               int
		want                 string
	}{
		{"POST", target + "ListTasks", "{}", 400, `"__type":"UnknownOperationException"`},
		{"POST", "DynamoDB.RunTask", "{}", 400, `"__type":"UnknownOperationException"`},
		{"POST", "", "{}", 400, `"__type":"UnknownOperationException"`},
		{"GET", target + "RunTask", "{}", 400, `"__type":"UnknownOperationException"`},
		{"POST", target + "RunTask", "", 400, `"__type":"SerializationException"`},
		{"POST", target + "RunTask", "[]", 400, `"__type":"SerializationException","message":"want an object, have array"`},
		{"POST", target + "RunTask", `{"count":"1"}`, 400, `"message":"count: want a whole number`},
		{"POST", target + "RunTask", `{"a":"` + strings.Repeat("x", 1<<20) + `"}`, 400, "too large"},
		{"POST", target + "RunTask", `{}`, 400, `{"__type":"InvalidParameterException","message":"TaskDefinition can not be`},
		{"POST", target + "StopTask", `{}`, 400, `{"__type":"InvalidParameterException","message":"Task can not be blank.`},
		{"POST", target + "StopTask", `{"task":1}`, 400, `"__type":"SerializationException"`},
		{"POST", target + "DescribeTasks", `{}`, 400, `"message":"Tasks cannot be empty."`},
		{"POST", target + "DescribeTasks", `{"tasks":[null]}`, 400, `"message":"tasks[0]: want a string, have null"`},
		{"POST", target + "RegisterTaskDefinition", `{"family":1}`, 400, `"__type":"SerializationException"`},
		{"POST", target + "RegisterTaskDefinition", `{"family":"job","containerDefinitions":[{"name":"main"}]}`, 200,
			`"taskDefinitionArn":"arn:aws:ecs:us-east-1:123456789012:task-definition/job:1"`},
		{"POST", target + "RunTask", `{"taskDefinition":"job","unknownMember":{}}`, 200, `"enableExecuteCommand":false`},
	} {
		r, _ := http.NewRequestWithContext(t.Context(), request.method, server.URL, strings.NewReader(request.body))
		r.Header.Set("X-Amz-Target", request.target)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != request.status || !strings.Contains(string(body), request.want) {
			t.Errorf("%+.99v: %d %.300s", request, response.StatusCode, body)
		}
		if response.Header.Get("Content-Type") != "application/x-amz-json-1.1" || response.Header.Get("X-Amzn-Requestid") == "" {
			t.Errorf("%v", response.Header)
		}
	}
}

func TestInvalidParameters(t *testing.T) {
	ctx, call, fake := wall(t, ecsfake.Options{Clusters: []string{"default", "jobs"}})
	define(t, fake, ecsfake.Exits(0, -1))
	fake.RegisterTaskDefinition(&ecs.RegisterTaskDefinitionInput{
		Family: aws.String("vpc"), NetworkMode: types.NetworkModeAwsvpc,
		ContainerDefinitions: []types.ContainerDefinition{{Name: aws.String("main")}},
	})
	fake.RegisterTaskDefinition(&ecs.RegisterTaskDefinitionInput{
		Family: aws.String("bridge"), NetworkMode: types.NetworkModeBridge,
		ContainerDefinitions: []types.ContainerDefinition{{Name: aws.String("main")}},
	})
	subnets := func(subnets, groups int) func(*ecs.RunTaskInput) {
		return func(in *ecs.RunTaskInput) {
			in.NetworkConfiguration = &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{
				Subnets: make([]string, subnets), SecurityGroups: make([]string, groups),
			}}
		}
	}
	override := func(o types.ContainerOverride) func(*ecs.RunTaskInput) {
		return func(in *ecs.RunTaskInput) {
			in.Overrides = &types.TaskOverride{ContainerOverrides: []types.ContainerOverride{o}}
		}
	}
	for _, row := range []struct {
		definition, code, message string
		edit                      func(*ecs.RunTaskInput)
	}{
		{"none", "ClientException", "TaskDefinition not found.", nil},
		{"job:2", "ClientException", "TaskDefinition not found.", nil},
		{"job:0", "ClientException", "TaskDefinition not found.", nil},
		{"job:x", "ClientException", "TaskDefinition not found.", nil},
		{"arn:aws:ecs:eu-west-1:123456789012:task-definition/job:1", "ClientException", "TaskDefinition not found.", nil},
		{"job", "ClusterNotFoundException", "Cluster not found.", func(in *ecs.RunTaskInput) { in.Cluster = aws.String("x") }},
		{"job", "", "count is 0", func(in *ecs.RunTaskInput) { in.Count = aws.Int32(0) }},
		{"job", "", "count is 11", func(in *ecs.RunTaskInput) { in.Count = aws.Int32(11) }},
		{"job", "", "clientToken", func(in *ecs.RunTaskInput) { in.ClientToken = aws.String("") }},
		{"job", "", "clientToken", func(in *ecs.RunTaskInput) { in.ClientToken = aws.String("a b") }},
		{"job", "", "clientToken", func(in *ecs.RunTaskInput) { in.ClientToken = aws.String(strings.Repeat("x", 65)) }},
		{"job", "", "startedBy", func(in *ecs.RunTaskInput) { in.StartedBy = aws.String("a.b") }},
		{"job", "", "startedBy", func(in *ecs.RunTaskInput) { in.StartedBy = aws.String(strings.Repeat("x", 129)) }},
		{"job", "", "launchType", func(in *ecs.RunTaskInput) { in.LaunchType = "FAREGATE" }},
		{"job", "", "propagateTags", func(in *ecs.RunTaskInput) { in.PropagateTags = types.PropagateTagsService }},
		{"job", "", "launch type and capacity provider", func(in *ecs.RunTaskInput) {
			in.LaunchType = types.LaunchTypeFargate
			in.CapacityProviderStrategy = []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE")}}
		}},
		{"job", "", "Network Configuration must be provided when networkMode 'awsvpc' is specified.", func(in *ecs.RunTaskInput) {
			in.LaunchType = types.LaunchTypeFargate
		}},
		{"job", "", "Network Configuration must be provided when networkMode 'awsvpc' is specified.", func(in *ecs.RunTaskInput) {
			in.CapacityProviderStrategy = []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE_SPOT")}}
		}},
		{"job", "", "capacity providers is 21", func(in *ecs.RunTaskInput) {
			in.CapacityProviderStrategy = make([]types.CapacityProviderStrategyItem, 21)
			for i := range in.CapacityProviderStrategy {
				in.CapacityProviderStrategy[i].CapacityProvider = aws.String("x")
			}
		}},
		{"job", "", "placementConstraints is 11", func(in *ecs.RunTaskInput) {
			in.PlacementConstraints = make([]types.PlacementConstraint, 11)
		}},
		{"job", "", "placementStrategy rules is 6", func(in *ecs.RunTaskInput) {
			in.PlacementStrategy = make([]types.PlacementStrategy, 6)
		}},
		{"job", "", "placementStrategy.type", func(in *ecs.RunTaskInput) {
			in.PlacementStrategy = []types.PlacementStrategy{{Type: "x"}}
		}},
		{"job", "", "placementConstraints.type", func(in *ecs.RunTaskInput) {
			in.PlacementConstraints = []types.PlacementConstraint{{Type: "x"}}
		}},
		{"job", "", "tags is 51", func(in *ecs.RunTaskInput) { in.Tags = make([]types.Tag, 51) }},
		{"job", "", "subnets", subnets(17, 0)},
		{"job", "", "subnets", subnets(0, 0)},
		{"job", "", "security groups", subnets(1, 6)},
		{"vpc", "", "Network Configuration must be provided", nil},
		{"bridge", "", "Network Configuration is not valid", subnets(1, 1)},
		{"job", "", "length of overrides", override(types.ContainerOverride{
			Name: aws.String("main"), Command: []string{strings.Repeat("x", 8192)},
		})},
		{"job", "", "named side is not a container", override(types.ContainerOverride{Name: aws.String("side")})},
		{"job", "", "variable without a name", override(types.ContainerOverride{
			Name: aws.String("main"), Environment: []types.KeyValuePair{{}},
		})},
	} {
		if row.edit == nil {
			row.edit = func(*ecs.RunTaskInput) {}
		}
		if row.code == "" {
			row.code = "InvalidParameterException"
		}
		_, err := call.tryRun(ctx, row.definition, row.edit)
		wantException(t, err, row.code, row.message)
	}
	if tasks := fake.Tasks(); tasks != nil {
		t.Errorf("%d tasks", len(tasks))
	}
	_, err := call.DescribeTasks(ctx, &ecs.DescribeTasksInput{Tasks: make([]string, 101)})
	wantException(t, err, "InvalidParameterException", "more than 100")
	_, err = call.DescribeTasks(ctx, &ecs.DescribeTasksInput{Tasks: []string{"x"}, Cluster: aws.String("x")})
	wantException(t, err, "ClusterNotFoundException", "")
	_, err = call.StopTask(ctx, &ecs.StopTaskInput{Task: aws.String("x"), Cluster: aws.String("x")})
	wantException(t, err, "ClusterNotFoundException", "")
	_, err = call.StopTask(ctx, &ecs.StopTaskInput{Task: aws.String("x")})
	wantException(t, err, "InvalidParameterException", "not found")
}

func TestInvalidDefinitions(t *testing.T) {
	ctx, call, _ := wall(t, ecsfake.Options{})
	named := func(names ...string) []types.ContainerDefinition {
		list := []types.ContainerDefinition{}
		for _, name := range names {
			list = append(list, types.ContainerDefinition{Name: &name})
		}
		return list
	}
	for message, input := range map[string]ecs.RegisterTaskDefinitionInput{
		`Family "a b"`:         {Family: aws.String("a b"), ContainerDefinitions: named("a")},
		`"a" is not legal, or`: {Family: aws.String("a"), ContainerDefinitions: named("a", "a")},
		`"" is not legal, or`:  {Family: aws.String("a"), ContainerDefinitions: named("")},
		"essential container":  {Family: aws.String("a"), ContainerDefinitions: named()},
	} {
		_, err := call.RegisterTaskDefinition(ctx, &input)
		wantException(t, err, "ClientException", message)
	}
}

func TestReferences(t *testing.T) {
	ctx, call, fake := wall(t, ecsfake.Options{})
	for range 3 {
		define(t, fake, ecsfake.Exits(0, -1))
	}
	const arn = "arn:aws:ecs:us-east-1:123456789012:"
	for reference, revision := range map[string]int{
		"job": 3, "job:1": 1, "job:2": 2, arn + "task-definition/job": 3, arn + "task-definition/job:1": 1,
	} {
		if got, want := *call.run(ctx, reference).TaskDefinitionArn, fmt.Sprint(arn, "task-definition/job:", revision); got != want {
			t.Errorf("%s: have %s", reference, got)
		}
	}
	// A task is found by its ARN and by its id, in its own cluster only.
	for _, cluster := range []string{"jobs", arn + "cluster/jobs"} {
		task := call.run(ctx, "job", func(in *ecs.RunTaskInput) { in.Cluster = &cluster })
		id := (*task.TaskArn)[len(arn+"task/jobs/"):]
		if *task.ClusterArn != arn+"cluster/jobs" || len(id) != 32 {
			t.Error(*task.ClusterArn, id)
		}
		for _, row := range []struct {
			cluster   *string
			reference string
			found     bool
		}{{&cluster, id, true}, {&cluster, *task.TaskArn, true}, {nil, id, false}, {nil, *task.TaskArn, false}} {
			out, err := call.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: row.cluster, Tasks: []string{row.reference}})
			if err != nil || (len(out.Tasks) == 1) != row.found || (len(out.Failures) == 1) == row.found {
				t.Errorf("%v: %v, %+v", row, err, out)
			}
		}
	}
}

func TestLaunchTypes(t *testing.T) {
	ctx, call, fake := wall(t, ecsfake.Options{})
	define(t, fake, ecsfake.Exits(0, -1))
	task := call.run(ctx, "job")
	if task.LaunchType != types.LaunchTypeEc2 || task.PlatformVersion != nil || len(task.Attachments) != 0 {
		t.Errorf("%+v", task)
	}
	task = call.run(ctx, "job", func(in *ecs.RunTaskInput) {
		in.NetworkConfiguration = &types.NetworkConfiguration{
			AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: []string{"subnet"}},
		}
		in.CapacityProviderStrategy = []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE_SPOT")}}
		in.PlatformVersion = aws.String("1.3.0")
		in.Group = aws.String("group")
		in.EnableExecuteCommand = true
		in.Tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}
		in.Overrides = &types.TaskOverride{
			Cpu: aws.String("1024"), Memory: aws.String("2048"), EphemeralStorage: &types.EphemeralStorage{SizeInGiB: 30},
			ContainerOverrides: []types.ContainerOverride{{Name: aws.String("main"), Cpu: aws.Int32(1)}},
		}
	})
	if task.LaunchType != types.LaunchTypeFargate || *task.CapacityProviderName != "FARGATE_SPOT" ||
		*task.PlatformVersion != "1.3.0" || *task.Group != "group" || !task.EnableExecuteCommand || len(task.Tags) != 1 ||
		*task.Cpu != "1024" || *task.Memory != "2048" || task.EphemeralStorage.SizeInGiB != 30 ||
		*task.Overrides.ContainerOverrides[0].Cpu != 1 || task.Overrides.ContainerOverrides[0].Command == nil {
		t.Errorf("%+v", task)
	}
	in := &ecs.DescribeTasksInput{Tasks: []string{*task.TaskArn}}
	if out, err := call.DescribeTasks(ctx, in); err != nil || len(out.Tasks[0].Tags) != 0 {
		t.Errorf("%v, %+v", err, out)
	}
	in.Include = []types.TaskField{types.TaskFieldTags}
	if out, err := call.DescribeTasks(ctx, in); err != nil || len(out.Tasks[0].Tags) != 1 {
		t.Errorf("%v, %+v", err, out)
	}
}

func TestRegisteredDefinition(t *testing.T) {
	ctx, call, _ := wall(t, ecsfake.Options{})
	out, err := call.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("job"), Cpu: aws.String("512"), Memory: aws.String("1024"),
		ContainerDefinitions: []types.ContainerDefinition{
			{Name: aws.String("main"), Image: aws.String("image:1"), Cpu: 10, Memory: aws.Int32(20), Command: []string{"a"}},
			{Name: aws.String("sidecar"), Essential: aws.Bool(false)},
		},
		Tags: []types.Tag{{Key: aws.String("k")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	d := out.TaskDefinition
	if d.Revision != 1 || d.Status != types.TaskDefinitionStatusActive || d.RegisteredAt == nil || *d.Cpu != "512" ||
		!*d.ContainerDefinitions[0].Essential || *d.ContainerDefinitions[1].Essential || len(out.Tags) != 1 {
		t.Errorf("%+v", out)
	}
	task := call.run(ctx, "job")
	if c := task.Containers[0]; *task.Cpu != "512" || *c.Image != "image:1" || *c.Cpu != "10" || *c.Memory != "20" {
		t.Errorf("%+v", task)
	}
}

func TestClientToken(t *testing.T) {
	onlineJob(t, func(ctx context.Context, t test, fake *ecsfake.Server, _ string) {
		token := func(in *ecs.RunTaskInput) {
			in.ClientToken = aws.String("!~" + strings.Repeat("x", 62))
			in.Count = aws.Int32(2)
		}
		first, err := t.tryRun(ctx, "job", token)
		if err != nil {
			t.Fatal(err)
		}
		t.sleep(ctx, 30*time.Minute)
		again, err := t.tryRun(ctx, "job", token)
		if err != nil || !reflect.DeepEqual(again.Tasks, first.Tasks) {
			t.Errorf("%v\n%+v\n%+v", err, again, first)
		}
		if got := len(fake.Tasks()); got != 3 {
			t.Errorf("%d tasks", got)
		}
		_, err = t.tryRun(ctx, "job", token, func(in *ecs.RunTaskInput) { in.Group = aws.String("other") })
		var conflict *types.ConflictException
		if !errors.As(err, &conflict) || !reflect.DeepEqual(conflict.ResourceIds,
			[]string{*first.Tasks[0].TaskArn, *first.Tasks[1].TaskArn}) {
			t.Errorf("%v", err)
		}
		// What was refused did not use the token up.
		fake.Inject(ecsfake.Exception(ecsfake.RunTask, "ServerException", ""))
		other := func(in *ecs.RunTaskInput) { in.ClientToken = aws.String("other") }
		_, err = t.tryRun(ctx, "job", other)
		wantException(t, err, "ServerException", "")
		t.run(ctx, "job", other, func(in *ecs.RunTaskInput) { in.Group = aws.String("another") })
		// A token is forgotten with its tasks, an hour after they have stopped.
		for _, task := range first.Tasks {
			t.stop(ctx, *task.TaskArn, "enough")
			t.waitStopped(ctx, fake, *task.TaskArn)
		}
		t.sleep(ctx, time.Hour)
		fresh, err := t.tryRun(ctx, "job", token)
		if err != nil || *fresh.Tasks[0].TaskArn == *first.Tasks[0].TaskArn {
			t.Errorf("%v, %+v", err, fresh)
		}
	})
}

func TestCalls(t *testing.T) {
	ctx, call, fake := wall(t, ecsfake.Options{})
	if fake.Count(ecsfake.RunTask) != 0 || fake.Calls(ecsfake.RunTask) != nil {
		t.Error("calls before the first")
	}
	define(t, fake, ecsfake.Exits(0, -1))
	task := call.run(ctx, "job")
	call.tryRun(ctx, "none")
	calls := fake.Calls(ecsfake.RunTask)
	if len(calls) != 2 || calls[0].Exception != "" || calls[1].Exception != "ClientException" || calls[0].Time.IsZero() ||
		calls[1].Input.Get("taskDefinition").String() != `"none"` || fake.Count(ecsfake.RunTask) != 2 {
		t.Errorf("%+v", calls)
	}
	if have, ok := fake.Task(*task.TaskArn); !ok || *have.TaskArn != *task.TaskArn {
		t.Errorf("%+v", have)
	}
	if _, ok := fake.Task("none"); ok {
		t.Error("found no task")
	}
}

// A page whose name was made to lead to loopback reaches the server, and must not have commands run.
func TestHost(t *testing.T) {
	fake := start(t, ecsfake.Options{})
	_, port, _ := strings.Cut(strings.TrimPrefix(fake.URL(), "http://"), ":")
	for host, want := range map[string]int{
		"127.0.0.1:" + port: 200, "localhost:" + port: 200,
		"evil.example": 400, "evil.example:" + port: 400, "127.0.0.1": 400, "127.0.0.1:1": 400, "localhost.evil.example:" + port: 400,
	} {
		request, err := http.NewRequest("POST", fake.URL(), strings.NewReader(`{"family":"f","containerDefinitions":[{"name":"c"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		request.Header.Set("X-Amz-Target", "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s: %s", host, answer.Status)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	if n := fake.Count(ecsfake.RegisterTaskDefinition); n != 2 {
		t.Errorf("%d calls were taken", n)
	}
}

// Tasks that nobody can ask for any more do not stay for ever.
func TestTasksAreForgotten(t *testing.T) {
	drive(t, ecsfake.Options{}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		define(t, fake, ecsfake.Exits(0, time.Second))
		lasting := "lasting"
		if _, err := fake.Define(lasting, "main", ecsfake.Exits(0, -1)); err != nil {
			t.Fatal(err)
		}
		first, runs := *t.run(ctx, "job").TaskArn, *t.run(ctx, lasting).TaskArn
		for range 60 {
			for range 20 {
				if _, err := t.tryRun(ctx, "job", func(in *ecs.RunTaskInput) { in.Count = aws.Int32(10) }); err != nil {
					t.Fatal(err)
				}
			}
			t.sleep(ctx, 2*time.Hour)
		}
		if n := len(fake.Tasks()); n < 1000 || n > 2500 {
			t.Errorf("%d of 12,002 tasks are left", n)
		}
		_, old := fake.Task(first)
		if _, kept := fake.Task(runs); old || !kept {
			t.Errorf("the first task is there: %v, one that runs: %v", old, kept)
		}
	})
}

// Whatever comes in, the answer is JSON of the protocol, and the server goes on.
func FuzzECSFake(f *testing.F) {
	for _, body := range []string{
		`{}`, `{"taskDefinition":"job","count":10}`, `{"tasks":["a"],"include":["TAGS"]}`, `{"task":"x","reason":"y"}`,
		`{"taskDefinition":"job:1","overrides":{"containerOverrides":[{"name":"main","environment":[{"name":"a","value":"b"}]}]}}`,
		`{"family":"job","containerDefinitions":[{"name":"main","essential":true}]}`, `{"taskDefinition":"job:-1"}`, `[`,
		`{"taskDefinition":"job","networkConfiguration":{"awsvpcConfiguration":{"subnets":["a"]}},"clientToken":"x","tags":[{"key":"k"}]}`,
	} {
		for _, operation := range []string{"RunTask", "DescribeTasks", "StopTask", "RegisterTaskDefinition"} {
			f.Add(operation, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, operation string, body []byte) {
		c := clock.NewDriven(begin)
		fake := ecsfake.New(ecsfake.Options{Clock: c, Seed: 1})
		defer fake.Close()
		define(t, fake, ecsfake.Exits(0, time.Second))
		c.Run(t.Context(), func(ctx context.Context) {
			for range 2 { // the second with what the first has left
				w := httptest.NewRecorder()
				r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
				r.Header["X-Amz-Target"] = []string{"AmazonEC2ContainerServiceV20141113." + operation}
				fake.ServeHTTP(w, r)
				if !json.Valid(w.Body.Bytes()) || w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
					t.Fatalf("%d %q", w.Code, w.Body)
				}
			}
			_ = clock.SleepUntil(ctx, c, begin.Add(time.Minute))
			for _, task := range fake.Running() {
				t.Errorf("%s is left", *task.TaskArn)
			}
		})
	})
}
