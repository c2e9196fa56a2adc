package awsname

// Errors is what an optimized integration calls its service's errors: "Prefix.Exception".
type Errors struct {
	Prefix string // SQS
	Base   string // what an error becomes that the service's model does not have: AmazonSQSException (I3, I5c)
	Client string // what causes call the service: AmazonSQS
}

// errors are the optimized integrations whose errors are known (I2, I3, I5c).
var errors = map[string]Errors{
	"apigateway":       {Prefix: "ApiGateway"}, // which raises numbers besides (A3)
	"athena":           {"Athena", "AmazonAthenaException", "AmazonAthena"},
	"batch":            {"Batch", "AWSBatchException", "AWSBatch"},
	"codebuild":        {"CodeBuild", "AWSCodeBuildException", "AWSCodeBuild"},
	"dynamodb":         {"DynamoDB", "AmazonDynamoDBException", "AmazonDynamoDBv2"},
	"ecs":              {"ECS", "AmazonECSException", "AmazonECS"},
	"eks":              {"EKS", "AmazonEKSException", "AmazonEKS"}, // which raises numbers besides
	"elasticmapreduce": {"EMR", "AmazonElasticMapReduceException", "AmazonElasticMapReduce"},
	"events":           {"EventBridge", "AmazonEventBridgeException", "AmazonEventBridge"},
	"glue":             {"Glue", "AWSGlueException", "AWSGlue"},
	"lambda":           {"Lambda", "AWSLambdaException", "AWSLambda"},
	"sagemaker":        {"SageMaker", "AmazonSageMakerException", "AmazonSageMaker"},
	"sns":              {"SNS", "AmazonSNSException", "AmazonSNS"},
	"sqs":              {"SQS", "AmazonSQSException", "AmazonSQS"},
	"states":           {"StepFunctions", "AWSStepFunctionsException", "AWSStepFunctions"},
}

// ErrorsOf returns what an optimized integration calls its service's errors; nothing if that is not known.
func ErrorsOf(integration string) Errors { return errors[integration] }

// IsPrefix reports whether an optimized integration's errors are known to begin so.
func IsPrefix(prefix string) bool {
	for _, e := range errors {
		if e.Prefix == prefix {
			return true
		}
	}
	return false
}
