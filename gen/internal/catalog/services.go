package catalog

import "strings"

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
}

// services holds the optimized integrations (table 4.1).
var services = map[string]service{
	"apigateway":       {actions: "invoke", patterns: "waitForTaskToken"},
	"athena":           {patterns: "sync"},
	"aws-sdk":          {patterns: "waitForTaskToken"},
	"batch":            {patterns: "sync"},
	"bedrock":          {patterns: "sync waitForTaskToken"},
	"codebuild":        {patterns: "sync"},
	"databrew":         {patterns: "sync"},
	"dynamodb":         {actions: "getItem putItem updateItem deleteItem"},
	"ecs":              {patterns: "sync waitForTaskToken"},
	"eks":              {patterns: "sync waitForTaskToken"},
	"elasticmapreduce": {patterns: "sync"},
	"emr-containers":   {patterns: "sync"},
	"emr-serverless":   {patterns: "sync"},
	"events":           {actions: "putEvents", patterns: "waitForTaskToken"},
	"glue":             {patterns: "sync"},
	"http":             {actions: "invoke"},
	"lambda":           {actions: "invoke", patterns: "waitForTaskToken"},
	"mediaconvert":     {patterns: "sync"},
	"sagemaker":        {patterns: "sync"},
	"sns":              {actions: "publish", patterns: "waitForTaskToken"},
	"sqs":              {actions: "sendMessage", patterns: "waitForTaskToken"},
	"states":           {actions: "startExecution", patterns: "sync sync:2 waitForTaskToken"},
}

// requiredByCall are the parameters without which AWS refuses a call of an optimized integration when the machine is made (ASL100b).
// Those of RunTask are with its types.
var requiredByCall = map[string]string{
	"dynamodb:deleteItem":   "TableName Key",
	"dynamodb:getItem":      "TableName Key",
	"dynamodb:putItem":      "TableName Item",
	"dynamodb:updateItem":   "TableName Key",
	"events:putEvents":      "Entries",
	"glue:startJobRun":      "JobName",
	"lambda:invoke":         "FunctionName",
	"sns:publish":           "Message",
	"sqs:sendMessage":       "QueueUrl MessageBody",
	"states:startExecution": "StateMachineArn",
}

// lambdaInvoke are the parameters of lambda:invoke: those of the API, and LogType, which AWS was seen to pass on (L1, I6).
var lambdaInvoke = strings.Fields("ClientContext FunctionName InvocationType LogType Payload Qualifier")

// Taken returns the names of all parameters of a call of an optimized integration, nil if they are not known here.
// Those of RunTask are with its types.
func (r Resource) Taken() []string {
	if r.Service == "lambda" {
		return lambdaInvoke
	}
	return nil
}

// Required returns the names of the parameters that the call must have, as far as they are known.
func (r Resource) Required() []string { return strings.Fields(requiredByCall[r.Service+":"+r.Action]) }
