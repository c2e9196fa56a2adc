package awsmodel

import (
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/awsaction"
	"github.com/r-seed-632eed22/aslgen/internal/awsname"
)

// Call is the operation of a service that an integration of Step Functions calls.
type Call struct {
	*Operation
	Service *Service
	SDK     bool             // it is called by the AWS SDK integration, whose names are those of the AWS SDK for Java 2 (I5)
	Change  awsaction.Change // how parameters and answer differ from the operation's, whose name is that of the API

	integration, action string // of the Resource: dynamodb putItem, aws-sdk s3:getObject
}

// optimized are the services of the optimized integrations whose parameters are those of an API, by their names there (D6).
var optimized = map[string]string{
	"athena": "athena", "batch": "batch", "bedrock": "bedrock", "codebuild": "codebuild", "databrew": "databrew", "dynamodb": "dynamodb",
	"ecs": "ecs", "eks": "eks", "emr-containers": "emrcontainers", "emr-serverless": "emrserverless", "events": "eventbridge", "glue": "glue",
	"elasticmapreduce": "emr", "lambda": "lambda", "mediaconvert": "mediaconvert", "sagemaker": "sagemaker", "sns": "sns", "sqs": "sqs", "states": "sfn",
}

// Find returns the operation that an integration calls with an action, which of aws-sdk has its service before it: s3:getObject. It is
// nil if the integration calls none, or none that is known.
func Find(integration, action string) *Call {
	c := &Call{SDK: integration == "aws-sdk", integration: integration, action: action}
	service := optimized[integration]
	if c.SDK {
		service, action, _ = strings.Cut(action, ":")
	}
	model, isOwn := own[integration+":"+action]
	if !isOwn {
		model = func() *Service { return Load(service) }
	}
	if c.Service = model(); c.Service == nil {
		return nil
	}
	change, differs := awsaction.Of(integration + ":" + c.action)
	if change.Operation != "" {
		action = awsname.Action(change.Operation)
	}
	if c.Operation = c.Service.Operation(action); c.Operation == nil {
		return nil
	}
	if c.Change = change; differs {
		c.Operation = c.Operation.changed(change)
	}
	return c
}

// NameOf returns what the integration calls a member of a shape.
func (c *Call) NameOf(m *Member) string {
	if c.SDK {
		return m.sdk
	}
	return awsname.Capital(m.Name)
}

// Member returns the member of a shape that the integration calls by a name, nil if there is none.
func (c *Call) Member(x *Shape, name string) *Member {
	for i := range x.Members {
		if m := &x.Members[i]; c.NameOf(m) == name || c.SDK && m.Name == name && isAttribute(x) { // I5: perhaps both
			return m
		}
	}
	return nil
}

// Spelt returns what the integration calls the member whose name differs from a name in its letters' case alone.
func (c *Call) Spelt(x *Shape, name string) (spelt string, ok bool) {
	i := slices.IndexFunc(x.Members, func(m Member) bool { return strings.EqualFold(m.Name, name) })
	if i < 0 {
		return "", false
	}
	return c.NameOf(&x.Members[i]), true
}

// isAttribute reports whether a shape is the value of an attribute in DynamoDB: a union, though its model does not say so.
func isAttribute(x *Shape) bool {
	return x.Name == "AttributeValue" && x.Member("BOOL") != nil
}

// IsUnion reports whether exactly one member of a structure is set.
func IsUnion(x *Shape) bool { return x.Kind == Union || isAttribute(x) }

// Names returns what the integration calls the members of a shape.
func (c *Call) Names(x *Shape) []string {
	names := make([]string, len(x.Members))
	for i := range x.Members {
		names[i] = c.NameOf(&x.Members[i])
	}
	return names
}

// documents are the members whose texts are JSON for most: any JSON may stand for them, and its text is sent (I5b, M1–M3, S3).
var documents = map[string]string{
	"events:putEvents": "Detail", "sns:publish": "Message", "sqs:sendMessage": "MessageBody", "states:startExecution": "Input",
	"aws-sdk:eventbridge:putEvents": "Detail", "aws-sdk:sns:publish": "Message", "aws-sdk:sqs:sendMessage": "MessageBody",
	"aws-sdk:sfn:startExecution": "Input", "aws-sdk:sfn:startSyncExecution": "Input", "aws-sdk:sfn:sendTaskSuccess": "Output",
}

// TakesJSON reports whether any JSON may be given for a member whose service wants a text.
func (c *Call) TakesJSON(member string) bool {
	return documents[c.integration+":"+c.action] == member
}

// Strict reports whether a text must be given as a text: elsewhere AWS sends the JSON's text of what is given (I5b).
func (c *Call) Strict() bool { return c.integration == "dynamodb" || c.integration == "ecs" }

// Added returns the members that Step Functions adds to the result: the metadata of the answer (I1).
func (c *Call) Added() []string {
	if c.SDK || c.integration == "events" || c.Service.Module == "" {
		return nil
	}
	return []string{"SdkHttpMetadata", "SdkResponseMetadata"}
}
