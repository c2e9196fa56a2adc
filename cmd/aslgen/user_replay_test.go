package main

import "strings"

// checkReplay runs an execution of AWS again on the machine of the example, as it is and with other parameters.
func (u *userRepo) checkReplay() {
	u.Helper()
	u.write("histories/one.json", recordedHistory)
	if said := u.run("tool", "aslgen", "replay", "run_job.asl.json", "histories"); said != "1 of 1 executions go as they went\n" {
		u.Errorf("replay says\n%s", said)
	}
	u.write("other/run_job.asl.json", strings.Replace(u.read("run_job.asl.json"), `"cluster-arn"`, `"other"`, 1))
	said := u.fail("tool", "aslgen", "replay", "other/run_job.asl.json", "histories/one.json")
	for _, want := range []string{
		"other/run_job.asl.json:4: Run an ECS Task and wait for it to complete: the parameters of attempt 1\n", `here: {"Cluster":"other"`, "0 of 1 executions go as they went\n",
	} {
		if !strings.Contains(said, want) {
			u.Errorf("replay with other parameters does not say %q\n%s", want, said)
		}
	}
	u.checkRedactedReplay()
}

// checkRedactedReplay runs it with other parameters for a log that many read.
func (u *userRepo) checkRedactedReplay() {
	u.Helper()
	said := u.fail("tool", "aslgen", "replay", "-redact", "other/run_job.asl.json", "histories/one.json")
	if !strings.Contains(said, `here: {"Cluster":"≠","Overrides":`) || strings.Contains(said, "job-id") {
		u.Errorf("replay -redact says\n%s", said)
	}
}

// recordedHistory is an execution of the example's machine, as aws stepfunctions get-execution-history prints one.
const recordedHistory = `{"events": [
  {"timestamp": "2026-03-01T12:00:00.000+00:00", "type": "ExecutionStarted", "id": 1, "previousEventId": 0, "executionStartedEventDetails": {
    "input": "{\"commands\":[\"run\"]}", "inputDetails": {"truncated": false}, "roleArn": "arn:aws:iam::111122223333:role/jobs"}},
  {"timestamp": "2026-03-01T12:00:00.030+00:00", "type": "TaskStateEntered", "id": 2, "previousEventId": 0, "stateEnteredEventDetails": {
    "name": "Run an ECS Task and wait for it to complete", "input": "{\"commands\":[\"run\"]}", "inputDetails": {"truncated": false}}},
  {"timestamp": "2026-03-01T12:00:00.030+00:00", "type": "TaskScheduled", "id": 3, "previousEventId": 2, "taskScheduledEventDetails": {
    "resourceType": "ecs", "resource": "runTask.sync", "region": "eu-west-1", "parameters":
    "{\"Cluster\":\"cluster-arn\",\"TaskDefinition\":\"job-id\",\"Overrides\":{\"ContainerOverrides\":[{\"Name\":\"container-name\",\"Command\":[\"run\"]}]},\"StartedBy\":\"AWS Step Functions\"}"}},
  {"timestamp": "2026-03-01T12:00:00.100+00:00", "type": "TaskStarted", "id": 4, "previousEventId": 3, "taskStartedEventDetails": {"resourceType": "ecs", "resource": "runTask.sync"}},
  {"timestamp": "2026-03-01T12:00:01.000+00:00", "type": "TaskSubmitted", "id": 5, "previousEventId": 4, "taskSubmittedEventDetails": {
    "resourceType": "ecs", "resource": "runTask.sync", "output": "{\"Tasks\":[],\"Failures\":[]}", "outputDetails": {"truncated": false}}}
]}
{"events": [
  {"timestamp": "2026-03-01T14:00:00.000+00:00", "type": "TaskSucceeded", "id": 6, "previousEventId": 5, "taskSucceededEventDetails": {
    "resourceType": "ecs", "resource": "runTask.sync", "output": "{\"LastStatus\":\"STOPPED\"}", "outputDetails": {"truncated": false}}},
  {"timestamp": "2026-03-01T14:00:00.000+00:00", "type": "TaskStateExited", "id": 7, "previousEventId": 6, "stateExitedEventDetails": {
    "name": "Run an ECS Task and wait for it to complete", "output": "{\"LastStatus\":\"STOPPED\"}", "outputDetails": {"truncated": false}}},
  {"timestamp": "2026-03-01T14:00:00.000+00:00", "type": "ExecutionSucceeded", "id": 8, "previousEventId": 7, "executionSucceededEventDetails": {
    "output": "{\"LastStatus\":\"STOPPED\"}", "outputDetails": {"truncated": false}}}
]}
`
