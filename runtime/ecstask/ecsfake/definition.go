package ecsfake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// definition is a revision of a task definition.
type definition struct{ view types.TaskDefinition }

func (d *definition) family() string { return *d.view.Family }

// container returns the definition of a container; nil if there is none of that name.
func (d *definition) container(name string) *types.ContainerDefinition {
	for i := range d.view.ContainerDefinitions {
		if c := &d.view.ContainerDefinitions[i]; *c.Name == name {
			return c
		}
	}
	return nil
}

// RegisterTaskDefinition registers a revision of a task definition, as the operation of that name does.
func (s *Server) RegisterTaskDefinition(input *ecs.RegisterTaskDefinitionInput) (types.TaskDefinition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.register(input)
	if err != nil {
		return types.TaskDefinition{}, err
	}
	return clone(&d.view), nil
}

// Define registers a task definition of one container, named container, that runs p. It returns the ARN. It is
// [Server.RegisterTaskDefinition] and [Server.SetProgram] in one, and an error only if a name is not legal.
func (s *Server) Define(family, container string, p Program) (arn string, err error) {
	d, err := s.RegisterTaskDefinition(&ecs.RegisterTaskDefinitionInput{
		Family:               &family,
		ContainerDefinitions: []types.ContainerDefinition{{Name: &container}},
	})
	if err != nil {
		return "", err
	}
	s.SetProgram(family, container, p)
	return *d.TaskDefinitionArn, nil
}

// SetProgram has a container of all revisions of a task definition run p, from the next start on. nil has it run its
// command as a process again.
func (s *Server) SetProgram(family, container string, p Program) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p == nil {
		delete(s.programs, programKey{family, container})
		return
	}
	s.programs[programKey{family, container}] = p
}

type programKey struct{ family, container string }

func (s *Server) registerTaskDefinition(c *call) (value.Value, error) {
	var input ecs.RegisterTaskDefinitionInput
	err := c.decode(&input)
	if err := s.suffer(c, false, subject{family: aws.ToString(input.Family)}); err != nil {
		return value.Value{}, err
	}
	if err != nil {
		return value.Value{}, err
	}
	d, err := s.register(&input)
	if err != nil {
		return value.Value{}, err
	}
	return awsshape.Wire.Encode(&ecs.RegisterTaskDefinitionOutput{TaskDefinition: &d.view, Tags: input.Tags}), nil
}

// register is called with the server locked.
func (s *Server) register(input *ecs.RegisterTaskDefinitionInput) (*definition, error) {
	if err := checkDefinition(input); err != nil {
		return nil, err
	}
	// What is registered is what is described: the members have the same names. The document is also a copy.
	d := &definition{}
	if err := awsshape.Wire.Decode(awsshape.Wire.Encode(input), &d.view); err != nil {
		return nil, err
	}
	for i := range d.view.ContainerDefinitions {
		if c := &d.view.ContainerDefinitions[i]; c.Essential == nil {
			c.Essential = aws.Bool(true)
		}
	}
	revisions := append(s.definitions[*input.Family], d)
	s.definitions[*input.Family] = revisions
	d.view.Revision = int32(len(revisions))
	d.view.Status = types.TaskDefinitionStatusActive
	d.view.RegisteredAt = aws.Time(s.clock.Now())
	d.view.TaskDefinitionArn = aws.String(s.arn(fmt.Sprintf("task-definition/%s:%d", *input.Family, len(revisions))))
	return d, nil
}

var legalName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)

func checkDefinition(input *ecs.RegisterTaskDefinitionInput) error {
	if !legalName.MatchString(aws.ToString(input.Family)) {
		return exception("ClientException", "Family %q is not 1 to 255 letters, digits, hyphens and underscores.",
			aws.ToString(input.Family))
	}
	names := map[string]bool{}
	essential := false
	for _, c := range input.ContainerDefinitions {
		name := aws.ToString(c.Name)
		if !legalName.MatchString(name) || names[name] {
			return exception("ClientException", "Container name %q is not legal, or is used twice.", name)
		}
		names[name] = true
		essential = essential || c.Essential == nil || *c.Essential
	}
	if !essential {
		return exception("ClientException", "A task definition needs at least one essential container.")
	}
	return nil
}

// resolve finds the task definition that a reference names: family, family:revision, or an ARN of either. Without a
// revision it is the latest. It is called with the server locked.
func (s *Server) resolve(reference string) (*definition, bool) {
	family, revision := splitReference(reference)
	revisions := s.definitions[family]
	n := len(revisions)
	if revision != "" {
		var err error
		if n, err = strconv.Atoi(revision); err != nil || n > len(revisions) {
			return nil, false
		}
	}
	if n < 1 {
		return nil, false
	}
	d := revisions[n-1]
	return d, !strings.HasPrefix(reference, "arn:") || strings.HasPrefix(*d.view.TaskDefinitionArn, reference)
}

// splitReference returns the family that a reference names, and the revision if it says one.
func splitReference(reference string) (family, revision string) {
	if _, name, ok := strings.Cut(reference, ":task-definition/"); ok {
		reference = name
	}
	family, revision, _ = strings.Cut(reference, ":")
	return family, revision
}

// arn returns the ARN of a resource of the account.
func (s *Server) arn(resource string) string {
	return fmt.Sprintf("arn:aws:ecs:%s:%s:%s", s.options.Region, s.options.Account, resource)
}
