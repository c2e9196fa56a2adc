// Package names has what the ARNs of executions and of Map Runs say.
package names

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// Execution returns the names of an execution's machine and its own, "" and "" of what is no ARN of one. Those of the machine of a Map's children
// may have any character: arn:aws:states:us-east-1:123456789012:execution:Machine/Label:Name.
func Execution(arn string) (machine, name string) {
	const before = 6 // parts of every ARN
	parts := strings.Split(arn, ":")
	last := len(parts) - 1
	if last > before && parts[before-1] == "express" {
		last-- // behind the name there is the unique part
	}
	if last <= before {
		return "", ""
	}
	return strings.Join(parts[before:last], ":"), parts[last]
}

// MapRun returns the name of the machine that the children of a Map Run are said to be of, Machine/Label, and the Map Run's own, "" and "" of what
// is no ARN of one: arn:aws:states:us-east-1:123456789012:mapRun:Machine/Label:Name.
func MapRun(arn string) (machine, name string) {
	parts := strings.SplitN(arn, ":", 7)
	if len(parts) < 7 || parts[5] != "mapRun" {
		return "", ""
	}
	at := strings.LastIndexByte(parts[6], ':')
	if at < 0 || !strings.Contains(parts[6][:at], "/") {
		return "", ""
	}
	return parts[6][:at], parts[6][at+1:]
}

// originSize is how many characters of a UUID an origin has.
const originSize = len("01234567-89ab")

// Origin returns how the names of Map Runs in an execution, and of their children, begin: by that what they are part of is found. It is the hash of
// the execution's ARN; Map Runs in a child begin as the child does.
func Origin(executionARN string) string {
	if machine, name := Execution(executionARN); strings.Contains(machine, "/") && len(name) > originSize {
		return name[:originSize]
	}
	h := fnv.New64a()
	h.Write([]byte(executionARN))
	sum := h.Sum64()
	return fmt.Sprintf("%08x-%04x", sum>>32, sum>>16&0xffff)
}

// From returns a UUID that begins with an origin and goes on as another UUID.
func From(origin, uuid string) string { return origin + uuid[originSize:] }
