package check

// The patterns of waiting for a service (table 4.1); request-response is "".
const (
	syncPattern  = "sync"
	sync2Pattern = "sync:2" // states only: the result's Input and Output as JSON
	tokenPattern = "waitForTaskToken"
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
