package httptask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/watch"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// KubernetesJob are the parameters of eks:runJob (D6).
type KubernetesJob struct {
	ClusterName          string
	CertificateAuthority string // a certificate in PEM, in base64
	Endpoint             string // a URL that begins with https://

	Namespace  string      `json:",omitzero"` // default, if empty
	Job        value.Value // of batch/v1; a text is sent as it is
	LogOptions *LogOptions `json:",omitzero"` // for a task that waits
}

// LogOptions says what is read of the logs of a job's containers (D6).
type LogOptions struct {
	RetrieveLogs  bool                `json:",omitzero"`
	RawLogs       bool                `json:",omitzero"` // logs are texts, also where they are JSON
	LogParameters map[string][]string `json:",omitzero"` // of the request for a log: tailLines, limitBytes
}

// ErrorLost is what a job fails with that its cluster does not know any more, so that it is not known how it has ended.
const ErrorLost = "Aslgen.TaskLost"

// RunJob returns the effect of a task that creates a job of Kubernetes and does not wait for it. Its errors are those of
// [Client.CallKubernetes].
func (c *Client) RunJob(options ...TaskOption) asl.Call[*KubernetesJob, *KubernetesResponse] {
	return asl.Call[*KubernetesJob, *KubernetesResponse]{Caller: jobCaller{kubernetes{newTask(c, options)}}}
}

type jobCaller struct{ kubernetes }

func (c jobCaller) Call(ctx context.Context, a *asl.Attempt, in *KubernetesJob) (value.Value, error) {
	response, err := c.create(ctx, a.RoleARN, in)
	if err != nil {
		return value.Value{}, err
	}
	return awsshape.Document(response)
}

// create creates a job.
func (k kubernetes) create(ctx context.Context, roleARN string, in *KubernetesJob) (*KubernetesResponse, error) {
	return k.call(ctx, roleARN, cluster{in.ClusterName, in.CertificateAuthority, in.Endpoint}, &KubernetesRequest{
		Method: http.MethodPost, Path: jobsOf(in.Namespace), RequestBody: in.Job,
	})
}

// RunJobSync returns the effect of a task that creates a job of Kubernetes and waits until it is complete. The result is the job with its
// logs, if they are asked for: {…, "logs": {"pods": {pod: {"containers": {container: {"log": …}}}}}}. A job that fails is the error
// States.TaskFailed, with this as the cause. Nothing deletes the job, also if the execution is stopped (D7); so an attempt whose start is
// repeated fails with EKS.409 where the job has a name. Its other errors are those of [Client.CallKubernetes], and [ErrorLost].
func (c *Client) RunJobSync(options ...TaskOption) asl.Job[*KubernetesJob, asl.Value] {
	k := kubernetes{newTask(c, options)}
	r := jobRunner{k, nil}
	r.watcher = watch.New(watch.Service[value.Value]{
		Name: "eks:runJob.sync", Thing: "job", Batch: 1, Look: k.look,
		Shown: func(handle string) string {
			j, _ := jobOf(handle)
			return j.ClusterName + pathOf(j.Namespace) + "/" + j.Name
		},
		Ended: func(job value.Value) bool { return hasCondition(job, "Complete") || hasCondition(job, "Failed") },
		Throttled: func(err error) bool {
			raised, ok := errors.AsType[*asl.Error](err)
			return ok && raised.Name == fmt.Sprint(eksError, http.StatusTooManyRequests)
		},
	}, watch.Options{
		Clock: k.clock, Budget: watch.NewBudget(k.clock, 5), Every: k.every, Grace: time.Minute, Logger: slog.Default(),
	})
	return asl.Job[*KubernetesJob, asl.Value]{Runner: r}
}

// jobRunner runs jobs and waits for them.
type jobRunner struct {
	kubernetes
	watcher *watch.Watcher[value.Value]
}

// startedJob names a job, also for another process.
type startedJob struct {
	cluster
	Role, Namespace, Name string
	Logs                  *LogOptions `json:",omitzero"`
}

// jobOf reads the name of a job.
func jobOf(handle string) (j startedJob, err error) {
	if err = json.Unmarshal([]byte(handle), &j); err != nil {
		err = fmt.Errorf("httptask: the name of a job cannot be read: %w", err)
	}
	return j, err
}

func (r jobRunner) Start(ctx context.Context, a *asl.Attempt, in *KubernetesJob) (asl.Started, error) {
	response, err := r.create(ctx, a.RoleARN, in)
	if err != nil {
		return asl.Started{}, err
	}
	name, ok := response.ResponseBody.Get("metadata").Get("name").AsString()
	if !ok {
		return asl.Started{}, &asl.Error{Name: ErrorLost, Cause: "The cluster does not say how the job is named"}
	}
	handle, err := json.Marshal(startedJob{
		cluster{in.ClusterName, in.CertificateAuthority, in.Endpoint}, a.RoleARN, in.Namespace, name, in.LogOptions,
	})
	if err != nil {
		return asl.Started{}, err
	}
	submitted, err := awsshape.Document(response)
	return asl.Started{Handle: string(handle), Submitted: submitted}, err
}

func (r jobRunner) Wait(ctx context.Context, handle string) (value.Value, error) {
	j, err := jobOf(handle)
	if err != nil {
		return value.Value{}, err
	}
	sights, err := r.watcher.Wait(ctx, []string{handle}, nil)
	if err != nil {
		return value.Value{}, err
	}
	return r.outcome(ctx, j, sights[0])
}

// Watch implements [asl.Watcher].
func (r jobRunner) Watch(_ context.Context, handle string, over func()) (*asl.Watch, error) {
	j, err := jobOf(handle)
	if err != nil {
		return nil, err
	}
	watching := r.watcher.Watch([]string{handle}, nil, over)
	return &asl.Watch{
		Result: func(ctx context.Context) (value.Value, error) { return r.outcome(ctx, j, watching.Sights()[0]) },
		Leave:  watching.Leave,
	}, nil
}

// outcome is what a job has come to that is not watched any more.
func (r jobRunner) outcome(ctx context.Context, j startedJob, sight watch.Sight[value.Value]) (value.Value, error) {
	if sight.Err != nil {
		return value.Value{}, &asl.Error{Name: ErrorLost, Cause: sight.Err.Error()}
	}
	result := sight.Last
	failed := hasCondition(result, "Failed")
	if j.Logs != nil && j.Logs.RetrieveLogs {
		logs, err := r.logs(ctx, j)
		if err != nil {
			return value.Value{}, err
		}
		result = result.With("logs", logs)
	}
	if failed {
		return value.Value{}, &asl.Error{Name: asl.ErrorTaskFailed, Cause: result.String()}
	}
	return result, nil
}

// Stop leaves the job as it is.
func (r jobRunner) Stop(context.Context, string, string) error { return nil }

// look asks how a job is.
func (k kubernetes) look(ctx context.Context, handles []string) (watch.Answer[value.Value], error) {
	a := watch.Answer[value.Value]{Found: map[string]value.Value{}, Failed: map[string]error{}}
	j, err := jobOf(handles[0])
	if err != nil {
		return a, err
	}
	response, err := k.get(ctx, j, jobsOf(j.Namespace)+"/"+url.PathEscape(j.Name), nil)
	if raised, ok := errors.AsType[*asl.Error](err); ok && raised.Name == fmt.Sprint(eksError, http.StatusNotFound) {
		a.Failed[handles[0]] = errors.Join(watch.ErrMissing, err)
		return a, nil
	}
	if err != nil {
		return a, err
	}
	a.Found[handles[0]] = response.ResponseBody
	return a, nil
}

// get asks the cluster of a job.
func (k kubernetes) get(ctx context.Context, j startedJob, path string, query map[string][]string) (*KubernetesResponse, error) {
	return k.call(ctx, j.Role, j.cluster, &KubernetesRequest{Method: http.MethodGet, Path: path, QueryParameters: query})
}

// jobsOf is the path of the jobs of a namespace.
func jobsOf(namespace string) string { return "/apis/batch/v1" + pathOf(namespace) + "/jobs" }

// pathOf is the part of a path that names a namespace.
func pathOf(namespace string) string {
	if namespace == "" {
		namespace = "default"
	}
	return "/namespaces/" + url.PathEscape(namespace)
}

// hasCondition reports whether a job has come into a condition.
func hasCondition(job value.Value, condition string) bool {
	for _, c := range job.Get("status").Get("conditions").Elements() {
		kind, _ := c.Get("type").AsString()
		status, _ := c.Get("status").AsString()
		if kind == condition && status == "True" {
			return true
		}
	}
	return false
}
