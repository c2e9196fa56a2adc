package catalog

import (
	"maps"
	"slices"
	"strings"
)

// The patterns of waiting for a service (table 4.1); request-response is "".
const (
	SyncPattern  = "sync"
	Sync2Pattern = "sync:2" // states only: the result's Input and Output as JSON
	TokenPattern = "waitForTaskToken"
)

// service is what the optimized integration with a service offers.
type service struct {
	actions  string // in words; "" if they are not all known
	patterns string // in words, besides request-response
	recorded string // the actions, in words, whose results and errors are held to recordings of AWS
}

// services holds the optimized integrations (table 4.1).
var services = map[string]service{
	"apigateway":       {actions: "invoke", patterns: "waitForTaskToken", recorded: "invoke"},
	"athena":           {actions: "getQueryExecution getQueryResults startQueryExecution stopQueryExecution", patterns: "sync"},
	"aws-sdk":          {patterns: "waitForTaskToken"},
	"batch":            {actions: "submitJob", patterns: "sync"},
	"bedrock":          {actions: "createModelCustomizationJob invokeModel", patterns: "sync waitForTaskToken"},
	"codebuild":        {actions: "batchDeleteBuilds batchGetReports deleteBuildBatch retryBuildBatch startBuild startBuildBatch stopBuild stopBuildBatch", patterns: "sync"},
	"databrew":         {actions: "startJobRun", patterns: "sync"},
	"dynamodb":         {actions: "getItem putItem updateItem deleteItem", recorded: "getItem putItem updateItem deleteItem"},
	"ecs":              {patterns: "sync waitForTaskToken", recorded: "runTask"},
	"eks":              {actions: "call createCluster createFargateProfile createNodegroup deleteCluster deleteFargateProfile deleteNodegroup runJob", patterns: "sync waitForTaskToken"},
	"elasticmapreduce": {actions: "addStep cancelStep createCluster modifyInstanceFleetByName modifyInstanceGroupByName setClusterTerminationProtection terminateCluster", patterns: "sync"},
	"emr-containers":   {actions: "createVirtualCluster deleteVirtualCluster startJobRun", patterns: "sync"},
	"emr-serverless":   {actions: "cancelJobRun createApplication deleteApplication startApplication startJobRun stopApplication", patterns: "sync"},
	"events":           {actions: "putEvents", patterns: "waitForTaskToken", recorded: "putEvents"},
	"glue":             {actions: "startJobRun", patterns: "sync"},
	"http":             {actions: "invoke"},
	"lambda":           {actions: "invoke", patterns: "waitForTaskToken", recorded: "invoke"},
	"mediaconvert":     {actions: "createJob", patterns: "sync"},
	"sagemaker":        {patterns: "sync"},
	"sns":              {actions: "publish", patterns: "waitForTaskToken", recorded: "publish"},
	"sqs":              {actions: "sendMessage", patterns: "waitForTaskToken", recorded: "sendMessage"},
	"states":           {actions: "startExecution", patterns: "sync sync:2 waitForTaskToken", recorded: "startExecution"},
}

// Integrations returns the names of the optimized integrations, sorted.
func Integrations() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(services)), func(name string) bool { return name == "aws-sdk" })
}

// Actions returns the actions of an optimized integration, nil if they are not all known.
func Actions(service string) []string {
	return strings.Fields(services[service].actions)
}

// Recorded reports whether the results and errors of a task with this resource are held to recordings of AWS. Those of others are as AWS's
// guide and the models of the services have them. What AWS SDK integrations have in common is recorded.
func (r Resource) Recorded() bool {
	return r.Kind != Integration || r.Service == "aws-sdk" || slices.Contains(strings.Fields(services[r.Service].recorded), r.Action)
}
