package httptask

import (
	"context"
	"errors"
	"maps"
	"net/url"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// logs returns the logs of a job's containers: {"pods": {pod: {"containers": {container: {"log": …}}}}}. In place of what cannot be read stands
// {"error": …, "cause": …} (D6).
func (k kubernetes) logs(ctx context.Context, j startedJob) (value.Value, error) {
	response, err := k.get(ctx, j, "/api/v1"+pathOf(j.Namespace)+"/pods", map[string][]string{"labelSelector": {"job-name=" + j.Name}})
	if err != nil {
		return unread(ctx, err)
	}
	var pods []value.Member
	for _, pod := range response.ResponseBody.Get("items").Elements() {
		name, _ := pod.Get("metadata").Get("name").AsString()
		var containers []value.Member
		for _, c := range pod.Get("spec").Get("containers").Elements() {
			container, _ := c.Get("name").AsString()
			log, err := k.log(ctx, j, name, container)
			if err != nil {
				return value.Value{}, err
			}
			containers = append(containers, value.Field(container, log))
		}
		pods = append(pods, value.Field(name, value.Object(value.Field("containers", value.Object(containers...)))))
	}
	return value.Object(value.Field("pods", value.Object(pods...))), nil
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
