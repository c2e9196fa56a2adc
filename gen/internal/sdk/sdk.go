// Package sdk reads services of the AWS SDK for Go from the source of their modules: whether they have an operation, which parameters
// it takes, and which unions are among those. It parses and does not check types, for the SDK is generated, and what generates it writes
// few forms of Go.
package sdk

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Prefix is what the import paths of services begin with.
const Prefix = "github.com/aws/aws-sdk-go-v2/service/"

// Modules are the modules of the SDK that the code in a folder can import.
type Modules struct {
	Fault    string // what the go command says when it cannot tell which they are
	folder   string
	services map[string]*Service // by the last part of their import paths; nil are those that are not to be had
}

// In returns the modules for the code in a folder.
func In(folder string) *Modules { return &Modules{folder: folder, services: map[string]*Service{}} }

// Find looks services up by the last parts of their import paths, all with one run of the go command. Those that are not among the
// modules of the folder's own module are not found, and none is found by a go command that fails.
func (m *Modules) Find(ctx context.Context, names ...string) error {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { _, known := m.services[name]; return known })
	if _, err := os.Stat(m.folder); len(names) == 0 || errors.Is(err, fs.ErrNotExist) {
		return nil // a folder that is not there has no modules
	}
	args := []string{"list", "-find", "-e", "-f", "{{.ImportPath}}\t{{.Dir}}"}
	for _, name := range names {
		m.services[name] = nil
		args = append(args, Prefix+name)
	}
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = m.folder
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		m.Fault = "go list: " + cmp.Or(string(bytes.TrimSpace(stderr.Bytes())), err.Error())
		return nil
	}
	for line := range strings.Lines(string(out)) {
		path, dir, _ := strings.Cut(strings.TrimRight(line, "\r\n"), "\t")
		if dir == "" {
			continue
		}
		s, err := open(path, dir)
		if err != nil {
			return err
		}
		m.services[strings.TrimPrefix(path, Prefix)] = s
	}
	return nil
}

// Service returns a service that was looked up, nil if it was not found.
func (m *Modules) Service(name string) *Service { return m.services[name] }

// Service is a service of the SDK.
type Service struct {
	Path string // its import path
	ID   string // what the SDK calls it: DynamoDB, Cost Explorer

	folder     string
	operations map[string]*Operation
	types      map[string]ast.Expr // of the package types, by their names; nil before they are read
	unions     map[string][]string // the types of the members of unions, by the unions' names
	shapes     map[string]*Shape
}

// Operation is an operation of a service.
type Operation struct {
	Service *Service
	Name    string // its method of the client; with Input and Output its types
	Input   *Shape
}

// Shape is what is known of a Go type of the SDK. One that is written as text or number has nothing.
type Shape struct {
	Elem     *Shape            // of a list or a map
	Members  map[string]*Shape // of a struct or a union, by their Go names; nil if it is neither
	Union    string            // the name of a union in the package types
	Wrappers []string          // the types of its members there, sorted
}

func open(path, folder string) (*Service, error) {
	s := &Service{Path: path, folder: folder, operations: map[string]*Operation{}}
	f, err := s.parse("api_client.go")
	if err != nil {
		return nil, err
	}
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
			for _, spec := range g.Specs {
				if v := spec.(*ast.ValueSpec); v.Names[0].Name == "ServiceID" && len(v.Values) == 1 {
					if literal, ok := v.Values[0].(*ast.BasicLit); ok {
						s.ID, _ = strconv.Unquote(literal.Value)
					}
				}
			}
		}
	}
	if s.ID == "" {
		return nil, fmt.Errorf("%s has no ServiceID: it is no service of the AWS SDK for Go v2", path)
	}
	return s, nil
}

func (s *Service) parse(name string) (*ast.File, error) {
	name = filepath.Join(s.folder, name)
	source, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := parser.ParseFile(token.NewFileSet(), name, withoutBodies(source), parser.SkipObjectResolution)
	if err != nil {
		f, err = parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
	}
	return f, err
}

// withoutBodies returns source that gofmt has formatted without the bodies of functions, which are most of it and are not read. Their lines
// stay, so that an error has its place.
func withoutBodies(source []byte) []byte {
	out := make([]byte, 0, len(source))
	inside := false
	for line := range bytes.Lines(source) {
		switch end := bytes.Equal(bytes.TrimRight(line, "\r\n"), []byte("}")); {
		case inside && !end:
			out = append(out, '\n')
			continue
		case inside:
			inside = false
		default:
			inside = bytes.HasPrefix(line, []byte("func ")) && bytes.HasSuffix(bytes.TrimRight(line, "\r\n"), []byte("{"))
		}
		out = append(out, line...)
	}
	return out
}

// Operation returns an operation. It is nil if the service has none of the name.
func (s *Service) Operation(name string) (*Operation, error) {
	if known := s.operations[name]; known != nil {
		return known, nil
	}
	o, err := s.readOperation(name)
	s.operations[name] = o
	return o, err
}

func (s *Service) readOperation(name string) (*Operation, error) {
	f, err := s.parse("api_op_" + name + ".go")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = s.readTypes()
	}
	if err != nil {
		return nil, err
	}
	for _, spec := range specs(f) {
		if spec.Name.Name == name+"Input" {
			return &Operation{s, name, s.shape(spec.Type)}, nil
		}
	}
	return nil, fmt.Errorf("%s has an operation %s without %sInput", s.Path, name, name)
}

// readTypes reads the package types. Not each service has one.
func (s *Service) readTypes() error {
	if s.types != nil {
		return nil
	}
	s.types, s.unions, s.shapes = map[string]ast.Expr{}, map[string][]string{}, map[string]*Shape{}
	f, err := s.parse(filepath.Join("types", "types.go"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, spec := range specs(f) {
		s.types[spec.Name.Name] = spec.Type
	}
	for _, d := range f.Decls {
		s.member(d)
	}
	return nil
}

// member notes a member of a union, by the method that makes it one: func (*AttributeValueMemberS) isAttributeValue().
func (s *Service) member(d ast.Decl) {
	method, ok := d.(*ast.FuncDecl)
	if !ok || method.Recv == nil {
		return
	}
	union, found := strings.CutPrefix(method.Name.Name, "is")
	star, ok := method.Recv.List[0].Type.(*ast.StarExpr)
	if !found || !ok {
		return
	}
	if of, ok := star.X.(*ast.Ident); ok && strings.HasPrefix(of.Name, union+"Member") {
		s.unions[union] = append(s.unions[union], of.Name)
	}
}

func specs(f *ast.File) (all []*ast.TypeSpec) {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			for _, spec := range g.Specs {
				all = append(all, spec.(*ast.TypeSpec))
			}
		}
	}
	return all
}

// shape returns what is known of a type.
func (s *Service) shape(x ast.Expr) *Shape {
	switch x := x.(type) {
	case *ast.StarExpr:
		return s.shape(x.X)
	case *ast.Ident:
		return s.named(x.Name)
	case *ast.SelectorExpr:
		if pkg, ok := x.X.(*ast.Ident); ok && pkg.Name == "types" {
			return s.named(x.Sel.Name)
		}
	case *ast.ArrayType:
		return &Shape{Elem: s.shape(x.Elt)}
	case *ast.MapType:
		return &Shape{Elem: s.shape(x.Value)}
	case *ast.StructType:
		out := &Shape{}
		s.fields(out, x)
		return out
	}
	return &Shape{}
}

func (s *Service) fields(out *Shape, x *ast.StructType) {
	out.Members = map[string]*Shape{}
	for _, f := range x.Fields.List {
		if len(f.Names) == 1 && f.Names[0].IsExported() {
			out.Members[f.Names[0].Name] = s.shape(f.Type)
		}
	}
}

// named returns a type of the package types. It may be a part of itself.
func (s *Service) named(name string) *Shape {
	if known := s.shapes[name]; known != nil {
		return known
	}
	out := &Shape{}
	s.shapes[name] = out
	switch x := s.types[name].(type) {
	case *ast.StructType:
		s.fields(out, x)
	case *ast.InterfaceType:
		out.Union, out.Members = name, map[string]*Shape{}
		for _, wrapper := range s.unions[name] {
			out.Members[strings.TrimPrefix(wrapper, name+"Member")] = s.named(wrapper).Members["Value"]
		}
		out.Wrappers = slices.Sorted(slices.Values(s.unions[name]))
	}
	return out
}

// Unions returns the unions that are in a shape, sorted by their names.
func (s *Shape) Unions() (all []*Shape) {
	seen := map[*Shape]bool{}
	var walk func(*Shape)
	walk = func(x *Shape) {
		if x == nil || seen[x] {
			return
		}
		seen[x] = true
		if x.Union != "" {
			all = append(all, x)
		}
		walk(x.Elem)
		for _, m := range x.Members {
			walk(m)
		}
	}
	walk(s)
	slices.SortFunc(all, func(a, b *Shape) int { return strings.Compare(a.Union, b.Union) })
	return all
}
