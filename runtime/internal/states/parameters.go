package states

import (
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// actionParameters are the names that the parameters of an optimised integration may have, by its resource without the
// pattern: those of the service's API. Step Functions refuses others before it calls the service (R165, 4.3–4.6).
var actionParameters = map[string][]string{
	"lambda:invoke": {
		"FunctionName", "Payload", "Qualifier", "InvocationType", "ClientContext", "LogType", "TenantId", "DurableExecutionName",
	},
	"states:startExecution": {"StateMachineArn", "Name", "Input", "TraceHeader"},
	"sqs:sendMessage": {
		"QueueUrl", "MessageBody", "DelaySeconds", "MessageAttributes", "MessageSystemAttributes", "MessageDeduplicationId", "MessageGroupId",
	},
	"sns:publish": {
		"TopicArn", "TargetArn", "PhoneNumber", "Message", "Subject", "MessageStructure", "MessageAttributes", "MessageDeduplicationId",
		"MessageGroupId",
	},
	"events:putEvents": {"Entries", "EndpointId"},
}

// attributeFields are the parameters of dynamodb actions whose members are attribute values.
var attributeFields = []string{"Item", "Key", "ExpressionAttributeValues"}

// unusable says why an action cannot be called with parameters; "" if nothing is known against it. The action is a resource
// without the pattern, such as lambda:invoke.
func unusable(action string, parameters value.Value) string {
	if known := actionParameters[action]; known != nil {
		for name := range parameters.Members() {
			if !slices.Contains(known, pascal(name)) {
				return fmt.Sprintf("The field \"%s\" is not supported by Step Functions", name)
			}
		}
	}
	if strings.HasPrefix(action, "dynamodb:") {
		for name, m := range parameters.Members() {
			if !slices.Contains(attributeFields, pascal(name)) {
				continue
			}
			for _, attribute := range m.Members() {
				if reason := unusableAttribute(attribute); reason != "" {
					return reason
				}
			}
		}
	}
	return ""
}

// unusableAttribute says what is wrong with a DynamoDB attribute value: its texts and numbers are texts, its lists and maps
// hold attribute values.
func unusableAttribute(attribute value.Value) string {
	for name, m := range attribute.Members() {
		switch pascal(name) {
		case "S", "N":
			if _, text := m.AsString(); !text && !m.IsNull() {
				return fmt.Sprintf("The value for the field '%s' must be a STRING", name)
			}
		case "M":
			for _, inner := range m.Members() {
				if reason := unusableAttribute(inner); reason != "" {
					return reason
				}
			}
		case "L":
			for _, inner := range m.Elements() {
				if reason := unusableAttribute(inner); reason != "" {
					return reason
				}
			}
		}
	}
	return ""
}

// pascal returns the name of a parameter as the service has it: Step Functions takes names in camel case too.
func pascal(name string) string {
	return strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):]
}
