package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
)

// resourceKind says what a Resource is (R160).
type resourceKind uint8

const (
	unknownResource resourceKind = iota // it depends on a placeholder
	function                            // a Lambda function
	activity
	integration
)

// resource is a Resource taken apart. A part that depends on a placeholder holds unknownPart.
type resource struct {
	kind    resourceKind
	service string // of an integration: ecs, aws-sdk
	action  string // runTask; of aws-sdk with its service: s3:getObject
	pattern string // of an integration, without the dot
}

// unknownPart stands for a placeholder in a part of a resource. No resource has such a character.
const unknownPart = "\x00"

// parseResource takes a Resource apart. The fault, if it is none, is the second half of a sentence, with a hint.
func parseResource(text string) (r resource, fault, hint string) {
	text = ast.ReplacePlaceholders(text, unknownPart)
	if !strings.HasPrefix(text, "arn:") && strings.Contains(text, unknownPart) {
		_, r.pattern, _ = strings.Cut(text, ".")
		return resource{pattern: onlyKnown(r.pattern)}, "", ""
	}
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		if strings.Contains(text, unknownPart) {
			return resource{}, "", ""
		}
		return resource{}, "is not an ARN", "a service integration is written arn:aws:states:::sqs:sendMessage"
	}
	partition, owner, rest := parts[1], parts[2], parts[5]
	if partition != "aws" && !strings.HasPrefix(partition, "aws-") && !strings.Contains(partition, unknownPart) {
		return resource{}, fmt.Sprintf("has the unknown partition %q", partition), diag.DidYouMean(partition, []string{"aws", "aws-cn", "aws-us-gov"})
	}
	switch {
	case strings.Contains(owner, unknownPart):
		return resource{}, "", ""
	case owner == "lambda" && (strings.HasPrefix(rest, "function:") || strings.HasPrefix(rest, unknownPart)):
		return resource{kind: function}, "", ""
	case owner == "states" && strings.HasPrefix(rest, "activity:"):
		return resource{kind: activity}, "", ""
	case owner == "states" && (strings.HasPrefix(rest, "stateMachine:") || strings.HasPrefix(rest, "express:")):
		return resource{}, "is a state machine", "arn:aws:states:::states:startExecution starts one"
	case owner == "states":
		return parseIntegration(rest)
	}
	return resource{}, "is neither a Lambda function nor an activity nor a service integration", ""
}

// onlyKnown returns pattern if a task can have it, else "".
func onlyKnown(pattern string) string {
	if slices.Contains([]string{syncPattern, sync2Pattern, tokenPattern}, pattern) {
		return pattern
	}
	return ""
}

// parseIntegration takes service:action.pattern apart.
func parseIntegration(text string) (r resource, fault, hint string) {
	r.kind = integration
	r.service, r.action, _ = strings.Cut(text, ":")
	r.action, r.pattern, _ = strings.Cut(r.action, ".")
	switch {
	case strings.Contains(r.service, unknownPart):
		return resource{pattern: onlyKnown(r.pattern)}, "", ""
	case services[r.service] == service{}:
		return resource{}, fmt.Sprintf("names %q, with which Step Functions has no integration", r.service),
			diag.DidYouMean(r.service, slices.Sorted(maps.Keys(services)))
	case r.action == "":
		return resource{}, "names no action of " + r.service, ""
	case r.service == "aws-sdk" && !strings.Contains(r.action, ":") && !strings.Contains(r.action, unknownPart):
		return resource{}, "names no action", "it is written arn:aws:states:::aws-sdk:s3:getObject"
	}
	return r, "", ""
}

// unsupported says why the service has no such integration, "" if it has (table 4.1).
func (r resource) unsupported() (fault, hint string) {
	if r.kind != integration {
		return "", ""
	}
	offered := services[r.service]
	actions, patterns := strings.Fields(offered.actions), strings.Fields(offered.patterns)
	switch {
	case len(actions) > 0 && !slices.Contains(actions, r.action) && !strings.Contains(r.action, unknownPart):
		hint = diag.DidYouMean(r.action, actions)
		if hint == "" {
			hint = "the AWS SDK integration may have it: arn:aws:states:::aws-sdk:" + r.service + ":" + r.action
		}
		return fmt.Sprintf("the integration with %s has no action %q: it has %s", r.service, r.action, list(actions, "and")), hint
	case r.pattern == "" || slices.Contains(patterns, r.pattern) || strings.Contains(r.pattern, unknownPart):
		return "", ""
	case onlyKnown(r.pattern) == "":
		return fmt.Sprintf("there is no integration pattern %q", "."+r.pattern), diag.DidYouMean(r.pattern, append(patterns, tokenPattern))
	}
	hint = "it has request-response only"
	if len(patterns) > 0 {
		hint = "besides request-response it has ." + list(patterns, "and .")
	}
	return fmt.Sprintf("the integration with %s has no .%s", r.service, r.pattern), hint
}

// waits reports whether the task waits for more than the answer of the call.
func (r resource) waits() bool { return r.pattern != "" }

// list returns words joined by commas, the last by the conjunction.
func list(words []string, conjunction string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}
