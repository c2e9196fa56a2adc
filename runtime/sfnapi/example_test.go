package sfnapi_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// A worker answers a task with the AWS SDK's client of Step Functions. One outside of this program finds the server by the
// variable AWS_ENDPOINT_URL_SFN, and the server is that of NewServer.
func ExampleNewHandler() {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	server := httptest.NewServer(sfnapi.NewHandler(engine))
	defer server.Close()
	worker := sfn.New(sfn.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "any", SecretAccessKey: "any"}, nil
		}),
	})
	machine, err := ecsjobs.NewManageJob(engine, ecsjobs.ManageJobTasks{
		ManageECSTask: asl.SendFunc(func(ctx context.Context, token string, _ *ecs.RunTaskInput) error {
			_, err := worker.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: &token, Output: aws.String(`{"rows": 12}`)})
			return err
		}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	output, err := machine.Run(context.Background(), value.EmptyObject)
	fmt.Println(output, err)
	// Output: {"rows":12} <nil>
}

// NewServer listens on loopback unless its address says otherwise.
func ExampleNewServer() {
	fmt.Println(sfnapi.NewServer(":8083", memory.New()).Addr)
	fmt.Println(sfnapi.NewServer("0.0.0.0:8083", memory.New()).Addr)
	// Output:
	// 127.0.0.1:8083
	// 0.0.0.0:8083
}
