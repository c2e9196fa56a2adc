package httptask

import (
	"context"
	"errors"
	"maps"
	"net/url"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// podsOfAPage is how many pods a cluster is asked for at a time: what is said of each takes some kilobytes.
const podsOfAPage = "10"

// logs returns the logs of a job's containers: {"pods": {pod: {"containers": {container: {"log": …}}}}}. In place of what cannot be read stands
// {"error": …, "cause": …} (D6).
func (k kubernetes) logs(ctx context.Context, j startedJob) (value.Value, error) {
	var pods []value.Member
	size := 0
	query := map[string][]string{"labelSelector": {"job-name=" + j.Name}, "limit": {podsOfAPage}}
	for {
		response, err := k.get(ctx, j, "/api/v1"+pathOf(j.Namespace)+"/pods", query)
		if err != nil {
			return unread(ctx, err)
		}
		for _, pod := range response.ResponseBody.Get("items").Elements() {
			name, _ := pod.Get("metadata").Get("name").AsString()
			containers, err := k.logsOf(ctx, j, name, pod.Get("spec").Get("containers"))
			if err != nil {
				return value.Value{}, err
			}
			if size += containers.Size(); size > asl.DataLimit {
				return value.Value{}, &asl.Error{Name: asl.ErrorDataLimitExceeded, Cause: "The logs of the job have more bytes than a result may have"}
			}
			pods = append(pods, value.Field(name, value.Object(value.Field("containers", containers))))
		}
		next, _ := response.ResponseBody.Get("metadata").Get("continue").AsString()
		if next == "" {
			return value.Object(value.Field("pods", value.Object(pods...))), nil
		}
		query["continue"] = []string{next}
	}
}

// logsOf returns the logs of the containers of a pod.
func (k kubernetes) logsOf(ctx context.Context, j startedJob, pod string, containers value.Value) (value.Value, error) {
	var logs []value.Member
	for _, c := range containers.Elements() {
		container, _ := c.Get("name").AsString()
		log, err := k.log(ctx, j, pod, container)
		if err != nil {
			return value.Value{}, err
		}
		logs = append(logs, value.Field(container, log))
	}
	return value.Object(logs...), nil
}

// log returns {"log": …} for a container: JSON where the log is and it is not to be raw, else a text.
func (k kubernetes) log(ctx context.Context, j startedJob, pod, container string) (value.Value, error) {
	query := map[string][]string{}
	maps.Copy(query, j.Logs.LogParameters)
	query["container"] = []string{container}
	response, err := k.get(ctx, j, "/api/v1"+pathOf(j.Namespace)+"/pods/"+url.PathEscape(pod)+"/log", query)
	if err != nil {
		return unread(ctx, err)
	}
	text := (&Response{ResponseBody: response.ResponseBody}).text()
	log := value.String(text)
	if parsed, err := value.Parse([]byte(text)); err == nil && !j.Logs.RawLogs {
		log = parsed
	}
	return value.Object(value.Field("log", log)), nil
}

// unread stands in place of a log that cannot be read. One that is too large fails the task, as a result that is too large does.
func unread(ctx context.Context, err error) (value.Value, error) {
	raised, ok := errors.AsType[*asl.Error](err)
	if !ok || ctx.Err() != nil || raised.Name == asl.ErrorDataLimitExceeded {
		return value.Value{}, err
	}
	return value.Object(value.Field("error", value.String(raised.Name)), value.Field("cause", value.String(raised.Cause))), nil
}
