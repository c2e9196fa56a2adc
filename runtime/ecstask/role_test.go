package ecstask_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// signers notes as whom calls are made.
type signers struct {
	ecstask.API
	mu    sync.Mutex
	calls []string
}

func (s *signers) note(call string, options []func(*ecs.Options)) {
	o := ecs.Options{Credentials: credentials.NewStaticCredentialsProvider("own", "secret", "")}
	for _, f := range options {
		f(&o)
	}
	by, err := o.Credentials.Retrieve(context.Background())
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call+" as "+by.AccessKeyID)
}

func (s *signers) RunTask(ctx context.Context, in *ecs.RunTaskInput, options ...func(*ecs.Options)) (*ecs.RunTaskOutput, error) {
	s.note("RunTask", options)
	return s.API.RunTask(ctx, in)
}

func (s *signers) DescribeTasks(ctx context.Context, in *ecs.DescribeTasksInput, options ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error) {
	s.note("DescribeTasks", options)
	return s.API.DescribeTasks(ctx, in)
}

func (s *signers) StopTask(ctx context.Context, in *ecs.StopTaskInput, options ...func(*ecs.Options)) (*ecs.StopTaskOutput, error) {
	s.note("StopTask", options)
	return s.API.StopTask(ctx, in)
}

// A task of a state with Credentials is started, watched and stopped as their role (R164).
func TestAsRole(t *testing.T) {
	l := newLab(t)
	api := &signers{API: l.Client()}
	asTheirs := table.Document(func(*asl.Context, *table.Reader) asl.Value { return value.MustParse(`{"RoleArn": "theirs"}`) })
	l.run(func(ctx context.Context) {
		l.connect(api, ecstask.AsRole(func(role string) aws.CredentialsProvider {
			return credentials.NewStaticCredentialsProvider(role, "secret", "")
		}))
		for _, p := range []pattern{runSync, requestResponse} {
			s := l.state(p)
			s.Credentials = asTheirs
			if _, err := l.start(ctx, s).Running().Wait(ctx); err != nil {
				t.Error(err)
			}
		}
		s := l.state(runSync)
		s.Credentials, s.TimeoutSeconds = asTheirs, 1
		if _, err := l.start(ctx, s).Running().Wait(ctx); err == nil {
			t.Error("the task was not stopped")
		}
		_ = clock.Sleep(ctx, 1e9)
		if own := slices.DeleteFunc(api.calls, func(c string) bool { return strings.HasSuffix(c, " as theirs") }); len(own) > 0 {
			t.Error(own)
		}
		if _, err := l.start(ctx, l.state(runSync)).Running().Wait(ctx); err != nil || !slices.Contains(api.calls, "RunTask as own") {
			t.Error(err, api.calls)
		}

		l.connect(api)
		s = l.state(runSync)
		s.Credentials = asTheirs
		_, err := l.start(ctx, s).Running().Wait(ctx)
		if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != asl.ErrorRuntime || !strings.Contains(failed.Cause, "as the role theirs") {
			t.Error(err)
		}
	})
}
