package ecstask_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

var update = flag.Bool("update", false, "write the golden documents")

// random are the parts of documents that say nothing.
var random = []struct {
	pattern *regexp.Regexp
	shown   string
}{
	{regexp.MustCompile(`\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT`), "<date>"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "<uuid>"},
	{regexp.MustCompile(`\b[0-9a-f]{32,}`), "<hex>"},
	{regexp.MustCompile(`eni-[0-9a-f]{17}`), "<eni>"},
	{regexp.MustCompile(`02(:[0-9a-f]{2}){5}`), "<mac>"},
	{regexp.MustCompile(`10([.-]\d{1,3}){3}`), "<ip>"},
}

// wantDocument compares a document, indented, with a golden file.
func wantDocument(t *testing.T, name string, document asl.Value) {
	t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, document.AppendJSON(nil), "", "  "); err != nil {
		t.Fatal(err)
	}
	got := indented.String() + "\n"
	for _, part := range random {
		got = part.pattern.ReplaceAllString(got, part.shown)
	}
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// fargate is the task of the recordings that E26 and E40 describe.
func fargate(in *ecs.RunTaskInput) {
	in.LaunchType = types.LaunchTypeFargate
	in.NetworkConfiguration = &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: []string{"subnet-1"}}}
}

// The exact documents of every pattern: names and their order, empty lists, false, times (E25, E26, E40, E41, I1).
func TestDocuments(t *testing.T) {
	for _, row := range []struct {
		name    string
		pattern pattern
		inject  func(*lab)
	}{
		{"sync", runSync, func(*lab) {}},
		{"request_response", requestResponse, func(*lab) {}},
		{"request_response_failures", requestResponse, injects(ecsfake.Failures(0, types.Failure{
			Arn: aws.String("a"), Reason: aws.String("RESOURCE:MEMORY"), Detail: aws.String("some")}))},
		{"aws_sdk", awsSDK, func(*lab) {}},
		{"aws_sdk_failures", awsSDK, injects(ecsfake.Failures(0, types.Failure{
			Arn: aws.String("a"), Reason: aws.String("RESOURCE:MEMORY"), Detail: aws.String("some")}))},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := newLab(t)
			row.inject(l)
			l.run(func(ctx context.Context) {
				output, err := l.start(ctx, l.state(row.pattern, fargate)).Running().Wait(ctx)
				if err != nil {
					t.Fatal(err)
				}
				wantDocument(t, row.name, output)
			})
		})
	}
}

// The cause of a failed task is its document in one line, and the submitted answer is in the history (E30, E31).
func TestFailedTaskDocument(t *testing.T) {
	l := newLab(t)
	l.Inject(ecsfake.StartFailure("CannotPullContainerError: no such image"))
	l.run(func(ctx context.Context) {
		e := l.start(ctx, l.state(runSync, fargate))
		_, err := e.Running().Wait(ctx)
		var failed *asl.Error
		for _, event := range told.History(e) {
			switch event.Type {
			case asl.TaskSubmitted:
				wantDocument(t, "submitted", event.Output)
			case asl.TaskFailed:
				failed = event.Err
			}
		}
		if err == nil || failed == nil || failed.Cause != err.(*asl.Error).Cause || strings.ContainsAny(failed.Cause, "\n") {
			t.Fatalf("%v, %v", err, failed)
		}
		wantDocument(t, "failed_to_start", parse(t, failed.Cause))
	})
}

// Tags are part of the result, and so is what the SDK's types hold beyond the recordings.
func TestUnrecordedMembers(t *testing.T) {
	l := newLab(t)
	l.run(func(ctx context.Context) {
		output, err := l.start(ctx, l.state(runSync, func(in *ecs.RunTaskInput) {
			in.EnableExecuteCommand = true
			in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("blue")}}
			in.CapacityProviderStrategy = []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("spot")}}
		})).Running().Wait(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"Tags": `[{"Key":"team","Value":"blue"}]`, "EnableExecuteCommand": "true", "CapacityProviderName": `"spot"`,
		} {
			if got := output.Get(name).String(); got != want {
				t.Errorf("%s is %s", name, got)
			}
		}
		if !slices.IsSorted(names(output)) {
			t.Errorf("%q", names(output))
		}
	})
}

func names(v asl.Value) (list []string) {
	for name := range v.Members() {
		list = append(list, name)
	}
	return list
}

// Several tasks of one call are waited for, and stopped, together; the first is the result (E38).
func TestSeveralTasks(t *testing.T) {
	l := newLab(t)
	l.run(func(ctx context.Context) {
		l.Inject(ecsfake.Runs("main", ecsfake.Exits(0, 3*time.Minute)), ecsfake.Times(1))
		output, err := l.start(ctx, l.state(runSync, two)).Running().Wait(ctx)
		if arn, _ := output.Get("TaskArn").AsString(); err != nil || arn != *l.Tasks()[0].TaskArn || l.elapsed() < 3*time.Minute {
			t.Errorf("%s after %v, %v", arn, l.elapsed(), err)
		}
		s := l.state(runSync, two)
		s.TimeoutSeconds = 20
		if _, err := l.start(ctx, s).Running().Wait(ctx); !asl.IsTimeout(err) {
			t.Error(err)
		}
		l.sleep(ctx, time.Hour)
	})
	if got := described(l.Tasks()...); got != strings.Join([]string{well, well, stopped, stopped}, "; ") {
		t.Error(got)
	}
}
