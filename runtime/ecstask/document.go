package ecstask

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/awsanswer"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// integration is one of the two ways in which Step Functions calls ECS: they differ in what they make of its answers.
type integration struct {
	prefix   string // of error names
	fallback string // the error for a code that the API's model does not have (E55)
	cause    func(message, code, requestID string, status int) string
	format   awsshape.Format
	metadata bool // SdkHttpMetadata and SdkResponseMetadata are part of the result (I1)
}

func (i integration) response(out *ecs.RunTaskOutput) asl.Value {
	v := value.Object(value.Field("Failures", i.failures(out)))
	if i.metadata {
		http, request := awsanswer.Metadata(out.ResultMetadata)
		v = v.With("SdkHttpMetadata", http).With("SdkResponseMetadata", request)
	}
	return v.With("Tasks", i.tasks(out))
}

// bareResponse is what is said of a response with Failures (E54).
func bareResponse(out *ecs.RunTaskOutput) asl.Value {
	return value.Object(value.Field("Failures", optimized.failures(out)), value.Field("Tasks", optimized.tasks(out)))
}

func (i integration) failures(out *ecs.RunTaskOutput) asl.Value {
	list := make([]asl.Value, len(out.Failures))
	for k := range out.Failures {
		list[k] = i.format.Encode(&out.Failures[k])
	}
	return value.Array(list...)
}

func (i integration) tasks(out *ecs.RunTaskOutput) asl.Value {
	list := make([]asl.Value, len(out.Tasks))
	for k := range out.Tasks {
		list[k] = i.task(&out.Tasks[k])
	}
	return value.Array(list...)
}

// task returns the document of a task. AWS shows its lists also when they are empty, and its one plain boolean also when
// it is false (E26, E40); the keys are in alphabetical order.
func (i integration) task(t *types.Task) asl.Value {
	v := i.format.Encode(t)
	for _, name := range []string{"Attachments", "Attributes", "Containers", "InferenceAccelerators", "Tags"} {
		v = withDefault(v, name, value.EmptyArray)
	}
	v = withDefault(v, "EnableExecuteCommand", value.False)
	v = eachOf(v, "Containers", func(c asl.Value) asl.Value {
		for _, name := range []string{"GpuIds", "ManagedAgents", "NetworkBindings", "NetworkInterfaces"} {
			c = withDefault(c, name, value.EmptyArray)
		}
		return awsanswer.Sorted(c)
	})
	if o := v.Get("Overrides"); !o.IsAbsent() {
		o = eachOf(o, "ContainerOverrides", func(c asl.Value) asl.Value {
			for _, name := range []string{"Command", "Environment", "EnvironmentFiles", "ResourceRequirements"} {
				c = withDefault(c, name, value.EmptyArray)
			}
			return awsanswer.Sorted(c)
		})
		v = v.With("Overrides", awsanswer.Sorted(withDefault(o, "InferenceAcceleratorOverrides", value.EmptyArray)))
	}
	return awsanswer.Sorted(v)
}

// stopped returns the document of a task that .sync has waited for. AWS makes it of the event of the task's end, which has
// another name for network interfaces than the API (E33).
func stopped(t *types.Task) asl.Value {
	return eachOf(optimized.task(t), "Attachments", func(a asl.Value) asl.Value {
		if kind, _ := a.Get("Type").AsString(); kind == "ElasticNetworkInterface" {
			a = a.With("Type", value.String("eni"))
		}
		return a
	})
}

func withDefault(v asl.Value, name string, member asl.Value) asl.Value {
	if v.Get(name).IsAbsent() {
		return v.With(name, member)
	}
	return v
}

func eachOf(v asl.Value, name string, f func(asl.Value) asl.Value) asl.Value {
	list := v.Get(name)
	for i, e := range list.Elements() {
		list = list.WithElement(i, f(e))
	}
	return v.With(name, list)
}
