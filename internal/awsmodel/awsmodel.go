// Package awsmodel is what the services of AWS take and answer: the operations and shapes of their models, by their own names, with
// what is required, what is legal and what can fail. It judges; nothing is called with it. A model is as old as its botocore, so
// what it does not know may be newer.
package awsmodel

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/r-seed-632eed22/aslgen/internal/awsname"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// models has an entry for each service, in the form that make writes. Reproduce it with
//
//	go run ./internal/awsmodel/make -o internal/awsmodel/models.zip FOLDER
//
//go:embed models.zip
var models []byte

// entries are the parts of models by the names of services.
var entries = sync.OnceValue(func() map[string]*zip.File {
	r, err := zip.NewReader(bytes.NewReader(models), int64(len(models)))
	if err != nil {
		panic(err) // it is part of the program
	}
	files := make(map[string]*zip.File, len(r.File))
	for _, f := range r.File {
		files[f.Name] = f
	}
	return files
})

// Version says what the models were made from: "botocore 1.43.11".
func Version() string { return string(content("VERSION")) }

// content returns an entry, nil if there is none.
func content(name string) []byte {
	f := entries()[name]
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		panic(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return text
}

// Services returns the names of all services as Resources have them (I5), sorted.
func Services() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(entries())), func(name string) bool { return name == "VERSION" })
}

// Service is the model of a service.
type Service struct {
	Name       string   // the first part of its errors' names in an AWS SDK integration: DynamoDb
	Others     []string // what it is called elsewhere: states of sfn
	Protocol   string   // json, query, ec2, rest-json, rest-xml, smithy-rpc-v2-cbor
	Module     string   // the last part of its import path in the AWS SDK for Go: configservice
	Signing    string   // what its requests are signed for, and most policies call it: elasticmapreduce of emr
	operations map[string]*Operation
	lines      map[string]string // of shapes, by their names
	exceptions func() []string

	mu     sync.Mutex
	shapes map[string]*Shape
}

// Operation is an operation of a service.
type Operation struct {
	Name    string // PutItem
	Offered bool   // the AWS SDK integration has it
	Errors  []string

	service       *Service
	input, output string

	// Of an action that differs from the operation, what it takes and answers.
	taken, answered *Shape
}

// Kind is the kind of a shape, by the model's word.
type Kind string

// The kinds of shapes.
const (
	Structure Kind = "structure"
	Union     Kind = "union" // a structure with exactly one member set
	List      Kind = "list"
	Map       Kind = "map"
	String    Kind = "string"
	Boolean   Kind = "boolean"
	Timestamp Kind = "timestamp"
	Blob      Kind = "blob"
	Integer   Kind = "integer"
	Long      Kind = "long"
	Float     Kind = "float"
	Double    Kind = "double"
	Document  Kind = "document" // any JSON
)

// Shape is the type of a value.
type Shape struct {
	Name     string
	Kind     Kind
	Members  []Member // of a Structure or a Union, sorted
	Enum     []string // of a String: the values that are known; nil if all are legal. Of a Boolean: the one that is legal, if not both are
	Min, Max *float64 // of a number, the length of a String, a Blob, a List or a Map

	service   *Service
	key, elem string
}

// Member is a member of a structure.
type Member struct {
	Name     string // the service's own
	Required bool
	Token    bool // an idempotency token, which a client makes if it is not given
	Stream   bool // of any length

	service *Service
	shape   string
	sdk     string // its name in an AWS SDK integration
	changed *Shape // that it has in place of the service's own; nil if it has that
}

var loaded sync.Map // of names of services; the models

// Load returns the model of a service by its name in a Resource, nil if there is none.
func Load(service string) *Service {
	if s, ok := loaded.Load(service); ok {
		return s.(*Service)
	}
	text := content(service)
	if text == nil || service == "VERSION" {
		return nil
	}
	s, _ := loaded.LoadOrStore(service, parse(string(text)))
	return s.(*Service)
}

// parse reads what make has written of a service.
func parse(text string) *Service {
	s := &Service{operations: map[string]*Operation{}, lines: map[string]string{}, shapes: map[string]*Shape{}}
	s.exceptions = sync.OnceValue(s.makeExceptions)
	head, rest, _ := strings.Cut(text, "\n")
	if parts := strings.Split(head, "\t"); len(parts) == 5 {
		s.Name, s.Protocol, s.Module, s.Signing, s.Others = parts[0], parts[1], parts[2], parts[3], strings.Fields(parts[4])
	}
	operations, shapes, _ := strings.Cut(rest, "\n\n")
	for line := range strings.SplitSeq(operations, "\n") {
		if parts := strings.Split(line, "\t"); len(parts) == 5 {
			s.operations[awsname.Action(parts[0])] = &Operation{
				Name: parts[0], Offered: parts[1] == "", Errors: strings.Fields(parts[4]), service: s, input: parts[2], output: parts[3],
			}
		}
	}
	for line := range strings.SplitSeq(shapes, "\n") {
		name, rest, _ := strings.Cut(line, "\t")
		s.lines[name] = rest
	}
	return s
}

// Called returns the name of the service that has another name elsewhere: sfn for states and stepfunctions. It is "" if there is
// none, or more than one.
func Called(name string) string { return others()[name] }

// others are the names of services by those that they have elsewhere; "" where several have it.
var others = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, service := range Services() {
		for _, other := range Load(service).Others {
			for _, spelling := range []string{other, strings.ReplaceAll(other, "-", "")} {
				if taken, is := all[spelling]; is && taken != service {
					all[spelling] = ""
				} else {
					all[spelling] = service
				}
			}
		}
	}
	return all
})

// Exceptions returns the names of the errors of the service in the AWS SDK integration: those of its model, and what every other
// error becomes (I3, I5c).
func (s *Service) Exceptions() []string { return s.exceptions() }

func (s *Service) makeExceptions() []string {
	var names []string
	for _, o := range s.operations {
		for _, shape := range o.Errors {
			names = append(names, s.Name+"."+awsname.Exception(shape))
		}
	}
	slices.Sort(names)
	return append(slices.Compact(names), s.Name+"."+s.Name+"Exception", s.Name+".SdkClientException")
}

// Operation returns the operation that an action of a Resource calls, nil if the service does not have it.
func (s *Service) Operation(action string) *Operation { return s.operations[action] }

// Actions returns the actions that the AWS SDK integration offers, sorted.
func (s *Service) Actions() []string {
	var names []string
	for name, o := range s.operations {
		if o.Offered {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Input returns the shape of the parameters: of an operation that takes none, a structure without members.
func (o *Operation) Input() *Shape {
	switch {
	case o.taken != nil:
		return o.taken
	case o.input == "":
		return &Shape{Name: "Input", Kind: Structure, service: o.service}
	}
	return o.service.shape(o.input)
}

// Output returns the shape of the result, nil if there is none.
func (o *Operation) Output() *Shape {
	if o.answered != nil {
		return o.answered
	}
	return o.service.shape(o.output)
}

// Shape returns the shape of the member.
func (m *Member) Shape() *Shape {
	if m.changed != nil {
		return m.changed
	}
	return m.service.shape(m.shape)
}

// Elem returns the shape of a List's elements or of a Map's values.
func (s *Shape) Elem() *Shape { return s.service.shape(s.elem) }

// Key returns the shape of a Map's names.
func (s *Shape) Key() *Shape { return s.service.shape(s.key) }

// Member returns the member with the service's name, nil if there is none.
func (s *Shape) Member(name string) *Member {
	for i := range s.Members {
		if s.Members[i].Name == name {
			return &s.Members[i]
		}
	}
	return nil
}

// shape returns a shape by its name. Shapes may hold themselves, so they are made when they are asked for.
func (s *Service) shape(name string) *Shape {
	if name == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if made := s.shapes[name]; made != nil {
		return made
	}
	line, ok := s.lines[name]
	if !ok {
		panic(fmt.Sprintf("awsmodel: %s has no shape %s", s.Name, name))
	}
	made := s.read(name, strings.Split(line, "\t"))
	s.shapes[name] = made
	return made
}

// read reads the line of a shape.
func (s *Service) read(name string, parts []string) *Shape {
	x := &Shape{Name: name, Kind: Kind(parts[0]), service: s}
	parts = parts[1:]
	switch x.Kind {
	case Structure, Union:
		for i := 0; i+1 < len(parts); i += 2 {
			name := strings.TrimRight(parts[i], "!~*")
			flags := parts[i][len(name):]
			x.Members = append(x.Members, Member{
				Name: name, Required: strings.Contains(flags, "!"), Token: strings.Contains(flags, "~"), Stream: strings.Contains(flags, "*"),
				service: s, shape: parts[i+1], sdk: awsname.Member(name),
			})
		}
		return x
	case List:
		x.elem, parts = parts[0], parts[1:]
	case Map:
		x.key, x.elem, parts = parts[0], parts[1], parts[2:]
	}
	if len(parts) >= 2 {
		x.Min, x.Max = limit(parts[0]), limit(parts[1])
		for _, value := range parts[2:] {
			value, err := strconv.Unquote(`"` + value + `"`)
			if err != nil {
				panic(err)
			}
			x.Enum = append(x.Enum, value)
		}
	}
	return x
}

func limit(text string) *float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil
	}
	return &n
}

// JSON returns the kind of JSON that a value of the shape is written as.
func (s *Shape) JSON() value.Kind {
	switch s.Kind {
	case Structure, Union, Map:
		return value.ObjectKind
	case List:
		return value.ArrayKind
	case Boolean:
		return value.BoolKind
	case Integer, Long, Float, Double:
		return value.NumberKind
	}
	return value.StringKind
}
