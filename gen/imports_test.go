package gen_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/r-seed-632eed22/aslgen"

// policy says which packages of this module, and which other modules, each package may import. What is not said is not
// allowed; tests may import anything, and the standard library is free. A new edge is a change of the design, which is:
// imports run one way. The compiler (gen) knows the runtime as far as it must agree with it; the runtime never knows the
// compiler; no AWS service is part of the runtime, ECS and S3 only of the packages that call them.
var policy = map[string]struct{ packages, modules string }{
	// The compiler: source and diag are for all of it, then each stage knows those before it.
	"gen/internal/source":  {"internal/placeholder internal/places", "json"}, // values of placeholders are put into the text as JSON
	"gen/internal/diag":    {"gen/internal/source internal/visible", "json"},
	"gen/internal/ast":     {"gen/internal/source " + languages, ""}, // paths and functions are parsed once, as the runtime parses them
	"gen/internal/forms":   {"gen/internal/diag gen/internal/source", "cty hcl hclsyntax json yaml4"},
	"gen/internal/parse":   {"gen/internal/ast gen/internal/diag gen/internal/source " + languages, "json"},
	"gen/internal/shape":   {"gen/internal/source", ""},
	"gen/internal/catalog": {"gen/internal/ast gen/internal/diag gen/internal/sdk gen/internal/shape gen/internal/source internal/awsjob internal/awsmodel internal/awsname", "ecs"}, // parameters are read off the SDK's own types
	// Inference is of shape, but knows what machines and services are.
	"gen/internal/shape/infer": {"gen/internal/ast gen/internal/catalog gen/internal/diag gen/internal/shape gen/internal/source internal/awsmodel " + languages, ""},
	"gen/internal/check":       {"gen/internal/ast gen/internal/catalog gen/internal/diag gen/internal/shape gen/internal/source internal/awsmodel internal/httpheader " + languages, ""},
	// The user's own Go types, from the packages as the go command sees them.
	"gen/internal/gotypes": {"gen/internal/diag gen/internal/shape gen/internal/source internal/typesum", "packages"},
	"gen/internal/ir":      {},
	"gen/internal/sdk":     {}, // reads source
	// From the runtime itself lower takes the version of generated code and the checksum of a definition: both sides must
	// mean the same.
	"gen/internal/lower": {"gen/internal/ast gen/internal/catalog gen/internal/diag gen/internal/ir gen/internal/sdk gen/internal/shape gen/internal/shape/infer gen/internal/source internal/awsaction internal/awsjob internal/awsmodel internal/awsname internal/visible runtime/asl/table " + languages, ""},
	"gen/internal/emit":  {"gen/internal/ir internal/visible", "jennifer"}, // prints: knows neither the language nor the runtime
	"templates":          {"internal/visible", ""},
	"gen": {"gen/internal/ast gen/internal/breaking gen/internal/catalog gen/internal/check gen/config gen/internal/diag gen/internal/editor gen/internal/emit gen/internal/forms gen/internal/gotypes gen/internal/graph gen/internal/iam gen/internal/ir gen/internal/lower gen/internal/parse gen/internal/schema gen/internal/sdk gen/internal/shape gen/internal/shape/infer gen/internal/source gen/internal/tidy internal/visible templates",
		"jsonschema mod"},

	// What reads machines for something else than their code, and what else the command works on.
	"gen/internal/breaking": {"gen/internal/ast gen/internal/catalog gen/internal/diag gen/internal/shape gen/internal/shape/infer gen/internal/source runtime/value", ""},
	"gen/internal/editor":   {"gen/internal/ast gen/internal/catalog gen/internal/shape gen/internal/shape/infer gen/internal/source internal/awsmodel", ""},
	"gen/internal/tidy":     {"gen/internal/source", "json"},
	"gen/internal/graph":    {"gen/internal/ast internal/visible", ""},
	"gen/config":            {"gen/internal/diag gen/internal/source", "yaml"}, // nothing else knows which library reads YAML
	"gen/internal/iam":      {"gen/internal/ast gen/internal/catalog gen/internal/diag gen/internal/source internal/awsmodel runtime/jsonpath runtime/value", "json"},
	"gen/internal/schema":   {"gen/internal/ast gen/internal/catalog gen/internal/diag gen/internal/shape internal/awsmodel", "jsonschema"},

	// The runtime. value and clock are leaves.
	"runtime/value":     {"", "json"},
	"runtime/clock":     {},
	"runtime/jsonpath":  {"runtime/value", ""},
	"runtime/intrinsic": {"runtime/jsonpath runtime/value", ""},
	// The regular expressions of ECMAScript look around and refer back, which those of the standard library cannot.
	"runtime/jsonata/internal/regexp": {},
	"runtime/jsonata":                 {"runtime/value runtime/jsonata/internal/regexp", ""},
	"runtime/awsshape":                {"runtime/value", "smithy"}, // AWS's types by the interfaces that all of them have
	// The contract knows no language; what runs a machine knows the contract, and nothing else knows what runs it but package
	// table, by which generated code is made of it.
	"runtime/asl":              {"internal/visible runtime/awsshape runtime/value", "json smithy"},
	"runtime/internal/query":   {"runtime/asl runtime/awsshape " + languages, "smithy"},
	"runtime/internal/objects": {"runtime/asl runtime/internal/jsonspace runtime/internal/query runtime/value", "json"},
	"runtime/internal/states":  {"internal/covered internal/placeholder internal/places internal/typesum runtime/asl runtime/awsshape runtime/internal/names runtime/internal/objects runtime/internal/query runtime/jsonpath runtime/value", ""},
	"runtime/asl/table":        {"runtime/asl runtime/awsshape runtime/internal/query runtime/internal/states runtime/value", ""},
	"runtime/internal/names":   {},
	"runtime/internal/hosts":   {"runtime/asl runtime/clock runtime/internal/names runtime/value", ""},
	"runtime/internal/coder":   {"runtime/asl runtime/value", ""},
	"runtime/memory":           {"runtime/asl runtime/clock runtime/internal/coder runtime/internal/hosts runtime/value", ""},
	// The durable engine is files and the standard library.
	"runtime/durable":            {"internal/recordlog runtime/asl runtime/clock runtime/internal/coder runtime/internal/hosts runtime/value", ""},
	"runtime/sfnapi":             {"runtime/asl runtime/clock runtime/internal/hosts runtime/internal/jsonspace runtime/internal/names runtime/value", "aws json"},                                                                        // speaks the protocol, and knows the SDK for its signatures
	"runtime/internal/watch":     {"runtime/clock", ""},                                                                                                                                                                                   // polls for jobs, whatever the service
	"runtime/awstask":            {"internal/awsaction internal/awsjob internal/awsname runtime/asl runtime/awsshape runtime/clock runtime/internal/awsanswer runtime/internal/watch runtime/internal/roles runtime/value", "aws smithy"}, // it knows no service
	"runtime/internal/awsanswer": {"runtime/value", "aws smithy"},
	"runtime/internal/roles":     {"runtime/asl", "aws"},
	"runtime/asltest":            {"internal/aslcover internal/awsmodel internal/covered runtime/asl runtime/awsshape runtime/clock runtime/memory runtime/value", "aws ecs json"},
	"runtime/hosttest":           {"runtime/asl runtime/asl/table runtime/clock runtime/value", ""}, // for tests of engines, whose machines it writes itself
	"runtime/internal/jsonspace": {},
	"runtime/dirstore":           {"runtime/asl", ""},
	"runtime/awsrole":            {"", "aws sts stscreds"},
	"runtime/httptask":           {"internal/httpheader runtime/asl runtime/awsshape runtime/clock runtime/internal/roles runtime/internal/watch runtime/value", "aws"},
	"runtime/s3store":            {"runtime/asl", "aws s3 smithy"},
	"runtime/ecstask":            {"runtime/asl runtime/awsshape runtime/internal/awsanswer runtime/clock runtime/internal/watch runtime/internal/roles runtime/value", "aws ecs smithy"},
	// The ECS endpoint knows nothing of state machines.
	"runtime/ecstask/ecsfake": {"runtime/awsshape runtime/clock runtime/value", "aws ecs smithy"},

	// For tests alone.
	"internal/again":          {},
	"internal/built":          {},
	"internal/cases":          {anything, anything},
	"internal/cases/compiled": {anything, anything},
	"internal/runner":         {anything, anything},
	"internal/moto":           {},
	"internal/recordlog":      {},
	"internal/told":           {anything, anything},
	// The compiler and the runtime must mean the same.
	"internal/placeholder": {},
	"internal/httpheader":  {},
	"internal/places":      {},
	"internal/typesum":     {},
	// What services of AWS are, and how Step Functions calls what they have.
	"internal/awsmodel":      {"internal/awsaction internal/awsname runtime/value", ""},
	"internal/awsaction":     {"runtime/value", ""},
	"internal/awsmodel/make": {"internal/awsname", ""},
	"internal/aslcover":      {"internal/covered internal/places runtime/value", "json"},
	"internal/covered":       {},
	"internal/awsjob":        {"internal/awsaction runtime/value", ""},
	"internal/awsname":       {},
	// What text means that is not to be obeyed, for all that print.
	"internal/visible": {},

	// The command, which is no more than its flags. Examples and the module's own commands may import anything.
	"cmd/aslgen":  {"gen gen/config internal/aslcover internal/placeholder internal/visible runtime/value templates", "diff jsonrpc2 mod"},
	"cmd/...":     {anything, anything},
	"example/...": {anything, anything},
}

const (
	languages = "runtime/value runtime/jsonpath runtime/jsonata runtime/intrinsic"
	anything  = "*"
)

// modules are the import paths, with all below them, that the policy's words stand for.
var modules = map[string]string{
	"json":       "github.com/go-json-experiment/json",
	"smithy":     "github.com/aws/smithy-go",
	"aws":        "github.com/aws/aws-sdk-go-v2/aws",
	"ecs":        "github.com/aws/aws-sdk-go-v2/service/ecs",
	"s3":         "github.com/aws/aws-sdk-go-v2/service/s3",
	"sts":        "github.com/aws/aws-sdk-go-v2/service/sts",
	"stscreds":   "github.com/aws/aws-sdk-go-v2/credentials/stscreds",
	"jennifer":   "github.com/dave/jennifer",
	"packages":   "golang.org/x/tools/go/packages",
	"mod":        "golang.org/x/mod",
	"yaml":       "github.com/goccy/go-yaml",
	"cty":        "github.com/zclconf/go-cty/cty",
	"hcl":        "github.com/hashicorp/hcl/v2",
	"hclsyntax":  "github.com/hashicorp/hcl/v2/hclsyntax",
	"yaml4":      "go.yaml.in/yaml/v4",
	"jsonrpc2":   "github.com/sourcegraph/jsonrpc2",
	"diff":       "github.com/rogpeppe/go-internal/diff",
	"jsonschema": "github.com/invopop/jsonschema",
}

func TestImports(t *testing.T) {
	found := importsOfModule(t)
	for pkg, imported := range found {
		entry := entryFor(pkg)
		if entry == "" {
			t.Errorf("the policy does not know the package %s", pkg)
			continue
		}
		may := policy[entry]
		for _, name := range imported {
			inner, ours := strings.CutPrefix(name, module+"/")
			if ours && may.packages != anything && !slices.Contains(strings.Fields(may.packages), inner) {
				t.Errorf("%s may not import %s", pkg, inner)
			}
			if !ours && !mayImportModule(may.modules, name) {
				t.Errorf("%s may not import %s", pkg, name)
			}
		}
	}
	for entry := range policy {
		if !strings.HasSuffix(entry, "/...") && found[entry] == nil {
			t.Errorf("the policy knows a package that is not there: %s", entry)
		}
	}
}

// entryFor returns the entry of the policy for a package: its own, or that of the nearest folder above with all below it.
func entryFor(pkg string) string {
	if _, ok := policy[pkg]; ok {
		return pkg
	}
	for dir := pkg; dir != "."; dir = path.Dir(dir) {
		if _, ok := policy[dir+"/..."]; ok {
			return dir + "/..."
		}
	}
	return ""
}

func mayImportModule(words, name string) bool {
	first, _, _ := strings.Cut(name, "/")
	if words == anything || !strings.Contains(first, ".") { // the standard library
		return true
	}
	return slices.ContainsFunc(strings.Fields(words), func(word string) bool {
		return name == modules[word] || strings.HasPrefix(name, modules[word]+"/")
	})
}

// ofOtherModule reports whether a folder below the module's is a module of its own.
func ofOtherModule(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil && folder != ".."
}

// importsOfModule returns what the packages of the module import, tests left out, whatever the build constraints.
func importsOfModule(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string]map[string]bool{}
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		switch base := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (base == "testdata" || strings.HasPrefix(base, ".") && base != ".." || ofOtherModule(name)):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(base) != ".go" || strings.HasSuffix(base, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(name)), "../")
		if found[pkg] == nil {
			found[pkg] = map[string]bool{}
		}
		for _, i := range f.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			found[pkg][imported] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	lists := map[string][]string{}
	for pkg, imported := range found {
		lists[pkg] = append([]string{}, slices.Sorted(maps.Keys(imported))...)
	}
	return lists
}

// TestContract: what a reader of package asl has to look through fits on two screens, for `go doc` shows a line for each name
// or group of constants. Names that only generated code uses are those of package table.
func TestContract(t *testing.T) {
	const most = 95
	out, err := exec.Command("go", "doc", "-short", module+"/runtime/asl").Output()
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(out), "\n"); lines > most {
		t.Errorf("package asl shows %d names, more than %d:\n%s", lines, most, out)
	}
	if files, err := filepath.Glob(filepath.Join("..", "runtime", "*.go")); err != nil || len(files) > 0 {
		t.Errorf("the folder runtime has Go files: %v %v", files, err)
	}
}
