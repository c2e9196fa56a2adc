package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

// containerArgument makes this program a container.
const containerArgument = "container"

// container is what runs in the task: it does its commands, or, if it was given a task token, reports back with it. It is
// written as for AWS: where Step Functions is, the SDK reads from the environment.
func container(ctx context.Context) error {
	for _, command := range os.Args[2:] {
		fmt.Printf("container: doing %q\n", command)
	}
	token := os.Getenv("TASK_TOKEN_ENV_VARIABLE")
	if token == "" {
		return nil
	}
	configuration, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	fmt.Println("container: sending SendTaskSuccess")
	_, err = sfn.NewFromConfig(configuration).SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{
		TaskToken: aws.String(token), Output: aws.String(`{"done":true}`),
	})
	return err
}

// indented writes what containers print below what the machine does.
type indented struct{ io.Writer }

func (w indented) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		if _, err := w.Writer.Write(append([]byte("       | "), line...)); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}
