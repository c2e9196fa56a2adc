package catalog_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// TestConstants holds every enum constant that generated code may name against the SDK's own source.
func TestConstants(t *testing.T) {
	const path = "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "enums.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constants := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			constants[v.Names[0].Name], _ = strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		}
		return true
	})
	enums := 0
	each(catalog.RunTask(), func(s *shape.Type) {
		if s.Kind != shape.Enum {
			return
		}
		enums++
		for _, c := range s.Constants {
			if s.Package != path || constants[c.Name] != c.Value {
				t.Errorf("%s.%s is %q in the SDK, not %q", s.Package, c.Name, constants[c.Name], c.Value)
			}
		}
	})
	if enums < 10 {
		t.Errorf("only %d enums found", enums)
	}
}

// TestRunTask samples the shapes of E16, the traps among them.
func TestRunTask(t *testing.T) {
	for path, want := range map[string]string{
		"TaskDefinition":       "a string *required",
		"EnableECSManagedTags": "a boolean",
		"Count":                "an integer *",
		"LaunchType":           "a string LaunchType",
		"NetworkConfiguration.AwsvpcConfiguration":                                    "an object *AwsVpcConfiguration",
		"NetworkConfiguration.AwsvpcConfiguration.Subnets":                            "an array required",
		"Overrides.ContainerOverrides.Cpu":                                            "an integer *",
		"Overrides.Cpu":                                                               "a string *",
		"Overrides.EphemeralStorage.SizeInGiB":                                        "an integer required",
		"VolumeConfigurations.ManagedEBSVolume.TerminationPolicy.DeleteOnTermination": "a boolean *required",
		"VolumeConfigurations.ManagedEBSVolume.TagSpecifications.ResourceType":        "a string EBSResourceTyperequired",
		"CapacityProviderStrategy.Base":                                               "an integer",
	} {
		s, member := catalog.RunTask(), shape.Member{}
		for _, name := range strings.Split(path, ".") {
			for s.Kind == shape.List {
				s = s.Elem
			}
			m := s.Member(name)
			if m == nil {
				t.Fatalf("%s: no %s", path, name)
			}
			member, s = *m, m.Type
		}
		got := s.Describe()
		if s.Pointer || s.Name != "" || member.Required {
			got += " "
		}
		if s.Pointer {
			got += "*"
		}
		if got += s.Name; member.Required {
			got += "required"
		}
		if got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

func each(s *shape.Type, f func(*shape.Type)) {
	f(s)
	if s.Elem != nil {
		each(s.Elem, f)
	}
	for _, m := range s.Members {
		each(m.Type, f)
	}
}
