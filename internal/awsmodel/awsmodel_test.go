package awsmodel_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
)

// Every shape of every service can be read, and none is of an unknown kind.
func TestModels(t *testing.T) {
	kinds := []awsmodel.Kind{awsmodel.Structure, awsmodel.Union, awsmodel.List, awsmodel.Map, awsmodel.String, awsmodel.Boolean, awsmodel.Timestamp,
		awsmodel.Blob, awsmodel.Integer, awsmodel.Long, awsmodel.Float, awsmodel.Double, awsmodel.Document}
	operations := 0
	for _, name := range awsmodel.Services() {
		s := awsmodel.Load(name)
		seen := map[*awsmodel.Shape]bool{}
		var walk func(x *awsmodel.Shape)
		walk = func(x *awsmodel.Shape) {
			if x == nil || seen[x] {
				return
			}
			seen[x] = true
			if !slices.Contains(kinds, x.Kind) {
				t.Errorf("%s: %s has the kind %s", name, x.Name, x.Kind)
			}
			for i := range x.Members {
				walk(x.Members[i].Shape())
			}
			walk(x.Elem())
			walk(x.Key())
		}
		for _, action := range s.Actions() {
			operations++
			walk(s.Operation(action).Input())
			walk(s.Operation(action).Output())
		}
	}
	if n := len(awsmodel.Services()); n < 400 || operations < 15000 || !strings.HasPrefix(awsmodel.Version(), "botocore 1.") {
		t.Errorf("%d services, %d operations, %s", n, operations, awsmodel.Version())
	}
}

func TestOperation(t *testing.T) {
	s := awsmodel.Load("dynamodb")
	put := s.Operation("putItem")
	item := put.Input().Member("Item")
	if s.Name != "DynamoDb" || put.Name != "PutItem" || !put.Offered || !item.Required || !slices.Contains(put.Errors, "ConditionalCheckFailedException") {
		t.Errorf("%+v %+v", put, item)
	}
	if value := item.Shape().Elem(); item.Shape().Kind != awsmodel.Map || value.Kind != awsmodel.Structure && value.Kind != awsmodel.Union || value.Member("BOOL").Shape().Kind != awsmodel.Boolean {
		t.Errorf("%+v", value)
	}
	if m := awsmodel.Load("ecs").Operation("runTask").Input(); !m.Member("clientToken").Token || !slices.Contains(m.Member("launchType").Shape().Enum, "FARGATE") {
		t.Errorf("%+v", m)
	}
	if s3 := awsmodel.Load("s3"); !s3.Operation("putObject").Input().Member("Body").Stream || s3.Operation("selectObjectContent").Offered {
		t.Error("streams are not known")
	}
	if awsmodel.Load("VERSION") != nil || awsmodel.Load("none") != nil {
		t.Error("there is a service that is none")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		awsmodel.Reload("sagemaker")
	}
}
