package httptask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
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

// RunJob returns the effect of a task that creates a job of Kubernetes and does not wait for it. Its errors are those of
// [Client.CallKubernetes].
func (c *Client) RunJob(options ...TaskOption) asl.Call[*KubernetesJob, *KubernetesResponse] {
	return asl.Call[*KubernetesJob, *KubernetesResponse]{Caller: jobCaller{kubernetes{newTask(c, options)}}}
}

type jobCaller struct{ kubernetes }

func (c jobCaller) Call(ctx context.Context, a *asl.Attempt, in *KubernetesJob) (value.Value, error) {
	response, err := c.create(ctx, a, in)
	if err != nil {
		return value.Value{}, err
	}
	return awsshape.Document(response)
}

// attemptNote is the annotation by which a job is known as that of an attempt.
const attemptNote = "aslgen-attempt"

// create creates a job, once for an attempt: where that has created it before, because it was lost that it had, the answer is the job as it stands.
func (k kubernetes) create(ctx context.Context, a *asl.Attempt, in *KubernetesJob) (*KubernetesResponse, error) {
	to := cluster{in.ClusterName, in.CertificateAuthority, in.Endpoint}
	response, err := k.call(ctx, a.RoleARN, to, &KubernetesRequest{Method: http.MethodPost, Path: jobsOf(in.Namespace), RequestBody: noted(in.Job, a.ID())})
	name, named := in.Job.Get("metadata").Get("name").AsString()
	if !named || !isStatus(err, http.StatusConflict) {
		return response, err
	}
	there, lost := k.get(ctx, startedJob{cluster: to, Role: a.RoleARN}, jobsOf(in.Namespace)+"/"+url.PathEscape(name), nil)
	if lost != nil {
		return nil, err
	}
	by, known := there.ResponseBody.Get("metadata").Get("annotations").Get(attemptNote).AsString()
	if !known || by != a.ID() { // a job without the annotation is nobody's, also if the id is empty
		return nil, err
	}
	return there, nil
}

// noted returns a job with the id of the attempt that creates it. A job without a name, of which every start creates another, stays as it is.
func noted(job value.Value, attempt string) value.Value {
	about := job.Get("metadata")
	if about.Get("name").IsAbsent() {
		return job
	}
	notes := about.Get("annotations")
	if notes.Kind() != value.ObjectKind {
		notes = value.EmptyObject
	}
	return job.With("metadata", about.With("annotations", notes.With(attemptNote, value.String(attempt))))
}

// RunJobSync returns the effect of a task that creates a job of Kubernetes and waits until it is complete. The result is the job with its
// logs, if they are asked for: {…, "logs": {"pods": {pod: {"containers": {container: {"log": …}}}}}}. A job that fails is the error
// States.TaskFailed, with this as the cause. Nothing deletes the job, also if the execution is stopped (D7). A job with a metadata.name gets the
// annotation aslgen-attempt, by which an attempt whose start is repeated finds the one that it has created; another job of the name is the error
// EKS.409. If the cluster refuses for a minute to say how the job is, the error is that of the refusal, EKS.403 for instance: what AWS does then
// is not known. Its other errors are those of [Client.CallKubernetes], and [asl.ErrorTaskLost].
func (c *Client) RunJobSync(options ...TaskOption) asl.Job[*KubernetesJob, asl.Value] {
	k := kubernetes{newTask(c, options)}
	r := jobRunner{k, nil}
	r.watcher = watch.New(watch.Service[value.Value]{
		Name: "eks:runJob.sync", Thing: "job", Batch: 1, Look: k.look,
		Shown: func(handle string) string {
			j, _ := jobOf(handle)
			return j.ClusterName + pathOf(j.Namespace) + "/" + j.Name
		},
		Ended:     func(job value.Value) bool { return hasCondition(job, "Complete") || hasCondition(job, "Failed") },
		Throttled: func(err error) bool { return isStatus(err, http.StatusTooManyRequests) },
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
	response, err := r.create(ctx, a, in)
	if err != nil {
		return asl.Started{}, err
	}
	name, ok := response.ResponseBody.Get("metadata").Get("name").AsString()
	if !ok {
		return asl.Started{}, &asl.Error{Name: asl.ErrorTaskLost, Cause: "The cluster does not say how the job is named"}
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
	if raised, ok := errors.AsType[*asl.Error](sight.Err); ok && !isStatus(raised, http.StatusNotFound) {
		return value.Value{}, raised
	}
	if sight.Err != nil {
		return value.Value{}, &asl.Error{Name: asl.ErrorTaskLost, Cause: sight.Err.Error()}
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
	if isFinal(err) {
		a.Failed[handles[0]] = errors.Join(watch.ErrMissing, err)
		return a, nil
	}
	if err != nil {
		return a, err
	}
	a.Found[handles[0]] = response.ResponseBody
	return a, nil
}

// isFinal reports whether a question would fail again in the same way: the cluster refuses it, or does not know the job.
func isFinal(err error) bool {
	raised, ok := errors.AsType[*asl.Error](err)
	if !ok {
		return false
	}
	switch raised.Name {
	case statusName(http.StatusRequestTimeout), statusName(http.StatusTooManyRequests):
		return false
	}
	return raised.Name == asl.ErrorRuntime || strings.HasPrefix(raised.Name, eksError+"4")
}

// isStatus reports whether a cluster has answered with a status.
func isStatus(err error, status int) bool {
	raised, ok := errors.AsType[*asl.Error](err)
	return ok && raised.Name == statusName(status)
}

// statusName returns the name of the error for a status.
func statusName(status int) string { return fmt.Sprint(eksError, status) }

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
