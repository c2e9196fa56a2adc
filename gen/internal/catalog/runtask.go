// Package catalog is what the service integrations of Step Functions are: which parameters they take, of what types, and
// what they return.
package catalog

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// RunTask returns the parameters of ecs:runTask: every member of the SDK's RunTaskInput, to any depth (E16). The name of a
// member in the language and that of the Go field are the same.
var RunTask = sync.OnceValue(func() *shape.Type { return typeOf(reflect.TypeFor[ecs.RunTaskInput]()) })

// required are the members that ECS wants, by their Go type (E16). The SDK knows them only where it validates a call.
var required = map[string][]string{
	"RunTaskInput":                          {"TaskDefinition"},
	"CapacityProviderStrategyItem":          {"CapacityProvider"},
	"AwsVpcConfiguration":                   {"Subnets"},
	"EnvironmentFile":                       {"Type", "Value"},
	"ResourceRequirement":                   {"Type"},
	"EphemeralStorage":                      {"SizeInGiB"},
	"TaskVolumeConfiguration":               {"Name"},
	"TaskManagedEBSVolumeConfiguration":     {"RoleArn"},
	"EBSTagSpecification":                   {"ResourceType"},
	"TaskManagedEBSVolumeTerminationPolicy": {"DeleteOnTermination"},
}

// unions are the members of the SDK's unions, by the wrapper that stands for each: reflection does not show them.
var unions = map[reflect.Type]map[string]reflect.Type{
	reflect.TypeFor[types.SharingStrategy](): {"NvidiaMps": reflect.TypeFor[types.SharingStrategyMemberNvidiaMps]()},
}

// typeOf returns the shape of a Go type of the SDK.
func typeOf(t reflect.Type) *shape.Type {
	switch t.Kind() {
	case reflect.Pointer:
		s := *typeOf(t.Elem())
		s.Pointer = true
		return &s
	case reflect.String:
		if t.PkgPath() == "" {
			return &shape.Type{Kind: shape.String}
		}
		return enumOf(t)
	case reflect.Bool:
		return &shape.Type{Kind: shape.Boolean}
	case reflect.Int32, reflect.Int64:
		return &shape.Type{Kind: shape.Integer, Bits: t.Bits()}
	case reflect.Slice:
		return &shape.Type{Kind: shape.List, Elem: typeOf(t.Elem())}
	case reflect.Struct:
		return structOf(t)
	case reflect.Interface:
		return unionOf(t)
	}
	panic(fmt.Sprintf("catalog: the SDK has a type that parameters never had: %s", t))
}

func structOf(t reflect.Type) *shape.Type {
	s := &shape.Type{Kind: shape.Struct, Package: t.PkgPath(), Name: t.Name()}
	wanted := map[string]bool{}
	for _, name := range required[t.Name()] {
		wanted[name] = true
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.IsExported() {
			s.Members = append(s.Members, shape.Member{Name: f.Name, Type: typeOf(f.Type), Required: wanted[f.Name]})
		}
	}
	return s
}

func unionOf(t reflect.Type) *shape.Type {
	s := &shape.Type{Kind: shape.Union, Package: t.PkgPath(), Name: t.Name()}
	for name, wrapper := range unions[t] {
		value, _ := wrapper.FieldByName("Value")
		s.Members = append(s.Members, shape.Member{Name: name, Type: typeOf(value.Type), Wrapper: wrapper.Name()})
	}
	slices.SortFunc(s.Members, func(a, b shape.Member) int { return strings.Compare(a.Name, b.Name) })
	return s
}

func enumOf(t reflect.Type) *shape.Type {
	s := &shape.Type{Kind: shape.Enum, Package: t.PkgPath(), Name: t.Name()}
	values := reflect.New(t).Elem().MethodByName("Values").Call(nil)[0]
	for i := range values.Len() {
		v := values.Index(i).String()
		s.Constants = append(s.Constants, shape.Constant{Value: v, Name: t.Name() + constantName(v)})
	}
	return s
}

// constantName returns what the SDK puts behind the type's name in the constant for a value: FARGATE is Fargate,
// MANAGED_INSTANCES is ManagedInstances, distinctInstance is DistinctInstance.
func constantName(value string) string {
	var name strings.Builder
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if word == strings.ToUpper(word) {
			word = strings.ToLower(word)
		}
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

// Refused returns the parameters of RunTask that an integration pattern does not take (E11).
func Refused(pattern string) []string {
	switch pattern {
	case SyncPattern:
		return []string{"Count", "StartedBy"}
	case TokenPattern:
		return []string{"Count"}
	}
	return nil
}
