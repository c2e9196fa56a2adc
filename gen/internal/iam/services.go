package iam

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
)

// services says what calls of the optimized integrations need.
var services = map[string]func(*call, catalog.Resource){
	"apigateway": (*call).apiGateway,
	"batch":      (*call).batch,
	"bedrock":    (*call).bedrock,
	"dynamodb":   (*call).dynamoDB,
	"ecs":        (*call).runTask,
	"events":     (*call).putEvents,
	"glue":       (*call).glue,
	"http":       (*call).http,
	"lambda":     (*call).lambda,
	"sns":        (*call).sns,
	"sqs":        (*call).sqs,
	"states":     (*call).startExecution,
}

// lambda allows to invoke a function, given by its name or ARN.
func (c *call) lambda(catalog.Resource) {
	arn := c.resource(c.argument("FunctionName"), "function", "lambda", "function:")
	switch qualifier := c.argument("Qualifier"); {
	case qualifier.known:
		arn += ":" + qualifier.text
	case qualifier.given:
		c.wide(qualifier, "version")
		arn += ":*"
	}
	c.allow("lambda:InvokeFunction", arn)
}

func (c *call) sns(catalog.Resource) {
	topic := c.argument("TopicArn")
	if !topic.given {
		topic = c.argument("TargetArn")
	}
	if !topic.given && c.argument("PhoneNumber").given { // messages to a phone have no resource
		c.allow("sns:Publish", "*")
		return
	}
	c.allow("sns:Publish", c.resource(topic, "topic", "sns", ""))
}

func (c *call) sqs(catalog.Resource) { c.allow("sqs:SendMessage", c.queue()) }

// queue returns the ARN of the queue that a QueueUrl names.
func (c *call) queue() string {
	queue := c.argument("QueueUrl")
	if queue.known {
		u, err := url.Parse(queue.text)
		if err != nil || u.Host == "" {
			return c.resource(queue, "queue", "sqs", "")
		}
		host, path := strings.Split(u.Host, "."), strings.Split(strings.Trim(u.Path, "/"), "/")
		if len(host) > 2 && host[0] == "sqs" && len(path) == 2 {
			return strings.Join([]string{"arn", c.partition, "sqs", host[1], path[0], path[1]}, ":")
		}
	}
	queue.known = false
	return c.resource(queue, "queue", "sqs", "")
}

func (c *call) dynamoDB(r catalog.Resource) {
	c.allow("dynamodb:"+pascal(r.Action), c.resource(c.argument("TableName"), "table", "dynamodb", "table/"))
}

// startExecution allows to start a state machine and, for the patterns that wait, to follow and stop the execution.
func (c *call) startExecution(r catalog.Resource) {
	arn := c.resource(c.argument("StateMachineArn"), "state machine", "states", "stateMachine:")
	c.allow("states:StartExecution", arn)
	if r.Pattern != catalog.SyncPattern && r.Pattern != catalog.Sync2Pattern {
		return
	}
	executions := strings.Replace(arn, ":stateMachine:", ":execution:", 1) + ":*"
	if executions == arn+":*" { // a placeholder
		executions = c.arn("states", "execution:*")
	}
	c.allow("states:DescribeExecution states:StopExecution", executions)
	c.events("StepFunctionsGetEventsForStepFunctionsExecutionRule")
}

func (c *call) putEvents(catalog.Resource) {
	entries := c.argument("Entries")
	if entries.node == nil || entries.node.Elements == nil {
		c.allow("events:PutEvents", c.resource(argument{given: entries.given, span: entries.span}, "event bus", "events", "event-bus/"))
		return
	}
	for _, e := range entries.node.Elements {
		bus := c.name(c.find(e, "EventBusName"))
		if !bus.given {
			bus = argument{text: "default", known: true}
		}
		c.allow("events:PutEvents", c.resource(bus, "event bus", "events", "event-bus/"))
	}
}

func (c *call) batch(r catalog.Resource) {
	if r.Action == "submitJob" {
		c.allow("batch:SubmitJob",
			c.resource(c.argument("JobDefinition"), "job definition", "batch", "job-definition/"),
			c.resource(c.argument("JobQueue"), "job queue", "batch", "job-queue/"))
	} else {
		c.allow("batch:"+pascal(r.Action), "*")
	}
	if r.Pattern == catalog.SyncPattern {
		c.allow("batch:DescribeJobs batch:TerminateJob", "*")
		c.events("StepFunctionsGetEventsForBatchJobsRule")
	}
}

// bedrock allows to call a model. Those that Amazon Bedrock offers have ARNs without an account.
func (c *call) bedrock(r catalog.Resource) {
	if r.Action != "invokeModel" {
		c.integration(r)
		return
	}
	model := c.resource(c.argument("ModelId"), "model", "bedrock", "foundation-model/")
	c.allow("bedrock:InvokeModel", strings.Replace(model, ":"+cmp.Or(c.options.Account, "*")+":foundation-model/", "::foundation-model/", 1))
}

func (c *call) glue(r catalog.Resource) {
	job := c.resource(c.argument("JobName"), "job", "glue", "job/")
	c.allow("glue:"+pascal(r.Action), job)
	if r.Pattern == catalog.SyncPattern {
		c.allow("glue:GetJobRun glue:GetJobRuns glue:BatchStopJobRun", job)
	}
}

// http allows to call an endpoint with the credentials of a connection (P5).
func (c *call) http(catalog.Resource) {
	condition := Condition{}
	if endpoint := c.freeText("ApiEndpoint"); endpoint.known {
		condition["StringLike"] = map[string][]string{"states:HTTPEndpoint": {endpoint.text}}
	} else {
		c.wide(endpoint, "endpoint")
	}
	if method := c.freeText("Method"); method.known {
		condition["StringEquals"] = map[string][]string{"states:HTTPMethod": {method.text}}
	}
	if len(condition) == 0 {
		condition = nil
	}
	c.allowIf(condition, []string{"states:InvokeHTTPEndpoint"}, c.arn("states", "stateMachine:"+c.stateMachine(c)))
	connection := c.argument("InvocationConfig", "ConnectionArn")
	if !connection.given {
		connection = c.argument("Authentication", "ConnectionArn")
	}
	c.allow("events:RetrieveConnectionCredentials", c.resource(connection, "connection", "events", "connection/"))
	c.allow("secretsmanager:GetSecretValue secretsmanager:DescribeSecret", c.arn("secretsmanager", "secret:events!connection/*"))
}

// apiGateway allows to call an API that asks for the role's signature.
func (c *call) apiGateway(catalog.Resource) {
	auth := c.argument("AuthType")
	if !auth.given || auth.known && auth.text == "NO_AUTH" {
		return
	}
	endpoint, method := c.freeText("ApiEndpoint"), c.freeText("Method")
	id, _, _ := strings.Cut(endpoint.text, ".")
	if !endpoint.known {
		c.wide(endpoint, "API")
		id = "*"
	}
	if !method.known {
		method.text = "*"
	}
	stage, path := c.freeText("Stage"), c.freeText("Path")
	if !stage.known {
		stage.text = "*"
	}
	if !path.known {
		path.text = "*"
	}
	c.allow("execute-api:Invoke", c.arn("execute-api", strings.Join([]string{id, stage.text, method.text, strings.TrimPrefix(path.text, "/")}, "/")))
}

// pascal writes the name of an action as IAM does.
func pascal(action string) string { return strings.ToUpper(action[:1]) + action[1:] }
