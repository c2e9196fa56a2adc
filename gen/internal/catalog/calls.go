package catalog

import (
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
	"github.com/r-seed-632eed22/aslgen/internal/awsname"
)

// Call is the operation of a service that an integration calls, as the service's model has it.
type Call struct {
	*awsmodel.Operation
	Service *awsmodel.Service
	SDK     bool // it is called by the AWS SDK integration, whose names are those of the AWS SDK for Java 2 (I5)

	resource Resource
}

// models are the services of the optimized integrations whose parameters are those of an API, by their names there (D6).
var models = map[string]string{
	"athena": "athena", "batch": "batch", "bedrock": "bedrock", "codebuild": "codebuild", "databrew": "databrew", "dynamodb": "dynamodb",
	"ecs": "ecs", "eks": "eks", "emr-containers": "emrcontainers", "emr-serverless": "emrserverless", "events": "eventbridge", "glue": "glue",
	"lambda": "lambda", "mediaconvert": "mediaconvert", "sagemaker": "sagemaker", "sns": "sns", "sqs": "sqs", "states": "sfn",
}

// ownParameters are the actions whose parameters are those of no API.
var ownParameters = []string{"bedrock:invokeModel", "eks:call", "eks:runJob"}

// Call returns the operation that the integration calls; nil if it calls none, or none that is known.
func (r Resource) Call() *Call {
	if r.Kind != Integration || !r.Whole() {
		return nil
	}
	c := &Call{SDK: r.Service == "aws-sdk", resource: r}
	service, action := models[r.Service], r.Action
	if c.SDK {
		service, action, _ = strings.Cut(r.Action, ":")
	} else if slices.Contains(ownParameters, r.Service+":"+action) {
		return nil
	}
	if c.Service = awsmodel.Load(service); c.Service == nil {
		return nil
	}
	if c.Operation = c.Service.Operation(action); c.Operation == nil || c.Input() == nil {
		return nil
	}
	return c
}

// NameOf returns what the integration calls a member of a shape.
func (c *Call) NameOf(member string) string {
	if c.SDK {
		return awsname.Member(member)
	}
	return awsname.Capital(member)
}

// Member returns the member of a shape that the integration calls by a name, nil if there is none.
func (c *Call) Member(x *awsmodel.Shape, name string) *awsmodel.Member {
	for i := range x.Members {
		if m := &x.Members[i]; c.NameOf(m.Name) == name || c.SDK && name == awsname.Capital(m.Name) && isAttribute(x) { // I5: perhaps both
			return m
		}
	}
	return nil
}

// isAttribute reports whether a shape is the value of an attribute in DynamoDB: a union, though its model does not say so.
func isAttribute(x *awsmodel.Shape) bool {
	return x.Name == "AttributeValue" && x.Member("BOOL") != nil
}

// IsUnion reports whether exactly one member of a structure is set.
func IsUnion(x *awsmodel.Shape) bool { return x.Kind == awsmodel.Union || isAttribute(x) }

// Names returns what the integration calls the members of a shape.
func (c *Call) Names(x *awsmodel.Shape) []string {
	names := make([]string, len(x.Members))
	for i, m := range x.Members {
		names[i] = c.NameOf(m.Name)
	}
	return names
}

// documents are the members of texts that the optimized integrations take any JSON for, and send the text of it (I5b, M1–M3, S3).
var documents = map[string]string{
	"events:putEvents": "Detail", "sns:publish": "Message", "sqs:sendMessage": "MessageBody", "states:startExecution": "Input",
}

// TakesJSON reports whether any JSON may be given for a member whose service wants a text.
func (c *Call) TakesJSON(member string) bool {
	return documents[c.resource.Service+":"+c.resource.Action] == member
}

// Strict reports whether a text must be given as a text: elsewhere AWS sends the JSON's text of what is given (I5b).
func (c *Call) Strict() bool { return c.resource.Service == "dynamodb" || c.resource.Service == "ecs" }

// Added returns the members that Step Functions adds to the result: the metadata of the answer (I1), and the name of a job of Glue.
func (c *Call) Added() []string {
	switch {
	case c.SDK:
		return nil
	case c.resource.Service == "glue":
		return []string{"SdkHttpMetadata", "SdkResponseMetadata", "JobName"}
	}
	return []string{"SdkHttpMetadata", "SdkResponseMetadata"}
}
