// Package awsjob is what Step Functions does with the jobs that .sync waits for (D7): how a job is named, how it is asked for, how it ends, and
// how it is stopped. What a job's result has besides is recorded of few; of the others it is what the question is answered with.
package awsjob

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/awsaction"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Kind is a kind of jobs. Members are called as in optimized integrations. Places are those of [awsaction.At].
type Kind struct {
	// The operations that ask for a job and stop it, "" if nothing stops it, and what the AWS SDK for Go calls the type of the result; Inner
	// says that this is in the package types.
	Ask, Stop, Result string
	Inner             bool

	Given  []string // members of the start's parameters that are part of the job's name
	Answer string   // the place of the rest in the start's answer; "" if there is none
	Named  bool     // the start has a Name, and with the same name it starts the job once

	Asked  []string // the members of the question that take the name; [] behind one says that it is a list
	Of     string   // the place of the job in the answer, or of the list of jobs; "" if the answer is the job
	Key    string   // of a list: the member that has a job's name; "" if the answer has one job
	State  string   // the place of the state in the job
	Done   []string // the states in which it has succeeded
	Over   []string // the states in which it has failed
	Back   []string // the states in which it was before its start, and to which it falls back when that fails
	Gone   bool     // it has succeeded too when the service does not know it any more
	Within string   // the member of the result that has the job; "" if the result is the job
	Name   string   // the member of the result that has the name of what was worked on, beside the answer; "" if there is none
	NameOf string   // the place in the answer that Name is taken from

	Stopped []string // as Asked
	Reason  string   // the member for the reason, "" if there is none
}

// kinds are the jobs whose ends are known, by the ends of their Resources.
var kinds = map[string]*Kind{
	"athena:startQueryExecution": {
		Ask: "GetQueryExecution", Stop: "StopQueryExecution", Result: "GetQueryExecutionOutput",
		Answer: "QueryExecutionId", Asked: []string{"QueryExecutionId"}, State: "QueryExecution.Status.State",
		Done: []string{"SUCCEEDED"}, Over: []string{"FAILED", "CANCELLED"}, Stopped: []string{"QueryExecutionId"},
	},
	"batch:submitJob": {
		Ask: "DescribeJobs", Stop: "TerminateJob", Result: "JobDetail", Inner: true,
		Answer: "JobId", Asked: []string{"Jobs[]"}, Of: "Jobs", Key: "JobId", State: "Status",
		Done: []string{"SUCCEEDED"}, Over: []string{"FAILED"}, Stopped: []string{"JobId"}, Reason: "Reason",
	},
	"bedrock:createModelCustomizationJob": {
		Ask: "GetModelCustomizationJob", Stop: "StopModelCustomizationJob", Result: "GetModelCustomizationJobOutput",
		Answer: "JobArn", Asked: []string{"JobIdentifier"}, State: "Status",
		Done: []string{"Completed"}, Over: []string{"Failed", "Stopped"}, Stopped: []string{"JobIdentifier"},
	},
	"codebuild:startBuild": {
		Ask: "BatchGetBuilds", Stop: "StopBuild", Result: "StopBuildOutput", // which is {Build}, as the result is
		Answer: "Build.Id", Asked: []string{"Ids[]"}, Of: "Builds", Key: "Id", State: "BuildStatus", Within: "Build",
		Done: []string{"SUCCEEDED"}, Over: []string{"FAILED", "FAULT", "TIMED_OUT", "STOPPED"}, Stopped: []string{"Id"},
	},
	"codebuild:startBuildBatch": {
		Ask: "BatchGetBuildBatches", Stop: "StopBuildBatch", Result: "StopBuildBatchOutput",
		Answer: "BuildBatch.Id", Asked: []string{"Ids[]"}, Of: "BuildBatches", Key: "Id", State: "BuildBatchStatus", Within: "BuildBatch",
		Done: []string{"SUCCEEDED"}, Over: []string{"FAILED", "FAULT", "TIMED_OUT", "STOPPED"}, Stopped: []string{"Id"},
	},
	"databrew:startJobRun": {
		Ask: "DescribeJobRun", Stop: "StopJobRun", Result: "DescribeJobRunOutput",
		Given: []string{"Name"}, Answer: "RunId", Asked: []string{"Name", "RunId"}, State: "State",
		Done: []string{"SUCCEEDED"}, Over: []string{"FAILED", "STOPPED", "TIMEOUT"}, Stopped: []string{"Name", "RunId"},
	},
	"eks:createCluster":        created("Cluster", "FAILED", "DELETING"),
	"eks:createFargateProfile": created("FargateProfile", "CREATE_FAILED", "DELETE_FAILED", "DELETING"),
	"eks:createNodegroup":      created("Nodegroup", "CREATE_FAILED", "DEGRADED", "DELETE_FAILED", "DELETING"),
	"eks:deleteCluster":        deleted("Cluster", "ACTIVE", "FAILED"),
	"eks:deleteFargateProfile": deleted("FargateProfile", "DELETE_FAILED"),
	"eks:deleteNodegroup":      deleted("Nodegroup", "DELETE_FAILED"),
	"elasticmapreduce:addStep": {
		Ask: "DescribeStep", Stop: "CancelSteps", Result: "DescribeStepOutput",
		Given: []string{"ClusterId"}, Answer: "StepId", Asked: []string{"ClusterId", "StepId"}, State: "Step.Status.State",
		Done: []string{"COMPLETED"}, Over: []string{"CANCELLED", "FAILED", "INTERRUPTED"}, Name: "StepId", NameOf: "Step.Id",
		Stopped: []string{"ClusterId", "StepIds[]"},
	},
	"elasticmapreduce:createCluster": {
		Ask: "DescribeCluster", Stop: "TerminateJobFlows", Result: "DescribeClusterOutput",
		Answer: "ClusterId", Asked: []string{"ClusterId"}, State: "Cluster.Status.State",
		Done: []string{"WAITING"}, Over: []string{"TERMINATED", "TERMINATED_WITH_ERRORS"}, Name: "ClusterId", NameOf: "Cluster.Id",
		Stopped: []string{"JobFlowIds[]"},
	},
	"elasticmapreduce:terminateCluster": {
		Ask: "DescribeCluster", Result: "DescribeClusterOutput",
		Given: []string{"ClusterId"}, Asked: []string{"ClusterId"}, State: "Cluster.Status.State",
		Done: []string{"TERMINATED", "TERMINATED_WITH_ERRORS"}, Name: "ClusterId", NameOf: "Cluster.Id",
	},
	"emr-containers:deleteVirtualCluster": {
		Ask: "DescribeVirtualCluster", Result: "DescribeVirtualClusterOutput",
		Given: []string{"Id"}, Asked: []string{"Id"}, State: "VirtualCluster.State", Done: []string{"TERMINATED"}, Over: []string{"ARRESTED"}, Gone: true,
	},
	"emr-containers:startJobRun": {
		Ask: "DescribeJobRun", Stop: "CancelJobRun", Result: "DescribeJobRunOutput",
		Given: []string{"VirtualClusterId"}, Answer: "Id", Asked: []string{"VirtualClusterId", "Id"}, State: "JobRun.State",
		Done: []string{"COMPLETED"}, Over: []string{"FAILED", "CANCELLED"}, Stopped: []string{"VirtualClusterId", "Id"},
	},
	"emr-serverless:cancelJobRun": {
		Ask: "GetJobRun", Result: "GetJobRunOutput",
		Given: []string{"ApplicationId", "JobRunId"}, Asked: []string{"ApplicationId", "JobRunId"}, State: "JobRun.State",
		Done: []string{"CANCELLED"}, Over: []string{"FAILED", "SUCCESS"},
	},
	"emr-serverless:createApplication": application("CREATED", "DeleteApplication", "TERMINATED"),
	"emr-serverless:deleteApplication": application("TERMINATED", ""),
	"emr-serverless:startApplication":  application("STARTED", "StopApplication", "TERMINATED"),
	"emr-serverless:startJobRun": {
		Ask: "GetJobRun", Stop: "CancelJobRun", Result: "GetJobRunOutput",
		Given: []string{"ApplicationId"}, Answer: "JobRunId", Asked: []string{"ApplicationId", "JobRunId"}, State: "JobRun.State",
		Done: []string{"SUCCESS"}, Over: []string{"FAILED", "CANCELLED"}, Stopped: []string{"ApplicationId", "JobRunId"},
	},
	"emr-serverless:stopApplication": application("STOPPED", "", "TERMINATED"),
	"glue:startJobRun": {
		Ask: "GetJobRun", Stop: "BatchStopJobRun", Result: "JobRun", Inner: true,
		Given: []string{"JobName"}, Answer: "JobRunId", Asked: []string{"JobName", "RunId"}, Of: "JobRun", State: "JobRunState",
		Done: []string{"SUCCEEDED", "STOPPED"}, Over: []string{"FAILED", "TIMEOUT", "ERROR"}, Stopped: []string{"JobName", "JobRunIds[]"},
	},
	"mediaconvert:createJob": {
		Ask: "GetJob", Stop: "CancelJob", Result: "GetJobOutput",
		Answer: "Job.Id", Asked: []string{"Id"}, State: "Job.Status",
		Done: []string{"COMPLETE"}, Over: []string{"ERROR", "CANCELED"}, Stopped: []string{"Id"},
	},
	"sagemaker:createHyperParameterTuningJob": sageMaker("HyperParameterTuningJob"),
	"sagemaker:createLabelingJob":             sageMaker("LabelingJob"),
	"sagemaker:createProcessingJob":           sageMaker("ProcessingJob"),
	"sagemaker:createTrainingJob":             sageMaker("TrainingJob"),
	"sagemaker:createTransformJob":            sageMaker("TransformJob"),
	"states:startExecution": {
		Ask: "DescribeExecution", Stop: "StopExecution", Result: "DescribeExecutionOutput",
		Answer: "ExecutionArn", Named: true, Asked: []string{"ExecutionArn"}, State: "Status",
		Done: []string{"SUCCEEDED"}, Over: []string{"FAILED", "TIMED_OUT", "ABORTED"}, Stopped: []string{"ExecutionArn"}, Reason: "Cause",
	},
}

func sageMaker(job string) *Kind {
	return &Kind{
		Ask: "Describe" + job, Stop: "Stop" + job, Result: "Describe" + job + "Output",
		Given: []string{job + "Name"}, Asked: []string{job + "Name"}, State: job + "Status",
		Done: []string{"Completed"}, Over: []string{"Failed", "Stopped"}, Stopped: []string{job + "Name"},
	}
}

// created is a thing of Amazon EKS that is waited for until it works. Step Functions does not delete what a stopped execution has left behind.
func created(thing string, over ...string) *Kind {
	k := deleted(thing, over...)
	k.Done, k.Gone = []string{"ACTIVE"}, false
	return k
}

// deleted is a thing of Amazon EKS that is waited for until it is not there any more.
func deleted(thing string, over ...string) *Kind {
	k := &Kind{
		Ask: "Describe" + thing, Result: "Describe" + thing + "Output",
		Given: []string{"ClusterName", thing + "Name"}, State: thing + ".Status", Over: over, Gone: true,
	}
	if thing == "Cluster" {
		k.Given = []string{"Name"}
	}
	k.Asked = k.Given
	return k
}

// application is an application of Amazon EMR Serverless that is waited for until it is in a state.
func application(done, stop string, over ...string) *Kind {
	k := &Kind{
		Ask: "GetApplication", Stop: stop, Result: "GetApplicationOutput",
		Given: []string{"ApplicationId"}, Asked: []string{"ApplicationId"}, State: "Application.State",
		Done: []string{done}, Over: over, Name: "ApplicationId", NameOf: "Application.ApplicationId",
	}
	switch done {
	case "CREATED":
		k.Given, k.Answer = nil, "ApplicationId"
	case "STARTED":
		k.Back = []string{"CREATED", "STOPPED"}
	case "TERMINATED":
		k.Gone = true
	}
	if stop != "" {
		k.Stopped = k.Asked
	}
	return k
}

// Of returns the kind of the jobs that an integration runs, by what its Resource ends in: batch:submitJob.sync. It is nil if it runs none, or
// it is not known how it waits.
func Of(integration string) *Kind {
	name, pattern, _ := strings.Cut(integration, ".")
	if pattern == "sync" || pattern == "sync:2" && name == "states:startExecution" {
		return kinds[name]
	}
	return nil
}

// Parsed reports whether the input and the output of an execution are JSON in the result of an integration (S1).
func Parsed(integration string) bool { return strings.HasSuffix(integration, ".sync:2") }

// separator stands between the parts of a job's name.
const separator = "\n"

// Handle returns the name of a job that was started with parameters and an answer.
func (k *Kind) Handle(parameters, answer value.Value) string {
	var parts []string
	for _, name := range k.Given {
		text, _ := parameters.Get(name).AsString()
		parts = append(parts, text)
	}
	if k.Answer != "" {
		text, _ := awsaction.At(answer, k.Answer).AsString()
		parts = append(parts, text)
	}
	return strings.Join(parts, separator)
}

// Question returns the parameters of the question how jobs are: one, or several if there is a Key.
func (k *Kind) Question(handles []string) value.Value {
	if k.Key != "" {
		return value.Object(value.Field(strings.TrimSuffix(k.Asked[0], "[]"), texts(handles)))
	}
	return value.Object(members(k.Asked, handles[0])...)
}

// Stopping returns the parameters of the call that stops a job.
func (k *Kind) Stopping(handle, reason string) value.Value {
	all := members(k.Stopped, handle)
	if k.Reason != "" {
		all = append(all, value.Field(k.Reason, value.String(reason)))
	}
	return value.Object(all...)
}

// Jobs returns what the answer to a question for jobs tells of them, by their names. Of some it may know nothing.
func (k *Kind) Jobs(answer value.Value, handles []string) map[string]value.Value {
	found := map[string]value.Value{}
	jobs := awsaction.At(answer, k.Of)
	if k.Key == "" {
		found[handles[0]] = jobs
		return found
	}
	for _, job := range jobs.Elements() {
		name, _ := job.Get(k.Key).AsString()
		found[name] = job
	}
	return found
}

// StateOf returns the state of a job.
func (k *Kind) StateOf(job value.Value) string {
	state, _ := awsaction.At(job, k.State).AsString()
	return state
}

// Shown returns a job as the result has it. A job that was never seen has an empty one.
func (k *Kind) Shown(job value.Value) value.Value {
	if job.IsAbsent() {
		job = value.EmptyObject
	}
	if k.Within == "" {
		return job
	}
	return value.Object(value.Field(k.Within, job))
}

// WithName returns a result with the name of what was worked on. A kind that is nil adds none.
func (k *Kind) WithName(result value.Value) value.Value {
	if k == nil || k.Name == "" || result.Kind() != value.ObjectKind {
		return result
	}
	return result.With(k.Name, awsaction.At(result, k.NameOf))
}

// members returns members that take the parts of a job's name.
func members(names []string, handle string) []value.Member {
	all := make([]value.Member, len(names))
	for i, part := range strings.Split(handle, separator) {
		if name, list := strings.CutSuffix(names[i], "[]"); list {
			all[i] = value.Field(name, texts([]string{part}))
		} else {
			all[i] = value.Field(name, value.String(part))
		}
	}
	return all
}

func texts(all []string) value.Value {
	elements := make([]value.Value, len(all))
	for i, text := range all {
		elements[i] = value.String(text)
	}
	return value.Array(elements...)
}
