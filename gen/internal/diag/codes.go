package diag

// Every code there is: ID, usual severity, rule of docs/rules.md 1.21, sentence, example. Add at the end of a range.

// 01xx: the text as JSON.
var (
	BadJSON = define("ASL0101", Error, "ASL001",
		"The text is not JSON.",
		`{"StartAt": "A", "States": {"A": {"Type": "Succeed",}}}`)
	NotObject = define("ASL0102", Error, "ASL002",
		"A definition is one JSON object.",
		`["StartAt", "States"]`)
	DuplicateKey = define("ASL0103", Error, "ASL003",
		"An object has the same key twice.",
		`{"StartAt": "A", "States": {"A": {"Type": "Fail", "Cause": "x", "Cause": "y"}}}`)
	TooLarge = define("ASL0104", Error, "ASL132",
		"A definition is larger than the 1 MB that AWS takes.",
		"") // the example would be as large
	TooDeep = define("ASL0105", Error, "",
		"The text nests deeper than any state machine does.",
		"") // the example would be a page of brackets
	NeedsValue = define("ASL0106", Error, "",
		"A ${placeholder} without quotes needs a value, since the machine's form depends on it.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": ${Last}}}}`)
	LeftToRunTime = define("ASL0107", Warning, "",
		"A ${placeholder} in a string has no value: whoever makes the machine gives it one.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
			"Parameters": {"TopicArn": "${Topic}", "Message": "m"}}}}`)
	DocumentInString = define("ASL0108", Error, "",
		"The value of a ${placeholder} in a string is an array or an object.",
		"") // the example would need a file of values
	CloudFormationFunction = define("ASL0109", Error, "",
		"A function of CloudFormation, such as Ref, stands for a value that only the deployed template has.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": {"Fn::GetAtt": ["F", "Arn"]}, "End": true}}}`)
	NotMachine = define("ASL0110", Error, "",
		"The file is one of a deployment tool, in which machines may be, not a machine.",
		`{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}`)
	TemplateDirective = define("ASL0111", Error, "",
		"The text is a template of Terraform or Go: it is a machine only once it is rendered.",
		`{"StartAt": "A", {{ if .T }} "TimeoutSeconds": 60, {{ end }} "States": {"A": {"Type": "Succeed"}}}`)
	BadYAML = define("ASL0112", Error, "",
		"The file is not YAML, or holds what JSON cannot have.",
		"") // the example would be YAML
	YAMLTrap = define("ASL0113", Warning, "",
		"A word means one thing to YAML 1.1, which CloudFormation and SAM read, and another to YAML 1.2.",
		"") // the example would be YAML
	Comment = define("ASL0114", Warning, "",
		"A comment stands in the definition: AWS takes none.",
		"") // the example would be no JSON
	BadTerraform = define("ASL0115", Error, "",
		"The file is not in Terraform's language.",
		"") // the example would be no JSON
)

// 02xx: the structure of the machine and of its states.
var (
	MissingField = define("ASL0201", Error, "ASL004",
		"A machine, and a branch or item processor in it, needs StartAt and States.",
		`{"States": {"A": {"Type": "Succeed"}}}`)
	UnknownField = define("ASL0202", Error, "ASL005",
		"Amazon States Language has no such field here.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Ned": true, "End": true}}}`)
	UnknownTarget = define("ASL0203", Error, "ASL012",
		"Next and Default name a state of the same States object.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Chekc"}, "Check": {"Type": "Succeed"}}}`)
	WrongType = define("ASL0204", Error, "ASL006",
		"The value of a field has the wrong JSON type.",
		`{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": "10", "End": true}}}`)
	UnknownStateType = define("ASL0205", Error, "ASL007",
		"The Type of a state is one of Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map.",
		`{"StartAt": "A", "States": {"A": {"Type": "Sleep", "End": true}}}`)
	BadStateName = define("ASL0206", Error, "ASL008",
		"The name of a state has 1 to 80 characters.",
		`{"StartAt": "", "States": {"": {"Type": "Succeed"}}}`)
	DuplicateState = define("ASL0207", Error, "ASL009",
		"The name of a state is unique in the whole machine, its branches and item processors included.",
		`{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [
			{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}]}}}`)
	NoStates = define("ASL0208", Error, "ASL010",
		"A machine has at least one state.",
		`{"StartAt": "A", "States": {}}`)
	UnknownStart = define("ASL0209", Error, "ASL011",
		"StartAt names a state of the same machine.",
		`{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}`)
	CrossesScope = define("ASL0210", Error, "ASL013",
		"A transition cannot lead into or out of a branch or an item processor.",
		`{"StartAt": "A", "States": {"A": {"Type": "Parallel", "Next": "Z", "Branches": [
			{"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "Z"}, "C": {"Type": "Succeed"}}}]},
			"Z": {"Type": "Succeed"}}}`)
	NoTerminalState = define("ASL0211", Error, "ASL014",
		"A machine needs a state that ends it: End, Succeed or Fail. A branch or item processor without one never ends.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}`)
	Unreachable = define("ASL0212", Error, "ASL015",
		"No transition leads to the state.",
		`{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Succeed"}}}`)
	NextOrEnd = define("ASL0213", Error, "ASL016",
		"A state has either Next or \"End\": true.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass"}, "B": {"Type": "Succeed"}}}`)
	NoTransition = define("ASL0214", Error, "ASL017",
		"Choice, Succeed and Fail have neither Next nor End.",
		`{"StartAt": "A", "States": {"A": {"Type": "Succeed", "End": true}}}`)
	BadQueryLanguage = define("ASL0215", Error, "ASL018",
		"QueryLanguage is JSONPath or JSONata.",
		`{"QueryLanguage": "JMESPath", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`)
	BackToJSONPath = define("ASL0216", Error, "ASL019",
		"In a JSONata machine no state can go back to JSONPath.",
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed", "QueryLanguage": "JSONPath"}}}`)
	JSONPathField = define("ASL0217", Error, "ASL020",
		"The field belongs to JSONPath, the state to JSONata.",
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.a", "End": true}}}`)
	JSONataField = define("ASL0218", Error, "ASL021",
		"The field belongs to JSONata, the state to JSONPath.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Output": {}, "End": true}}}`)
	BadChoiceRule = define("ASL0219", Error, "ASL040",
		"A Choice has at least one rule, each with a Next; a rule inside another has neither Next nor Assign.",
		`{"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "B", "Choices": [
			{"Variable": "$.n", "IsNull": true}]}, "B": {"Type": "Succeed"}}}`)
	BadComparison = define("ASL0220", Error, "ASL041",
		"A rule either compares a Variable with exactly one operator or combines rules with And, Or or Not.",
		`{"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "B", "Choices": [
			{"Variable": "$.n", "Next": "B"}]}, "B": {"Type": "Succeed"}}}`)
	BadOperand = define("ASL0221", Error, "ASL042",
		"The operand of a comparison has the wrong type.",
		`{"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "B", "Choices": [
			{"Variable": "$.n", "NumericEquals": "1", "Next": "B"}]}, "B": {"Type": "Succeed"}}}`)
	BadMatchPattern = define("ASL0222", Error, "ASL043",
		"In the pattern of StringMatches a backslash stands before * or another backslash.",
		`{"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "B", "Choices": [
			{"Variable": "$.n", "StringMatches": "a\\?", "Next": "B"}]}, "B": {"Type": "Succeed"}}}`)
	NoDefault = define("ASL0223", Warning, "ASL044",
		"A Choice without Default fails the execution when no rule matches.",
		`{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [
			{"Variable": "$.n", "IsNull": true, "Next": "B"}]}, "B": {"Type": "Succeed"}}}`)
	BadCondition = define("ASL0224", Error, "ASL045",
		"A JSONata rule has a Condition: true, false or a {% %} expression.",
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "B", "Choices": [
			{"Condition": "yes", "Next": "B"}]}, "B": {"Type": "Succeed"}}}`)
	WaitDuration = define("ASL0225", Error, "ASL050",
		"A Wait has exactly one of Seconds, SecondsPath, Timestamp and TimestampPath.",
		`{"StartAt": "A", "States": {"A": {"Type": "Wait", "End": true}}}`)
	WaitSeconds = define("ASL0226", Error, "ASL051",
		"The Seconds of a Wait are a whole number from 0 to 99999999.",
		`{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1.5, "End": true}}}`)
	BadTimestamp = define("ASL0227", Error, "ASL052",
		"A Timestamp is written as RFC 3339 has it, with T and a zone: 2026-01-31T12:00:00Z.",
		`{"StartAt": "A", "States": {"A": {"Type": "Wait", "Timestamp": "2026-01-31T12:00:00", "End": true}}}`)
	FailFieldTwice = define("ASL0228", Error, "ASL060",
		"A Fail has Error or ErrorPath, and Cause or CausePath, not both.",
		`{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E", "ErrorPath": "$.e"}}}`)
	ReservedErrorName = define("ASL0229", Warning, "ASL061",
		"Error names that begin with States. are those of Step Functions itself.",
		`{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "States.Custom"}}}`)
	NoBranches = define("ASL0230", Error, "ASL070",
		"A Parallel has at least one branch.",
		`{"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": [], "End": true}}}`)
	MapProcessor = define("ASL0231", Error, "ASL080",
		"A Map has an ItemProcessor, or the older Iterator, and only one of them.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true}}}`)
	MapTemplateTwice = define("ASL0232", Error, "ASL081",
		"A Map has ItemSelector or the older Parameters, not both.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "ItemSelector": {}, "Parameters": {}, "End": true,
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}}`)
	FieldAndPath = define("ASL0233", Error, "ASL082",
		"A field of a Map is given as a value or as a path, not as both.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "MaxConcurrency": 1, "MaxConcurrencyPath": "$.n", "End": true,
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}}`)
	Deprecated = define("ASL0234", Warning, "ASL089",
		"Iterator and Parameters of a Map are the older names of ItemProcessor and ItemSelector.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
			"Iterator": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}}`)
	BadHandler = define("ASL0235", Error, "ASL110",
		"Retry and Catch belong to Task, Parallel and Map, and their ErrorEquals names at least one error.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Retry": [{"ErrorEquals": ["States.ALL"]}]}}}`)
	AllNotLast = define("ASL0236", Error, "ASL111",
		"States.ALL stands alone in its ErrorEquals, and in the last retrier or catcher.",
		`{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true,
			"Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}],
			"Retry": [{"ErrorEquals": ["States.ALL", "Boom"]}]}}}`)
	RetryRange = define("ASL0237", Error, "ASL112",
		"A number or word of a retrier is outside what AWS takes.",
		`{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true,
			"Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}],
			"Retry": [{"ErrorEquals": ["Boom"], "IntervalSeconds": -1}]}}}`)
	NeverMatches = define("ASL0238", Warning, "ASL113",
		"The error name never matches: Step Functions does not raise it, or does not let it be caught.",
		`{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true,
			"Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}],
			"Retry": [{"ErrorEquals": ["States.Runtime"]}]}}}`)
	Shadowed = define("ASL0239", Warning, "ASL114",
		"An earlier retrier or catcher already takes every error that this one lists.",
		`{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true,
			"Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}],
			"Retry": [{"ErrorEquals": ["Boom"]}, {"ErrorEquals": ["Boom"]}]}}}`)
	MachineTimeout = define("ASL0240", Error, "ASL130",
		"The TimeoutSeconds of a machine are a whole number from 1 to 99999998; AWS takes 0, too.",
		`{"TimeoutSeconds": 1.5, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`)
	UnknownVersion = define("ASL0241", Error, "ASL131",
		"The only Version of Amazon States Language is 1.0.",
		`{"Version": "2.0", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`)
	ProcessorMode = define("ASL0242", Error, "ASL083",
		"The Mode of a Map is INLINE, or DISTRIBUTED with an ExecutionType of STANDARD or EXPRESS.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
			"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}}`)
	BatchSize = define("ASL0243", Error, "ASL084",
		"An ItemBatcher has a size: of items, or of at most 262144 bytes.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true, "ItemBatcher": {"BatchInput": {}},
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}},
				"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}}}}`)
	ResultWriter = define("ASL0244", Error, "ASL085",
		"A ResultWriter has a WriterConfig, or a Resource that writes objects and its parameters, or both.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true, "ResultWriter": {},
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}},
				"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}}}}`)
	ItemReader = define("ASL0245", Error, "ASL086",
		"An ItemReader names what it reads, and its ReaderConfig says how, without contradictions.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
			"Parameters": {"Bucket": "b"}, "ReaderConfig": {"InputType": "JSON"}},
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}},
				"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}}}}`)
	BadLabel = define("ASL0246", Error, "ASL087",
		"The Label of a Map has at most 40 characters, none of them special, and no other Map has it.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true, "Label": "a b",
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}},
				"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}}}}`)
	DistributedOnly = define("ASL0247", Error, "ASL088",
		"Only a distributed Map has the field.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true, "ItemBatcher": {"MaxItemsPerBatch": 5},
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}}`)
	MapNumber = define("ASL0248", Error, "ASL090",
		"A number of a Map is outside its range.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true, "MaxConcurrency": -1,
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}}`)
	DistributedInExpress = define("ASL0249", Error, "ASL091",
		"An Express machine cannot have a distributed Map.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}},
				"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}}}}`)
	EndlessLoop = define("ASL0250", Warning, "",
		"No way leads out of a loop: the execution fails when its history is full, with 25,000 events.",
		`{"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "B", "Choices": [
			{"Variable": "$.n", "IsPresent": true, "Next": "C"}]}, "B": {"Type": "Succeed"},
			"C": {"Type": "Wait", "Seconds": 60, "Next": "D"}, "D": {"Type": "Pass", "Next": "C"}}}`)
	IdleLoop = define("ASL0251", Warning, "",
		"Nothing in a loop waits or changes anything: an execution that goes round once does so until its history is full.",
		`{"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "C", "Choices": [
			{"Variable": "$.n", "IsPresent": true, "Next": "B"}]}, "B": {"Type": "Succeed"}, "C": {"Type": "Pass", "Next": "A"}}}`)
	DataTooLarge = define("ASL0252", Warning, "",
		"A document of an execution has at most 256 KiB, and what is written here is more already.",
		"") // the example would be too large
)

// 03xx: integrations. Up to 0319 what any Task has; from 0320 the parameters of single services.
var (
	BadResource = define("ASL0301", Error, "ASL100",
		"The Resource of a Task is the ARN of a function, an activity or a service integration.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "my-function", "End": true}}}`)
	UnsupportedPattern = define("ASL0302", Error, "ASL101",
		"The service has no integration with this action or suffix.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish.sync", "End": true}}}`)
	NotInExpress = define("ASL0303", Error, "ASL102",
		"An Express machine cannot wait for jobs, task tokens or activities.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "End": true,
			"Parameters": {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}}}}`)
	TaskTimeout = define("ASL0304", Error, "ASL103",
		"TimeoutSeconds and HeartbeatSeconds of a Task are whole numbers from 1 to 99999999, or given by a path.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"},
			"TimeoutSeconds": 0, "End": true}}}`)
	HeartbeatTooLong = define("ASL0305", Error, "ASL104",
		"HeartbeatSeconds are less than TimeoutSeconds.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"},
			"TimeoutSeconds": 60, "HeartbeatSeconds": 90, "End": true}}}`)
	NoRole = define("ASL0306", Error, "ASL105",
		"Credentials need a RoleArn, and activities and HTTP tasks take none.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"},
			"Credentials": {}, "End": true}}}`)
	TokenUnread = define("ASL0307", Warning, "ASL106",
		"The task waits for its token, but nothing passes the token on, so it can only time out.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
			"Parameters": {"QueueUrl": "q", "MessageBody": "m"}, "TimeoutSeconds": 60, "End": true}}}`)
	NoTimeout = define("ASL0308", Warning, "ASL107",
		"A task that waits for a job or a token has neither TimeoutSeconds nor HeartbeatSeconds: it may wait for a year.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "End": true,
			"Parameters": {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}}}}`)
	HTTPTimeout = define("ASL0309", Warning, "ASL108",
		"An HTTP task ends after 60 seconds whatever its TimeoutSeconds say.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke",
			"Parameters": {"ApiEndpoint": "https://example.com", "Method": "GET", "Authentication": {"ConnectionArn": "c"}},
			"TimeoutSeconds": 90, "End": true}}}`)
	TokenUnplaced = define("ASL0310", Warning, "ECS011",
		"The token reaches the RunTask call but no container: it belongs in an Environment or Command override.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.waitForTaskToken",
			"Parameters": {"TaskDefinition": "t", "Group.$": "$$.Task.Token"}, "TimeoutSeconds": 60, "End": true}}}`)
	TokenLiteral = define("ASL0311", Warning, "ECS014",
		"The text $$.Task.Token is passed on as it is, since its key does not end in .$.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
			"Parameters": {"QueueUrl": "q", "MessageBody": {"Token": "$$.Task.Token"}}, "TimeoutSeconds": 60, "End": true}}}`)
	UnknownECSAction = define("ASL0312", Error, "ECS001",
		"The optimized integration with Amazon ECS has runTask alone; the AWS SDK integration has the other actions.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:stopTask", "Parameters": {"Cluster": "c"}}}}`)
	MissingParameter = define("ASL0313", Error, "ECS002",
		"A call needs a parameter that is not given.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:runTask", "Parameters": {"Cluster": "c"}}}}`)
	UnknownParameter = define("ASL0314", Error, "ECS003",
		"The call has no such parameter. Parameters are written in PascalCase at every depth.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:runTask", "Parameters": {"taskDefinition": "t", "TaskDefinition": "t"}}}}`)
	UnlistedParameter = define("ASL0315", Warning, "ECS004",
		"A parameter is not on AWS's list for the integration with Amazon ECS.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:runTask", "Parameters": {"TaskDefinition": "t", "Tags": [{"Key": "a", "Value": "b"}]}}}}`)
	RoleInContainer = define("ASL0316", Error, "ECS005",
		"ExecutionRoleArn and TaskRoleArn belong to Overrides, not to a container's override.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:runTask", "Parameters": {"TaskDefinition": "t",
				"Overrides": {"ContainerOverrides": [{"Name": "c", "TaskRoleArn": "r"}]}}}}}`)
	LaunchTypeAndStrategy = define("ASL0317", Error, "ECS006",
		"LaunchType and CapacityProviderStrategy exclude each other.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:runTask", "Parameters": {"TaskDefinition": "t", "LaunchType": "EC2",
				"CapacityProviderStrategy": [{"CapacityProvider": "p"}]}}}}`)
	PropagateService = define("ASL0318", Error, "ECS007",
		"RunTask cannot propagate the tags of a service.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:runTask", "Parameters": {"TaskDefinition": "t", "PropagateTags": "SERVICE"}}}}`)
	NoContainerName = define("ASL0319", Error, "ECS009",
		"A container's override names its container.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:runTask", "Parameters": {"TaskDefinition": "t",
				"Overrides": {"ContainerOverrides": [{"Command": ["x"]}]}}}}}`)
	NoNetwork = define("ASL0320", Warning, "ECS010",
		"A task on Fargate needs a NetworkConfiguration.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:runTask", "Parameters": {"TaskDefinition": "t", "LaunchType": "FARGATE"}}}}`)
	CapacityUnhandled = define("ASL0321", Warning, "ECS012",
		"A Retry of a job does not see the errors that ECS raises for want of capacity.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:runTask.sync", "Parameters": {"TaskDefinition": "t"},
			"Retry": [{"ErrorEquals": ["ECS.ServerException"]}]}}}`)
	RunTaskLimit = define("ASL0322", Error, "ECS013",
		"A parameter of RunTask is larger than ECS allows.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:runTask", "Parameters": {"TaskDefinition": "t", "Count": 11}}}}`)
	NotGenerated = define("ASL0323", Error, "",
		"The machine is sound, but this part of it cannot be generated yet.",
		"") // checking finds nothing: only generating does
	LambdaRetry = define("ASL0324", Warning, "ASL115",
		"A call of a Lambda function is not repeated when Lambda itself is at fault for a moment.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "End": true}}}`)
	NotRaised = define("ASL0325", Warning, "",
		"The task cannot fail with the error, so the retrier or catcher never sees it.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
			"Parameters": {"Message": "m"}, "Retry": [{"ErrorEquals": ["SQS.SdkClientException"]}]}}}`)
	NoHeartbeat = define("ASL0326", Warning, "",
		"Heartbeats are sent only by who has the task's token: for a job that passes it to nobody they are missed, and it fails.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "HeartbeatSeconds": 60, "End": true,
			"Parameters": {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}}}}`)
	BadHTTPRequest = define("ASL0327", Error, "",
		"An HTTP request cannot be made so: a header that Step Functions keeps for itself, no connection, or an endpoint without https.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": true, "Parameters": {
			"ApiEndpoint": "http://example.com", "Method": "GET", "Authentication": {"ConnectionArn": "c"}}}}}`)
)

// 04xx: paths, intrinsic functions, templates and variables.
var (
	BadPath = define("ASL0401", Error, "ASL030",
		"The value is not a JSONPath that AWS takes.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "a.b", "End": true}}}`)
	NotReference = define("ASL0402", Error, "ASL031",
		"The field takes a Reference Path: one that names a single node by names and indices.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "ResultPath": "$.a[*]", "End": true}}}`)
	ResultPathTarget = define("ASL0403", Error, "ASL032",
		"ResultPath writes into the state's input, not into the context object or a variable.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "ResultPath": "$$.a", "End": true}}}`)
	NullItemsPath = define("ASL0404", Error, "ASL033",
		"ItemsPath cannot be null.",
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "ItemsPath": null, "End": true,
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}}`)
	BadDynamicValue = define("ASL0405", Error, "ASL034",
		"The value of a field whose name ends in .$ is a JSONPath or a call of an intrinsic function.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"a.$": 1}, "End": true}}}`)
	DuplicateDynamic = define("ASL0406", Error, "ASL035",
		"An object has two fields that are the same once .$ is taken off.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"a": 1, "a.$": "$.a"}, "End": true}}}`)
	BadIntrinsic = define("ASL0407", Error, "ASL036",
		"The call of an intrinsic function is faulty.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"a.$": "States.Fromat('{}', $.a)"}, "End": true}}}`)
	ForgottenSuffix = define("ASL0408", Warning, "ASL037",
		"The text looks like a path or an intrinsic call but is passed on as it is, since its key does not end in .$.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"a": "$.a"}, "End": true}}}`)
	StaticResult = define("ASL0409", Warning, "ASL038",
		"Result is passed on as it is: nothing in it is evaluated.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"a.$": "$.a"}, "End": true}}}`)
	TemplateNotObject = define("ASL0410", Warning, "ASL039",
		"A payload template is an object; where AWS takes another value, that stands for itself.",
		`{"StartAt": "A", "States": {"A": {"Type": "Parallel", "ResultSelector": "$.a", "End": true,
			"Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}]}}}`)
	NotStringFunction = define("ASL0411", Error, "ASL062",
		"ErrorPath and CausePath take only intrinsic functions that return a string.",
		`{"StartAt": "A", "States": {"A": {"Type": "Fail", "CausePath": "States.ArrayLength($.a)"}}}`)
	BadVariable = define("ASL0412", Error, "ASL120",
		"The name of a variable is an identifier of at most 80 characters and not \"states\"; Succeed and Fail assign none.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"a-b": 1}, "End": true}}}`)
	Reassigned = define("ASL0413", Error, "ASL121",
		"A branch or item processor cannot assign a variable that the machine around it has assigned before.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"},
			"B": {"Type": "Parallel", "End": true, "Branches": [
			{"StartAt": "C", "States": {"C": {"Type": "Pass", "Assign": {"x": 2}, "End": true}}}]}}}`)
	Unassigned = define("ASL0414", Warning, "ASL122",
		"No state assigns the variable, or none that comes before the one that reads it.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$x", "End": true}}}`)
	OuterVariable = define("ASL0415", Error, "ASL123",
		"The states of a distributed Map cannot read the variables of the machine around it.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"},
			"B": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
			"StartAt": "C", "States": {"C": {"Type": "Pass", "InputPath": "$x", "End": true}}}}}}`)
	OtherScopeVariable = define("ASL0416", Warning, "ASL124",
		"The variable is assigned only inside another branch or item processor, where it stays.",
		`{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [
			{"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"x": 1}, "End": true}}},
			{"StartAt": "C", "States": {"C": {"Type": "Pass", "InputPath": "$x", "End": true}}}]}}}`)
	NotInContext = define("ASL0417", Warning, "",
		"The context object has no such member.",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$$.Execution.ID", "End": true}}}`)
	BadJSONata = define("ASL0418", Error, "ASL022",
		"What stands between {% and %} is a JSONata expression.",
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% 1 + %}", "End": true}}}`)
	NoInput = define("ASL0419", Error, "ASL023",
		"A JSONata expression has no input of its own: names stand behind $states.input or a variable.",
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% order.id %}", "End": true}}}`)
	NoSuchStates = define("ASL0420", Error, "ASL024",
		"$states.result is for Output and Assign of Task, Parallel and Map, $states.errorOutput for those of a catcher.",
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% $states.result %}", "End": true}}}`)
	UnknownFunction = define("ASL0421", Warning, "ASL025",
		"JSONata has no such function in Step Functions.",
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% $sume([1, 2]) %}", "End": true}}}`)
	JSONPathInJSONata = define("ASL0422", Warning, "ASL026",
		"A JSONata state evaluates neither names that end in .$ nor paths and intrinsic functions outside {% %}: they are text.",
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": {"a.$": "$.a"}, "End": true}}}`)
	JSONataFails = define("ASL0423", Warning, "",
		"A part of a JSONata expression fails whenever it is evaluated.",
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% $uppercase(1) %}", "End": true}}}`)
)

// 05xx: types.
var (
	ParameterType = define("ASL0501", Error, "ECS008",
		"A parameter has the wrong JSON type, or a value that its enumeration does not have.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
			"Resource": "arn:aws:states:::ecs:runTask", "Parameters": {"TaskDefinition": "t", "LaunchType": "FARGAT"}}}}`)
	PathFindsNothing = define("ASL0502", Warning, "",
		"A path reads what no state before can have made.",
		`{"StartAt": "A", "States": {
			"A": {"Type": "Pass", "Parameters": {"task": "t"}, "Next": "B"},
			"B": {"Type": "Pass", "InputPath": "$.taks", "End": true}}}`)
	WrongData = define("ASL0503", Warning, "",
		"A field or a function is given data of which the type is known to be wrong.",
		`{"StartAt": "A", "States": {
			"A": {"Type": "Pass", "Parameters": {"at": "noon"}, "Next": "B"},
			"B": {"Type": "Pass", "Parameters": {"n.$": "States.ArrayLength($.at)"}, "End": true}}}`)
	NeverHolds = define("ASL0504", Warning, "",
		"A comparison is false whatever the data: its type, or all its values, are known.",
		`{"StartAt": "A", "States": {
			"A": {"Type": "Pass", "Parameters": {"status": "done"}, "Next": "B"},
			"B": {"Type": "Choice", "Default": "C", "Choices": [{"Variable": "$.status", "StringEquals": "failed", "Next": "C"}]},
			"C": {"Type": "Succeed"}}}`)
	WrongGoType = define("ASL0505", Error, "",
		"A Go type that aslgen.yaml names for a document does not go with what the machine does.",
		"") // the example would need a Go file
	NoSuchType = define("ASL0506", Error, "",
		"A Go type that aslgen.yaml names is not there.",
		"") // the example would need a Go file
	Misspelling = define("ASL0507", Warning, "",
		"A path reads a name that is all but one that a state sets, or that other paths read: likely a slip.",
		`{"StartAt": "A", "States": {
			"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.task", "Next": "B"},
			"B": {"Type": "Pass", "InputPath": "$.taks", "End": true}}}`)
	HistoryFull = define("ASL0508", Warning, "",
		"Every execution that no error ends writes more events than a history may have, which are 25,000.",
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Map", "Items": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "End": true,
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Map", "Items": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "End": true,
			"ItemProcessor": {"StartAt": "C", "States": {"C": {"Type": "Map", "Items": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "End": true,
			"ItemProcessor": {"StartAt": "D", "States": {"D": {"Type": "Map", "Items": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "End": true,
			"ItemProcessor": {"StartAt": "E", "States": {"E": {"Type": "Succeed"}}}}}}}}}}}}}}}`)
	ParameterForm = define("ASL0509", Warning, "",
		"A parameter is in a form that the service is not known to take: a value that its enumeration does not have, one beyond its limits, or JSON in place of a text.",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
			"Parameters": {"Bucket": "b", "Key": "k", "Body": "text", "Acl": "publik"}}}}`)
	CauseNotJSON = define("ASL0518", Warning, "",
		"A Cause is read as JSON, though the catcher takes errors too whose cause is plain text.",
		`{"StartAt": "A", "States": {
			"A": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "Parameters": {"TaskDefinition": "t"}, "TimeoutSeconds": 60,
				"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}], "End": true},
			"B": {"Type": "Pass", "Parameters": {"task.$": "States.StringToJson($.Cause)"}, "End": true}}}`)
	OneOfSeveral = define("ASL0519", Warning, "",
		"A JSONata expression gives one value as itself, where an array of such is wanted.",
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Map", "Items": "{% $filter($states.input.orders, function($o) { $o.open }) %}",
			"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}}}`)
)

// 06xx: names of the generated code. Generating finds them, not checking.
var (
	SameName = define("ASL0601", Warning, "", "Two states would have the same name in Go.",
		`{"StartAt": "send mail", "States": {
			"send mail": {"Type": "Pass", "Next": "send-mail"},
			"send-mail": {"Type": "Pass", "End": true}}}`)
	NameTaken         = define("ASL0602", Error, "", "Another file of the package declares a name that the generated code needs.", "")
	NoSuchState       = define("ASL0603", Error, "", "A name is chosen for a state that the machine does not have.", "")
	NoSuchPlaceholder = define("ASL0604", Error, "", "A value is given for a ${placeholder} that no machine has.", "")
	NoModule          = define("ASL0605", Warning, "", "The generated code's module lacks a module of the AWS SDK for Go that a task needs to be wired.", "")
)

// 07xx: the configuration file.
var (
	BadConfig      = define("ASL0701", Error, "", "The configuration file is not the YAML that it should be.", "")
	UnknownKey     = define("ASL0702", Error, "", "The configuration file has a key that means nothing there.", "")
	BadConfigValue = define("ASL0703", Error, "", "A value in the configuration file is not what its key needs.", "")
	SilenceUnused  = define("ASL0704", Warning, "", "A code is silenced that no machine has any more, or that is an error there.", "")
	NoSuchMachine  = define("ASL0705", Warning, "", "The configuration file speaks of a machine that is not there.", "")
)

// 08xx: what a machine may and may not do outside.
var (
	WidePermission = define("ASL0801", Warning, "", "What a task works on is not known before it runs, so the policy allows more than one thing.", "")
	NoPermission   = define("ASL0802", Warning, "", "The permissions that the task needs are not known: the policy lacks them.", "")
	OtherRole      = define("ASL0803", Warning, "", "The task is called as another role, which needs the permissions of the call.", "")
	PatternInName  = define("ASL0833", Warning, "", "A name has a character that is a pattern in a policy, and that no name at AWS has.", "")
)

// 09xx: what changes between two versions of a machine. Only comparing them finds it.
var (
	StateChanged   = define("ASL0911", Warning, "", "A state has come, gone or changed its kind: executions that are in it are concerned.", "")
	WayChanged     = define("ASL0912", Warning, "", "Executions begin elsewhere, or a state leads elsewhere.", "")
	HandlerChanged = define("ASL0913", Warning, "", "Other errors are retried or caught, or as often as before no longer.", "")
	LimitChanged   = define("ASL0914", Warning, "", "A time limit is another.", "")
	InputChanged   = define("ASL0915", Warning, "", "The machine reads something else of its input.", "")
	OutputChanged  = define("ASL0916", Warning, "", "The execution's output, or what a state leaves behind, is another.", "")
	ResultChanged  = define("ASL0917", Warning, "", "The machine reads something else of what a worker answers.", "")
	WorkChanged    = define("ASL0918", Warning, "", "A worker, a function or a container gets something else.", "")
	MachineGone    = define("ASL0919", Warning, "", "The machine is gone.", "")
)
