package awsshape_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/document"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

var formats = map[string]awsshape.Format{
	"Wire": awsshape.Wire, "StepFunctions": awsshape.StepFunctions, "SDKIntegration": awsshape.SDKIntegration,
}

var shapes = []func() smithy.Serializable{
	func() smithy.Serializable { return new(types.Task) },
	func() smithy.Serializable { return new(types.Container) },
	func() smithy.Serializable { return new(types.TaskDefinition) },
	func() smithy.Serializable { return new(ecs.RunTaskInput) },
	func() smithy.Serializable { return new(ecs.RunTaskOutput) },
	func() smithy.Serializable { return new(ecs.DescribeTasksInput) },
	func() smithy.Serializable { return new(ecs.DescribeTasksOutput) },
	func() smithy.Serializable { return new(ecs.StopTaskInput) },
	func() smithy.Serializable { return new(ecs.StopTaskOutput) },
	func() smithy.Serializable { return new(ecs.RegisterTaskDefinitionInput) },
}

func TestEveryFieldSurvivesTheRoundTrip(t *testing.T) {
	for name, format := range formats {
		for _, newShape := range shapes {
			original := newShape()
			t.Run(fmt.Sprintf("%s/%T", name, original), func(t *testing.T) {
				(&filler{t: t}).fill(reflect.ValueOf(original).Elem())
				encoded := format.Encode(original)
				again := newShape()
				if err := format.Decode(encoded, again); err != nil {
					t.Fatalf("%v\n%s", err, encoded)
				}
				if !reflect.DeepEqual(again, original) {
					t.Errorf("differs after the round trip\n%s\n%s", encoded, format.Encode(again))
				}
				for name := range encoded.Members() {
					if !slices.Contains(fieldNames(original, name), name) {
						t.Errorf("member %s", name)
					}
				}
			})
		}
	}
}

// fieldNames returns the Go field names of a shape, with a small first letter if like has one.
func fieldNames(s smithy.Serializable, like string) []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeOf(s).Elem()) {
		name := []byte(f.Name)
		if like[0] >= 'a' {
			name[0] |= 0x20
		}
		names = append(names, string(name))
	}
	return names
}

// filler sets every field, each to another value.
type filler struct {
	t *testing.T
	n int64
}

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.UnixMilli(1603987014253 + f.n).UTC()
		return
	case *types.SharingStrategy:
		*x = &types.SharingStrategyMemberNvidiaMps{Value: types.NvidiaMpsAllocation{}}
		f.fill(reflect.ValueOf(&(*x).(*types.SharingStrategyMemberNvidiaMps).Value).Elem())
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Name != "ResultMetadata" {
				f.fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 3 {
			key, element := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.fill(key)
			f.fill(element)
			v.SetMapIndex(key, element)
		}
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d", f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		v.SetInt(f.n)
	case reflect.Float64:
		v.SetFloat(float64(f.n) / 4)
	default:
		f.t.Fatalf("nothing to fill a %s with", v.Type())
	}
}

func TestForms(t *testing.T) {
	at := time.UnixMilli(1603987014253)
	task := &types.Task{
		TaskArn:       aws.String("arn"),
		CreatedAt:     &at,
		StoppedAt:     aws.Time(time.UnixMilli(1603988251000)),
		Tags:          []types.Tag{},
		Containers:    []types.Container{{ExitCode: aws.Int32(0), GpuIds: []string{}}},
		DesiredStatus: aws.String(""),
	}
	for _, test := range []struct {
		format awsshape.Format
		want   string
	}{
		{awsshape.Wire, `{"containers":[{"exitCode":0,"gpuIds":[]}],"createdAt":1603987014.253,"desiredStatus":"",` +
			`"stoppedAt":1603988251,"tags":[],"taskArn":"arn"}`},
		{awsshape.StepFunctions, `{"Containers":[{"ExitCode":0,"GpuIds":[]}],"CreatedAt":1603987014253,"DesiredStatus":"",` +
			`"StoppedAt":1603988251000,"Tags":[],"TaskArn":"arn"}`},
		{awsshape.SDKIntegration, `{"Containers":[{"ExitCode":0,"GpuIds":[]}],"CreatedAt":"2020-10-29T15:56:54.253Z",` +
			`"DesiredStatus":"","StoppedAt":"2020-10-29T16:17:31Z","Tags":[],"TaskArn":"arn"}`},
	} {
		if got := test.format.Encode(task).String(); got != test.want {
			t.Errorf("have %s\nwant %s", got, test.want)
		}
	}
}

func TestMembersKeepTheServicesInnerCasing(t *testing.T) {
	input := &ecs.RunTaskInput{
		EnableECSManagedTags: true,
		NetworkConfiguration: &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{}},
		VolumeConfigurations: []types.TaskVolumeConfiguration{{
			ManagedEBSVolume: &types.TaskManagedEBSVolumeConfiguration{KmsKeyId: aws.String("k"), SizeInGiB: aws.Int32(1)},
		}},
	}
	want := `{"EnableECSManagedTags":true,"NetworkConfiguration":{"AwsvpcConfiguration":{}},` +
		`"VolumeConfigurations":[{"ManagedEBSVolume":{"KmsKeyId":"k","SizeInGiB":1}}]}`
	if got := awsshape.StepFunctions.Encode(input).String(); got != want {
		t.Errorf("have %s\nwant %s", got, want)
	}
}

func TestMapsAreInOrder(t *testing.T) {
	definition := &types.ContainerDefinition{DockerLabels: map[string]string{}}
	for i := range 20 {
		definition.DockerLabels[fmt.Sprintf("label %02d", i)] = "x"
	}
	var names []string
	for name := range awsshape.Wire.Encode(definition).Get("dockerLabels").Members() {
		names = append(names, name)
	}
	if len(names) != 20 || !slices.IsSorted(names) {
		t.Error(names)
	}
}

func TestFreeFormDocument(t *testing.T) {
	hook := &types.DeploymentLifecycleHook{HookDetails: document.NewLazyDocument(map[string]any{"a": []int{1, 2}, "b": nil})}
	encoded := awsshape.StepFunctions.Encode(hook)
	if want := `{"HookDetails":{"a":[1,2],"b":null}}`; encoded.String() != want {
		t.Fatalf("have %s, want %s", encoded, want)
	}
	exact := value.MustParse(`{"HookDetails":{"a":[1.10,12345678901234567890],"B":{"c":[true,"x",null]}}}`)
	var again types.DeploymentLifecycleHook
	if err := awsshape.StepFunctions.Decode(exact, &again); err != nil {
		t.Fatal(err)
	}
	if got := awsshape.StepFunctions.Encode(&again); !got.Equal(exact) {
		t.Errorf("have %s", got)
	}
	hook.HookDetails = document.NewLazyDocument(time.Now())
	if got := awsshape.StepFunctions.Encode(hook).String(); got != `{"HookDetails":null}` {
		t.Errorf("have %s", got)
	}
}

func TestDecodeLeavesOut(t *testing.T) {
	var task types.Task
	document := `{"TaskArn":null,"taskArn":"small","Unknown":{"a":[1]},"Cpu":"256","Tags":[],"Overrides":{"Command":1}}`
	if err := awsshape.StepFunctions.Decode(value.MustParse(document), &task); err != nil {
		t.Fatal(err)
	}
	want := types.Task{Cpu: aws.String("256"), Tags: []types.Tag{}, Overrides: &types.TaskOverride{}}
	if !reflect.DeepEqual(task, want) {
		t.Errorf("have %s", awsshape.StepFunctions.Encode(&task))
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, test := range []struct {
		format        awsshape.Format
		into          smithy.Serializable
		document      string
		path, message string
	}{
		{awsshape.StepFunctions, &types.Task{}, `[]`, "", "want an object, have array"},
		{awsshape.StepFunctions, &types.Task{}, `null`, "", "want an object, have null"},
		{awsshape.StepFunctions, &types.Task{}, `{"Containers":[{},{"ExitCode":"0"}]}`, "Containers[1].ExitCode",
			`want a whole number from -2147483648 to 2147483647, have the string "0"`},
		{awsshape.StepFunctions, &types.Task{}, `{"Containers":[{"ExitCode":2147483648}]}`, "Containers[0].ExitCode",
			`want a whole number from -2147483648 to 2147483647, have the number 2147483648`},
		{awsshape.StepFunctions, &types.Task{}, `{"Version":1.5}`, "Version",
			"want a whole number from -9223372036854775808 to 9223372036854775807, have the number 1.5"},
		{awsshape.StepFunctions, &types.Task{}, `{"Cpu":256}`, "Cpu", "want a string, have the number 256"},
		{awsshape.StepFunctions, &types.Task{}, `{"Tags":{}}`, "Tags", "want an array, have object"},
		{awsshape.StepFunctions, &types.Task{}, `{"EnableExecuteCommand":"true"}`, "EnableExecuteCommand",
			`want a boolean, have the string "true"`},
		{awsshape.StepFunctions, &types.Task{}, `{"CreatedAt":"2020-10-29T15:56:54Z"}`, "CreatedAt",
			`want a whole number of milliseconds since 1970, have the string "2020-10-29T15:56:54Z"`},
		{awsshape.SDKIntegration, &types.Task{}, `{"CreatedAt":"yesterday"}`, "CreatedAt",
			`want an ISO 8601 time, have the string "yesterday"`},
		{awsshape.SDKIntegration, &types.Task{}, `{"CreatedAt":1}`, "CreatedAt", "want an ISO 8601 time, have the number 1"},
		{awsshape.Wire, &types.Task{}, `{"createdAt":1e300}`, "createdAt",
			"want a number of seconds since 1970, have the number 1e300"},
		{awsshape.StepFunctions, &ecs.RunTaskInput{}, `{"Overrides":{"ContainerOverrides":[{"Command":["a",null]}]}}`,
			"Overrides.ContainerOverrides[0].Command[1]", "want a string, have null"},
		{awsshape.StepFunctions, &types.ContainerDefinition{}, `{"DockerLabels":{"a b":[]}}`, `DockerLabels["a b"]`,
			"want a string, have array"},
		{awsshape.StepFunctions, &types.ResourceRequirement{}, `{"SharingStrategy":{"NvidiaMps":"x"}}`,
			"SharingStrategy.NvidiaMps", `want an object, have the string "x"`},
	} {
		err := test.format.Decode(value.MustParse(test.document), test.into)
		var decode *awsshape.DecodeError
		if !errors.As(err, &decode) {
			t.Errorf("%s: have %v", test.document, err)
			continue
		}
		if decode.Path != test.path || decode.Message != test.message {
			t.Errorf("%s\nhave %q: %s\nwant %q: %s", test.document, decode.Path, decode.Message, test.path, test.message)
		}
	}
}

func TestWireTimesToTheMillisecond(t *testing.T) {
	for ms := int64(1603987014000); ms < 1603987015000; ms++ {
		task := &types.Task{CreatedAt: aws.Time(time.UnixMilli(ms).UTC())}
		var again types.Task
		if err := awsshape.Wire.Decode(awsshape.Wire.Encode(task), &again); err != nil || !again.CreatedAt.Equal(*task.CreatedAt) {
			t.Fatal(ms, again.CreatedAt, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"TaskDefinition":"a","Count":1,"Tags":[{"Key":"k","Value":null}],"Overrides":{"ContainerOverrides":[{}]}}`)
	f.Add(`{"volumeConfigurations":[{"managedEBSVolume":{"sizeInGiB":1e2}}],"":{},"é":1}`)
	f.Add(`{"Overrides":{"ContainerOverrides":[{"ResourceRequirements":[{"SharingStrategy":{"NvidiaMps":{},"x":1}}]}]}}`)
	f.Add(`{"HookDetails":{"a":[1,{}]},"CreatedAt":16.5,"createdAt":"2020-10-29T15:56:54.253Z"}`)
	f.Fuzz(func(t *testing.T, text string) {
		document, err := value.Parse([]byte(text))
		if err != nil {
			return
		}
		for _, format := range formats {
			for _, newShape := range append(shapes, func() smithy.Serializable { return new(types.DeploymentLifecycleHook) }) {
				first, second := newShape(), newShape()
				if format.Decode(document, first) != nil {
					continue
				}
				encoded := format.Encode(first)
				if err := format.Decode(encoded, second); err != nil || !format.Encode(second).Equal(encoded) {
					t.Errorf("%s\n%s: %v", encoded, format.Encode(second), err)
				}
			}
		}
	})
}
