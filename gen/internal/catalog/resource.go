package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/internal/awsjob"
	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
)

// ResourceKind says what a Resource is (R160).
type ResourceKind uint8

// The kinds of a Resource.
const (
	UnknownResource ResourceKind = iota // it depends on a placeholder
	Function                            // a Lambda function
	Activity
	Integration
)

// Resource is the Resource of a Task, taken apart. A part that depends on a placeholder holds what no resource has.
type Resource struct {
	Kind    ResourceKind
	Service string // of an integration: ecs, aws-sdk
	Action  string // runTask; of aws-sdk with its service: s3:getObject
	Pattern string // of an integration, without the dot
}

// unknownPart stands for a placeholder in a part of a resource. No resource has such a character.
const unknownPart = "\x00"

// ParseResource takes a Resource apart. The fault, if it is none, is the second half of a sentence, with a hint.
func ParseResource(text string) (r Resource, fault, hint string) {
	text = source.ReplacePlaceholders(text, unknownPart)
	if !strings.HasPrefix(text, "arn:") && strings.Contains(text, unknownPart) {
		_, r.Pattern, _ = strings.Cut(text, ".")
		return Resource{Pattern: onlyKnown(r.Pattern)}, "", ""
	}
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		if strings.Contains(text, unknownPart) {
			return Resource{}, "", ""
		}
		return Resource{}, "is not an ARN", "a service integration is written arn:aws:states:::sqs:sendMessage"
	}
	partition, owner, rest := parts[1], parts[2], parts[5]
	if partition != "aws" && !strings.HasPrefix(partition, "aws-") && !strings.Contains(partition, unknownPart) {
		return Resource{}, fmt.Sprintf("has the unknown partition %q", partition), diag.DidYouMean(partition, []string{"aws", "aws-cn", "aws-us-gov"})
	}
	switch {
	case strings.Contains(owner, unknownPart):
		return Resource{}, "", ""
	case owner == "lambda" && (rest == "function:" || strings.HasPrefix(rest, "function::")):
		return Resource{}, "names no function", "it is written arn:aws:lambda:us-east-1:123456789012:function:name"
	case owner == "states" && rest == "activity:":
		return Resource{}, "names no activity", "it is written arn:aws:states:us-east-1:123456789012:activity:name"
	case owner == "lambda" && (strings.HasPrefix(rest, "function:") || strings.HasPrefix(rest, unknownPart)):
		return Resource{Kind: Function}, "", ""
	case owner == "states" && strings.HasPrefix(rest, "activity:"):
		return Resource{Kind: Activity}, "", ""
	case owner == "states" && (strings.HasPrefix(rest, "stateMachine:") || strings.HasPrefix(rest, "express:")):
		return Resource{}, "is a state machine", "arn:aws:states:::states:startExecution starts one"
	case owner == "states":
		return parseIntegration(rest)
	}
	return Resource{}, "is neither a Lambda function nor an activity nor a service integration", ""
}

// onlyKnown returns pattern if a task can have it, else "".
func onlyKnown(pattern string) string {
	if slices.Contains([]string{SyncPattern, Sync2Pattern, TokenPattern}, pattern) {
		return pattern
	}
	return ""
}

// parseIntegration takes service:action.pattern apart.
func parseIntegration(text string) (r Resource, fault, hint string) {
	r.Kind = Integration
	r.Service, r.Action, _ = strings.Cut(text, ":")
	r.Action, r.Pattern, _ = strings.Cut(r.Action, ".")
	switch {
	case strings.Contains(r.Service, unknownPart):
		return Resource{Pattern: onlyKnown(r.Pattern)}, "", ""
	case services[r.Service] == service{}:
		return Resource{}, fmt.Sprintf("names %q, with which Step Functions has no integration", r.Service),
			diag.DidYouMean(r.Service, slices.Sorted(maps.Keys(services)))
	case r.Action == "":
		return Resource{}, "names no action of " + r.Service, ""
	case r.Service == "aws-sdk" && !strings.Contains(r.Action, ":") && !strings.Contains(r.Action, unknownPart):
		return Resource{}, "names no action", "it is written arn:aws:states:::aws-sdk:s3:getObject"
	}
	return r, "", ""
}

// Unsupported says why the service has no such integration, "" if it has (table 4.1).
func (r Resource) Unsupported() (fault, hint string) {
	if r.Kind != Integration {
		return "", ""
	}
	if r.Service == "aws-sdk" {
		if fault, hint = r.notInSDK(); fault != "" {
			return fault, hint
		}
	}
	offered := services[r.Service]
	actions, patterns := strings.Fields(offered.actions), strings.Fields(offered.patterns)
	switch {
	case len(actions) > 0 && !slices.Contains(actions, r.Action) && !strings.Contains(r.Action, unknownPart):
		hint = diag.DidYouMean(r.Action, actions)
		if hint == "" {
			hint = "the AWS SDK integration may have it: arn:aws:states:::aws-sdk:" + r.Service + ":" + r.Action
		}
		return fmt.Sprintf("the integration with %s has no action %q: it has %s", r.Service, r.Action, list(actions, "and")), hint
	case r.Pattern == "" || slices.Contains(patterns, r.Pattern) || strings.Contains(r.Pattern, unknownPart):
		return "", ""
	case onlyKnown(r.Pattern) == "":
		return fmt.Sprintf("there is no integration pattern %q", "."+r.Pattern), diag.DidYouMean(r.Pattern, append(patterns, TokenPattern))
	}
	hint = "it has request-response only"
	if len(patterns) > 0 {
		hint = "besides request-response it has ." + list(patterns, "and .")
	}
	return fmt.Sprintf("the integration with %s has no .%s", r.Service, r.Pattern), hint
}

// withoutIntegration are services of the AWS SDK that its integration leaves out, since each caller has an endpoint of its
// own (ASL100).
var withoutIntegration = []string{"apigatewaymanagementapi"}

// notInSDK says why the AWS SDK integration has no such service or action. The names of services there are small letters and
// digits, those of actions begin with a small letter (I5).
func (r Resource) notInSDK() (fault, hint string) {
	service, action, _ := strings.Cut(r.Action, ":")
	if slices.Contains(withoutIntegration, service) {
		return fmt.Sprintf("the AWS SDK integration does not have the service %s", service), ""
	}
	small := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(service, "-", ""), "_", ""))
	if small != service {
		return fmt.Sprintf("the AWS SDK integration has no service %q: their names are small letters and digits", service),
			"did you mean " + strconv.Quote(small) + "?"
	}
	if first, size := utf8.DecodeRuneInString(action); unicode.IsUpper(first) {
		return fmt.Sprintf("the AWS SDK integration has no action %q: their names begin with a small letter", action),
			"did you mean " + strconv.Quote(string(unicode.ToLower(first))+action[size:]) + "?"
	}
	return "", ""
}

// RunsTask reports whether the call is RunTask of Amazon ECS, in either integration.
func (r Resource) RunsTask() bool {
	return r.Service == "ecs" && r.Action == "runTask" || r.Service == "aws-sdk" && r.Action == "ecs:runTask"
}

// Call returns the operation that the integration calls; nil if it calls none, or none that is known.
func (r Resource) Call() *awsmodel.Call {
	if r.Kind != Integration || !r.Whole() {
		return nil
	}
	return awsmodel.Find(r.Service, r.Action)
}

// Whole reports whether no part of the resource depends on a placeholder.
func (r Resource) Whole() bool {
	return r.Kind != UnknownResource && !strings.Contains(r.Service+r.Action+r.Pattern, unknownPart)
}

// Waits reports whether the task waits for more than the answer of the call.
func (r Resource) Waits() bool { return r.Pattern != "" }

// list returns words joined by commas, the last by the conjunction.
func list(words []string, conjunction string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

// Job returns how the task waits for a job; nil if it waits for none, or it is not known how.
func (r Resource) Job() *awsjob.Kind { return awsjob.Of(r.Service + ":" + r.Action + "." + r.Pattern) }
