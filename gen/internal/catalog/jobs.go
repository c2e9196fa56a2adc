package catalog

// Job is what of the AWS SDK for Go watches over a job that .sync waits for (D7).
type Job struct {
	Ask, Stop string // methods of the client
	Result    string // the Go type of the result, in the package types of the service unless it is an operation's
	Inner     bool   // it is in the package types
}

// jobs are those of the integrations, by the ends of their Resources.
var jobs = map[string]Job{
	"athena:startQueryExecution": {Ask: "GetQueryExecution", Stop: "StopQueryExecution", Result: "GetQueryExecutionOutput"},
	"batch:submitJob":            {Ask: "DescribeJobs", Stop: "TerminateJob", Result: "JobDetail", Inner: true},
	"glue:startJobRun":           {Ask: "GetJobRun", Stop: "BatchStopJobRun", Result: "JobRun", Inner: true},
	"states:startExecution":      {Ask: "DescribeExecution", Stop: "StopExecution", Result: "DescribeExecutionOutput"},
}

// Job returns how the task waits for a job; ok is false if it waits for none, or it is not known how.
func (r Resource) Job() (j Job, ok bool) {
	if r.Pattern != SyncPattern && r.Pattern != Sync2Pattern {
		return Job{}, false
	}
	j, ok = jobs[r.Service+":"+r.Action]
	return j, ok
}
