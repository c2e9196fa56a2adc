package catalog

import (
	"reflect"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// Parameters returns the type of a task's parameters; nil is any document.
func (r Resource) Parameters() *shape.Type {
	ecs := r.Service == "ecs" && r.Action == "runTask"
	if ecs || r.Service == "aws-sdk" && r.Action == "ecs:runTask" && r.Pattern == "" {
		return RunTask()
	}
	return nil
}

// Result returns what the result of a task is (E25, E40, part 4); [shape.Any] if nothing is known of it.
func (r Resource) Result() *shape.JSON {
	if r.Kind != Integration || r.Pattern == TokenPattern {
		return shape.Any // what a function, a worker or the holder of a token answers
	}
	name := r.Service + ":" + r.Action
	if r.Pattern != "" {
		name += "." + r.Pattern
	}
	if result, ok := results()[name]; ok {
		return result
	}
	return shape.Any
}

// results holds the results of integrations by what a Resource ends in.
var results = sync.OnceValue(func() map[string]*shape.JSON {
	return map[string]*shape.JSON{
		"ecs:runTask.sync":    jsonOf(reflect.TypeFor[*types.Task](), shape.Int),
		"ecs:runTask":         withMetadata(runTaskResponse(shape.Int)),
		"aws-sdk:ecs:runTask": runTaskResponse(shape.Text),

		"lambda:invoke": answer(
			field("ExecutedVersion", shape.Text), field("Payload", shape.Any), field("StatusCode", shape.Int), optional("LogResult", shape.Text)),
		"sns:publish":       answer(field("MessageId", shape.Text)),
		"sqs:sendMessage":   answer(field("MD5OfMessageBody", shape.Text), field("MessageId", shape.Text)),
		"apigateway:invoke": httpResponse,
		"http:invoke":       httpResponse,
		"events:putEvents": open(
			field("Entries", shape.Array(shape.Objects)), field("FailedEntryCount", shape.Int)),

		"states:startExecution":        answer(field("ExecutionArn", shape.Text), field("StartDate", shape.Any)),
		"states:startExecution.sync":   execution(shape.Text),
		"states:startExecution.sync:2": execution(shape.Any),
	}
})

var metadata = [2]shape.Field{field("SdkHttpMetadata", shape.Objects), field("SdkResponseMetadata", shape.Objects)}

var httpResponse = open(
	optional("Headers", shape.Objects), optional("ResponseBody", shape.Any), field("StatusCode", shape.Int), optional("StatusText", shape.Text))

// execution is what DescribeExecution tells of an execution that succeeded (S1).
func execution(data *shape.JSON) *shape.JSON {
	return open(field("ExecutionArn", shape.Text), optional("Input", data), field("Name", shape.Text), optional("Output", data),
		field("StartDate", shape.Any), field("StateMachineArn", shape.Text), field("Status", shape.Text), optional("StopDate", shape.Any))
}

// answer is the result of an optimized integration (I1).
func answer(fields ...shape.Field) *shape.JSON { return open(append(fields, metadata[:]...)...) }

// open is an object with these members and perhaps others.
func open(fields ...shape.Field) *shape.JSON {
	return &shape.JSON{Kinds: shape.ObjectKind, Fields: fields}
}

func field(name string, j *shape.JSON) shape.Field { return shape.Field{Name: name, JSON: j} }

func optional(name string, j *shape.JSON) shape.Field {
	return shape.Field{Name: name, JSON: j, Optional: true}
}

func runTaskResponse(times *shape.JSON) *shape.JSON {
	t := reflect.TypeFor[*ecs.RunTaskOutput]()
	full := jsonOf(t, times)
	response := full.Without("ResultMetadata")
	for i := range response.Fields {
		response.Fields[i].Optional = false // both lists are there, if empty
	}
	return response
}

// withMetadata adds what the optimized integration does, which the SDK's type does not have (E25).
func withMetadata(j *shape.JSON) *shape.JSON {
	out := j.With(metadata[0]).With(metadata[1])
	out.Go = j.Go
	return out
}

// jsonOf returns what the JSON of a type of the SDK is, with times as given. Which of its members are set is not known.
func jsonOf(t reflect.Type, times *shape.JSON) *shape.JSON {
	switch t.Kind() {
	case reflect.Pointer:
		return jsonOf(t.Elem(), times)
	case reflect.String:
		return shape.Text
	case reflect.Bool:
		return shape.Bool
	case reflect.Int32, reflect.Int64:
		return shape.Int
	case reflect.Float32, reflect.Float64:
		return shape.Number
	case reflect.Slice:
		return shape.Array(jsonOf(t.Elem(), times))
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return times
		}
		out := &shape.JSON{Kinds: shape.ObjectKind, Closed: true, Go: &shape.Type{Kind: shape.Struct, Package: t.PkgPath(), Name: t.Name()}}
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				out.Fields = append(out.Fields, optional(f.Name, jsonOf(f.Type, times)))
			}
		}
		return out
	}
	return shape.Any
}
