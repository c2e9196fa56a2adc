package gen_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
)

// defect is a kind of mistake that is put into sound machines. Where the pattern matches, its text becomes that of with, in
// which $1 is the first group. The finding must be on the line of the change.
type defect struct {
	what, find, with string
	near             where
	// later says why nothing needs to report the kind yet. Take the reason away as soon as something does: the test says when.
	later string
	// but says why some places of the kind are not found, each of which is sound or cannot be known.
	but string
}

// where is a place besides the line of the change on which a finding is as good.
type where uint8

const (
	onLine   where = iota
	nextLine       // where a parser stumbles
	inState        // on the name of the state that lacks something, or on its Resource
)

// inputKnows is why paths into the execution's input, and into what tasks of other services answer, cannot be found wrong.
const inputKnows = "the execution's input may have anything"

// defects are the kinds of mistake, by what they are in.
var defects = []defect{
	// The text.
	{what: "a comma is missing", find: `("Type": "\w+"),`, with: `$1`, near: nextLine},
	{what: "a comma too many", find: `("End": true)(\s*\})`, with: `$1,$2`, near: nextLine},
	{what: "a quote is missing", find: `"Type": "(\w+)"`, with: `"Type": "$1`, near: nextLine},
	{what: "a key twice", find: `("Type": "\w+")`, with: `$1, $1`},

	// Names.
	{what: "Next misspelt", find: `"Next": "([^"]+)"`, with: `"Next": "${1}x"`},
	{what: "StartAt misspelt", find: `"StartAt": "([^"]+)"`, with: `"StartAt": "${1}x"`},
	{what: "Default misspelt", find: `"Default": "([^"]+)"`, with: `"Default": "${1}x"`},
	{what: "case of Next", find: `"Next": "([A-Z])([^"]+)"`, with: `"Next": "_$1$2"`},
	{what: "type misspelt", find: `"Type": "Task"`, with: `"Type": "Tsk"`},
	{what: "type in lower case", find: `"Type": "Pass"`, with: `"Type": "pass"`},
	{what: "Resource misspelt", find: `"Resource":`, with: `"Resorce":`},
	{what: "ResultPath misspelt", find: `"ResultPath":`, with: `"ResultPaht":`},
	{what: "Parameters misspelt", find: `"Parameters":`, with: `"Paramaters":`},
	{what: "TimeoutSeconds misspelt", find: `"TimeoutSeconds":`, with: `"TimeoutSecond":`},
	{what: "ErrorEquals misspelt", find: `"ErrorEquals":`, with: `"ErrorEqual":`},
	{what: "Retry misspelt", find: `"Retry":`, with: `"Retries":`},
	{what: "Catch misspelt", find: `"Catch":`, with: `"Catches":`},
	{what: "ItemProcessor misspelt", find: `"ItemProcessor":`, with: `"ItemProcesor":`},
	{what: "a field of another type", find: `"Type": "Pass",`, with: `"Type": "Pass", "Seconds": 1,`},
	{what: "a name of a state too long", find: `"StartAt": "([^"]+)",(\s+)"States": \{`, with: `"StartAt": "$1",$2"States": { "` + strings.Repeat("x", 81) + `": {"Type": "Succeed"},`},

	// Transitions.
	{what: "Next and End", find: `"End": true`, with: `"End": true, "Next": "Nowhere"`},
	{what: "neither Next nor End", find: `,\s*"End": true`, with: ``, near: inState, but: "the test takes the state that the line is in for another"},
	{what: "End as a text", find: `"End": true`, with: `"End": "true"`},
	{what: "Next on Succeed", find: `"Type": "Succeed"`, with: `"Type": "Succeed", "Next": "Nowhere"`},
	{what: "an unreachable state", find: `"States": \{`, with: `"States": { "Orphan": {"Type": "Succeed"},`},
	{what: "a state twice", find: `"States": \{\s*"([^"]+)": \{`, with: `"States": { "$1": {"Type": "Succeed"}, "$1": {`},
	{what: "no Default", find: `,\s*"Default": "[^"]+"`, with: ``, near: inState},

	// JSON types.
	{what: "TimeoutSeconds as a text", find: `"TimeoutSeconds": (\d+)`, with: `"TimeoutSeconds": "$1"`},
	{what: "MaxAttempts as a text", find: `"MaxAttempts": (\d+)`, with: `"MaxAttempts": "$1"`},
	{what: "ErrorEquals as a text", find: `"ErrorEquals": \[\s*("[^"]+")\s*\]`, with: `"ErrorEquals": $1`},
	{what: "Seconds as a text", find: `"Seconds": (\d+)`, with: `"Seconds": "$1"`},
	{what: "Parameters as a text", find: `"Parameters": \{\}|"ResultSelector": \{[^{}]*\}`, with: `"ResultSelector": "$"`},
	{what: "Command as a text", find: `"Command": \[[^\]]*\]`, with: `"Command": "run"`},
	{what: "an environment value as a number", find: `("Name": "\w+", "Value": )"[^"]*"`, with: `${1}5`},
	{what: "Cpu as a text", find: `"Cpu": (\d+)`, with: `"Cpu": "$1"`},
	{what: "Subnets as a text", find: `"Subnets": \[[^\]]*\]`, with: `"Subnets": "subnet-1"`},

	// Words of enumerations.
	{what: "LaunchType misspelt", find: `"LaunchType": "(\w+)"`, with: `"LaunchType": "${1}X"`},
	{what: "AssignPublicIp misspelt", find: `"AssignPublicIp": "(\w+)"`, with: `"AssignPublicIp": "true"`},
	{what: "PropagateTags SERVICE", find: `"PropagateTags": "\w+"`, with: `"PropagateTags": "SERVICE"`, but: "the tags of a volume may come from a service"},
	{what: "JitterStrategy in lower case", find: `"JitterStrategy": "FULL"`, with: `"JitterStrategy": "full"`},
	{what: "a mode that there is not", find: `"Mode": "\w+"`, with: `"Mode": "PARALLEL"`},

	// Parameters of RunTask.
	{what: "TaskDefinition in camel case", find: `"TaskDefinition(\.\$)?":`, with: `"taskDefinition$1":`},
	{what: "no TaskDefinition", find: `"TaskDefinition(\.\$)?":`, with: `"Group$1":`, near: inState},
	{what: "ContainerOverrides misspelt", find: `"ContainerOverrides":`, with: `"ContainerOverride":`},
	{what: "Environment misspelt", find: `"Environment":`, with: `"Enviroment":`},
	{what: "Cluster misnamed", find: `"Cluster(\.\$)?":`, with: `"ClusterArn$1":`},
	{what: "no name of a container", find: `("ContainerOverrides": \[\s*\{\s*)"Name": "[^"]*",?`, with: `$1`, near: inState},
	{what: "a role inside a container's override", find: `("ContainerOverrides": \[\s*\{)`, with: `$1 "TaskRoleArn": "arn:aws:iam::111111111111:role/r",`},
	{what: "Count with .sync", find: `(ecs:runTask\.sync",\s*"Parameters": \{)`, with: `$1 "Count": 1,`},
	{what: "LaunchType with a strategy", find: `"LaunchType": "(\w+)",`, with: `"LaunchType": "$1", "CapacityProviderStrategy": [{"CapacityProvider": "p"}],`},

	// Resources.
	{what: "pattern misspelt", find: `runTask\.sync"`, with: `runTask.snyc"`},
	{what: "service misspelt", find: `:states:::ecs:`, with: `:states:::esc:`},
	{what: "action misspelt", find: `:ecs:runTask`, with: `:ecs:runTsk`},
	{what: "not an ARN", find: `"Resource": "arn:aws:`, with: `"Resource": "aws:`},
	{what: "no such pattern", find: `:sns:publish"`, with: `:sns:publish.sync"`},

	// Paths and templates.
	{what: "a path cut off", find: `(\.\$": "\$\.\w+)"`, with: `$1["`},
	{what: "a path without $", find: `(\.\$": ")\$\.`, with: `$1`},
	{what: "a wildcard in ResultPath", find: `"ResultPath": "\$\.(\w+)"`, with: `"ResultPath": "$$.$1[*]"`},
	{what: "ResultPath into the context", find: `"ResultPath": "\$\.`, with: `"ResultPath": "$$$$.`},
	{what: ".$ forgotten", find: `\.\$": "\$\.`, with: `": "$$.`},
	{what: ".$ on a number", find: `"(\w+)\.\$": "\$[^"]*"`, with: `"$1.$$": 1`},
	{what: "a member twice, once with .$", find: `"(\w+)\.\$": `, with: `"$1": 1, "$1.$$": `},
	{what: "a member of the context misspelt", find: `"\$\$\.Execution\.\w+`, with: `"$$$$.Execution.Idx`},
	{what: "the token's path misspelt", find: `\$\$\.Task\.Token`, with: `$$$$.Task.Tokn`},
	{what: "the token as a text", find: `"(\w+)\.\$": "\$\$\.Task\.Token"`, with: `"$1": "$$$$.Task.Token"`},

	// Intrinsic functions.
	{what: "a function misspelt", find: `States\.Format\(`, with: `States.Fromat(`},
	{what: "a function without its end", find: `(States\.\w+\([^"]*)\)"`, with: `$1"`},
	{what: "an argument too many", find: `States\.UUID\(\)`, with: `States.UUID(1)`},
	{what: "arguments that do not fit", find: `States\.ArrayLength\(`, with: `States.ArrayLength(1, `},
	{what: "fewer arguments than places", find: `States\.Format\('`, with: `States.Format('{}{}{}{}`},

	// Error names and numbers of handlers.
	{what: "States.ALL misspelt", find: `"States\.ALL"`, with: `"States.AL"`},
	{what: "States.ALL not alone", find: `"States\.ALL"`, with: `"States.ALL", "Other"`},
	{what: "States.TaskFailed misspelt", find: `"States\.TaskFailed"`, with: `"States.TaskFaild"`},
	{what: "States.Timeout misspelt", find: `"States\.Timeout"`, with: `"States.TimeOut"`},
	{what: "the error prefix of another integration", find: `"ECS\.(\w+)"`, with: `"Ecs.$1"`},
	{what: "an error of ECS misspelt", find: `"AmazonECS\.Unknown"`, with: `"AmazonECS.Unkown"`},
	{what: "an error of Lambda misspelt", find: `"Lambda\.ServiceException"`, with: `"Lambda.ServiceExeption"`},
	{what: "ErrorEquals empty", find: `"ErrorEquals": \[[^\]]+\]`, with: `"ErrorEquals": []`},
	{what: "States.Runtime caught", find: `"States\.(ALL|TaskFailed)"`, with: `"States.Runtime"`},
	{what: "MaxAttempts negative", find: `"MaxAttempts": \d+`, with: `"MaxAttempts": -1`},
	{what: "BackoffRate below 1", find: `"BackoffRate": [\d.]+`, with: `"BackoffRate": 0.5`},
	{what: "IntervalSeconds 0", find: `"IntervalSeconds": [1-9]\d*`, with: `"IntervalSeconds": 0`},
	{what: "Retry on a Pass", find: `"Type": "Pass",`, with: `"Type": "Pass", "Retry": [{"ErrorEquals": ["States.ALL"]}],`},

	// Time.
	{what: "TimeoutSeconds 0", find: `"TimeoutSeconds": [1-9]\d*`, with: `"TimeoutSeconds": 0`},
	{what: "a heartbeat longer than the timeout", find: `"HeartbeatSeconds": \d+`, with: `"HeartbeatSeconds": 99999999`, but: "without TimeoutSeconds any heartbeat is sound"},
	{what: "two durations of a Wait", find: `"Seconds": (\d+)`, with: `"Seconds": $1, "SecondsPath": "$$.s"`},
	{what: "a timestamp without a zone", find: `"Timestamp(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)?": "([^"]+)Z"`, with: `"Timestamp$1": "$2"`},

	// Choices.
	{what: "an operator misspelt", find: `"(String|Numeric|Boolean)Equals":`, with: `"${1}Equal":`},
	{what: "an operand of the wrong type", find: `"(Numeric\w+)": (\d+)`, with: `"$1": "$2"`},
	{what: "a text where a boolean belongs", find: `"(BooleanEquals|IsPresent|IsNull)": (true|false)`, with: `"$1": "$2"`},
	{what: "no Variable", find: `"Variable": "[^"]+", `, with: ``},
	{what: "two comparisons", find: `("StringEquals": "[^"]*")`, with: `$1, "IsNull": true`},

	// Variables and scopes.
	{what: "a variable misspelt", find: `(\.\$|Path|Variable)": "\$([a-z]\w+)`, with: `$1": "$$${2}x`},
	{what: "a variable's name with a dash", find: `("Assign": \{\s*)"(\w+)`, with: `$1"$2-x`},
	{what: "a way out of a branch", find: `("Branches": \[\s*\{\s*"StartAt": ")([^"]+)"`, with: `${1}Nowhere"`},
	{what: "no branches", find: `"Type": "Parallel",`, with: `"Type": "Parallel", "Branches": [],`},
	{what: "a distributed Map without its ExecutionType", find: `("DISTRIBUTED"), "ExecutionType": "\w+"`, with: `$1`},
	{what: "an item's field of the other mode", find: `"INLINE"`, with: `"INLINE", "ExecutionType": "EXPRESS"`},
	{what: "a label with a space", find: `"Label": "\w+`, with: `"Label": "a b`},
	{what: "a percentage above 100", find: `"ToleratedFailurePercentage": \d+`, with: `"ToleratedFailurePercentage": 500`},
	{what: "batches without a size", find: `"ItemBatcher": \{ [^}]*\}`, with: `"ItemBatcher": {}`},
	{what: "an input type that there is not", find: `"InputType": "\w+"`, with: `"InputType": "XML"`},
	{what: "a reader without its key", find: `(, "Key)(\.\$)?": "[^"]*"`, with: ``},
	{what: "MaxConcurrency negative", find: `"MaxConcurrency": \d+`, with: `"MaxConcurrency": -1`},

	// What nothing can know, or not yet.
	{what: "a member of an ECS task misspelt", find: `("[^"]*\$\.[\w.\[\]*]*)\b(TaskArn|ExitCode|StopCode|StoppedReason|Containers|Failures)\b`, with: `${1}${2}x`, but: "parsed text may have anything, and a test may ask for what is not there"},
	{what: "a variable's member misspelt in JSONata", find: `\$states\.result\.(TaskArn|Containers)`, with: `$$states.result.${1}x`},
	{what: "an input path misspelt", find: `(\.\$": "\$\.\w+)"`, with: `${1}x"`, later: inputKnows},
	{what: "a Variable misspelt", find: `("Variable": "\$\.\w+)`, with: `${1}x`, later: inputKnows},
	{what: "a comparison that cannot hold", find: `"Variable": ("[^"]+"), "StringEquals": "[^"]*"`, with: `"Variable": $1, "NumericEquals": 1`, later: inputKnows},
	{what: "a path of the wrong type", find: `"TimeoutSecondsPath": "\$\.[\w.]+"`, with: `"TimeoutSecondsPath": "$$"`, later: inputKnows},
	{what: "another cluster", find: `"Cluster": "([^"]+)"`, with: `"Cluster": "${1}x"`, later: "no definition says which clusters there are"},
	{what: "another task definition", find: `"TaskDefinition": "([^"]+)"`, with: `"TaskDefinition": "${1}x"`, later: "no definition says which task definitions there are"},
	{what: "another number of attempts", find: `"MaxAttempts": \d+`, with: `"MaxAttempts": 9`, later: "every number of attempts is sound"},
}

// finds returns where a defect goes into a text: the first, a middle and the last of its places.
func (d *defect) finds(text string) [][]int {
	all := regexp.MustCompile(d.find).FindAllStringSubmatchIndex(text, -1)
	all = slices.DeleteFunc(all, func(at []int) bool { // in a Result everything is sound
		line := text[strings.LastIndex(text[:at[0]], "\n")+1 : at[0]]
		return strings.Contains(line, `"Result": `) || strings.HasPrefix(text[at[0]:], `"Result": `)
	})
	if len(all) > 3 {
		all = [][]int{all[0], all[len(all)/2], all[len(all)-1]}
	}
	return all
}

// put returns the text with the defect at one of its places, and the lines on which it should be found.
func (d *defect) put(text string, at []int) (mutated string, lines []int) {
	with := regexp.MustCompile(d.find).ExpandString(nil, d.with, text, at)
	mutated = text[:at[0]] + string(with) + text[at[1]:]
	common := 0 // what the change leaves as it was
	for common < len(with) && at[0]+common < len(text) && with[common] == text[at[0]+common] {
		common++
	}
	line := func(offset int) int { return strings.Count(mutated[:min(offset, len(mutated))], "\n") + 1 }
	for l := line(at[0]); l <= line(at[0]+len(with)); l++ {
		lines = append(lines, l)
	}
	switch d.near {
	case onLine:
		lines = slices.DeleteFunc(lines, func(l int) bool { return l < line(at[0]+common) && !strings.Contains(d.find, `\s`) })
	case nextLine:
		lines = append(lines, line(at[0]+len(with))+1)
	case inState:
		lines = append(lines, stateLines(mutated, at[0])...)
	}
	return mutated, lines
}

var stateHead = regexp.MustCompile(`"[^"]+": \{\s*(?:"Comment": "[^"]*",\s*)?"Type"|"Resource"|"Parameters"|"Arguments"|"ContainerOverrides"`)

// stateLines returns the lines before an offset that belong to the head of its state.
func stateLines(text string, offset int) (lines []int) {
	heads := stateHead.FindAllStringIndex(text, -1)
	for i := len(heads) - 1; i >= 0; i-- {
		if heads[i][0] > offset {
			continue
		}
		lines = append(lines, strings.Count(text[:heads[i][0]], "\n")+1)
		if strings.Contains(text[heads[i][0]:heads[i][1]], `"Type"`) {
			break
		}
	}
	return lines
}

// cleanMachines returns the machines of the test cases that have no error.
func cleanMachines(t *testing.T) map[string]string {
	t.Helper()
	archives, err := filepath.Glob("../testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	clean := map[string]string{}
	for _, name := range append(archives, "testdata/machines.txtar") {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".asl.json") && !vet(t, string(f.Data)).HasErrors() {
				clean[strings.TrimSuffix(filepath.Base(name), ".txtar")+"/"+f.Name] = string(f.Data)
			}
		}
	}
	return clean
}

func vet(t *testing.T, text string) *diag.List {
	t.Helper()
	r, err := gen.Vet(t.Context(), fstest.MapFS{"machine.asl.json": {Data: []byte(text)}},
		gen.Config{Files: []string{"machine.asl.json"}, Package: "main"})
	if err != nil {
		t.Fatal(err)
	}
	return &r.Diagnostics
}

// found returns the lines of the findings that a sound machine does not have.
func found(l *diag.List, before map[string]int) (lines []int) {
	seen := map[string]int{}
	for _, d := range l.All() {
		id := d.Code.ID + d.Message + d.Hint
		if seen[id]++; seen[id] > before[id] {
			lines = append(lines, d.Finding().Line)
			for _, r := range d.Related {
				lines = append(lines, r.File.Position(r.Span.Start).Line)
			}
		}
	}
	return lines
}

func findingsOf(l *diag.List) map[string]int {
	all := map[string]int{}
	for _, d := range l.All() {
		all[d.Code.ID+d.Message+d.Hint]++
	}
	return all
}

// TestDefects puts every kind of mistake into the machines of the test cases: nearly all must be found, on their lines.
func TestDefects(t *testing.T) {
	if share := putAll(t, cleanMachines(t), defects); share < 0.95 {
		t.Errorf("only %.3f are found", share)
	}
}

// putAll puts defects into sound machines, and returns what share of them is found on the line.
func putAll(t *testing.T, machines map[string]string, defects []defect) float64 {
	total, hit, kinds, used := 0, 0, 0, map[string]bool{}
	for _, d := range defects {
		places, ok := 0, 0
		var missed []string
		for name, text := range machines {
			before := findingsOf(vet(t, text))
			for _, at := range d.finds(text) {
				mutated, lines := d.put(text, at)
				places++
				used[name] = true
				got := found(vet(t, mutated), before)
				if slices.ContainsFunc(got, func(l int) bool { return slices.Contains(lines, l) }) {
					ok++
				} else {
					missed = append(missed, fmt.Sprintf("%s: lines %v, want one of %v", name, got, lines))
				}
			}
		}
		switch {
		case places == 0:
			t.Errorf("%s: no machine has a place for it", d.what)
		case d.later != "" && 20*ok >= 19*places:
			t.Errorf("%s: found in %d of %d places: it no longer needs the excuse that %s", d.what, ok, places, d.later)
		case d.later != "":
			t.Logf("%s: %d of %d, since %s", d.what, ok, places, d.later)
		default:
			kinds, total, hit = kinds+1, total+places, hit+ok
			switch {
			case missed != nil && d.but == "":
				t.Errorf("%s: found in %d of %d places\n\t%s", d.what, ok, places, strings.Join(missed, "\n\t"))
			case missed != nil:
				t.Logf("%s: found in %d of %d places: %s", d.what, ok, places, d.but)
			case d.but != "":
				t.Errorf("%s: found in all places: it no longer needs the excuse that %s", d.what, d.but)
			}
		}
	}
	t.Logf("%d of %d defects of %d kinds in %d machines are found on their lines", hit, total, kinds, len(used))
	if kinds < 20 || len(used) < len(machines)/2 {
		t.Errorf("%d kinds in %d machines are too few to say anything", kinds, len(used))
	}
	return float64(hit) / float64(total)
}
