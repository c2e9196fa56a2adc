package ecsfake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// newTask makes a task with the members that RunTask's answer has (docs/rules.md E26).
func (s *Server) newTask(in *ecs.RunTaskInput, d *definition, f fate) *task {
	id := s.hex(32)
	cluster := clusterName(in.Cluster)
	t := &task{family: d.family(), fate: f, ended: s.clock.NewGate()}
	t.view = types.Task{
		Attachments: s.newAttachments(in),
		Attributes: []types.Attribute{
			{Name: aws.String("ecs.cpu-architecture"), Value: aws.String("x86_64")},
		},
		AvailabilityZone:     aws.String(s.options.Region + "a"),
		ClusterArn:           aws.String(s.arn("cluster/" + cluster)),
		Cpu:                  d.view.Cpu,
		CreatedAt:            aws.Time(s.clock.Now()),
		DesiredStatus:        aws.String(statusRunning),
		EnableExecuteCommand: in.EnableExecuteCommand,
		Group:                in.Group,
		//lint:ignore SA1019 ECS still answers with the list, an empty one.
		InferenceAccelerators: []types.InferenceAccelerator{},
		LastStatus:            aws.String(statusProvisioning),
		LaunchType:            in.LaunchType,
		Memory:                d.view.Memory,
		Overrides:             describeOverrides(in.Overrides, d),
		StartedBy:             in.StartedBy,
		Tags:                  append([]types.Tag{}, in.Tags...),
		TaskArn:               aws.String(s.arn("task/" + cluster + "/" + id)),
		TaskDefinitionArn:     d.view.TaskDefinitionArn,
		Version:               1,
	}
	if t.view.Group == nil {
		t.view.Group = aws.String("family:" + t.family)
	}
	if o := in.Overrides; o != nil {
		t.view.Cpu, t.view.Memory = either(o.Cpu, t.view.Cpu), either(o.Memory, t.view.Memory)
	}
	placeTask(&t.view, in)
	t.view.Containers = make([]types.Container, len(d.view.ContainerDefinitions))
	for i := range d.view.ContainerDefinitions {
		t.containers = append(t.containers, s.newContainer(t, i, &d.view.ContainerDefinitions[i]))
	}
	return t
}

// placeTask sets what depends on where the task runs: EC2 if nothing is said.
func placeTask(view *types.Task, in *ecs.RunTaskInput) {
	if len(in.CapacityProviderStrategy) > 0 {
		view.CapacityProviderName = in.CapacityProviderStrategy[0].CapacityProvider
		if strings.HasPrefix(aws.ToString(view.CapacityProviderName), string(types.LaunchTypeFargate)) {
			view.LaunchType = types.LaunchTypeFargate
		}
	}
	switch view.LaunchType {
	case "":
		view.LaunchType = types.LaunchTypeEc2
	case types.LaunchTypeFargate:
		view.Cpu, view.Memory = either(view.Cpu, aws.String("256")), either(view.Memory, aws.String("512"))
		view.EphemeralStorage = &types.EphemeralStorage{SizeInGiB: 20}
		if in.Overrides != nil && in.Overrides.EphemeralStorage != nil {
			view.EphemeralStorage = in.Overrides.EphemeralStorage
		}
		view.PlatformFamily = aws.String("Linux")
		view.PlatformVersion = aws.String("1.4.0")
		if v := aws.ToString(in.PlatformVersion); v != "" && v != "LATEST" {
			view.PlatformVersion = &v
		}
	}
}

func either[T any](first, second *T) *T {
	if first != nil {
		return first
	}
	return second
}

// newContainer makes a container and fills its place in the task.
func (s *Server) newContainer(t *task, i int, d *types.ContainerDefinition) *container {
	view := &t.view.Containers[i]
	_, path, _ := strings.Cut(t.arn(), ":task/")
	*view = types.Container{
		ContainerArn:      aws.String(s.arn("container/" + path + "/" + s.uuid())),
		Cpu:               aws.String(fmt.Sprint(d.Cpu)),
		GpuIds:            []string{},
		Image:             d.Image,
		LastStatus:        aws.String(statusPending),
		ManagedAgents:     []types.ManagedAgent{},
		Name:              d.Name,
		NetworkBindings:   []types.NetworkBinding{},
		NetworkInterfaces: []types.NetworkInterface{},
		TaskArn:           t.view.TaskArn,
	}
	if d.Memory != nil {
		view.Memory = aws.String(fmt.Sprint(*d.Memory))
	}
	c := &container{view: view, essential: *d.Essential}
	c.info = Container{
		Task:        t.arn(),
		Cluster:     *t.view.ClusterArn,
		Definition:  *t.view.TaskDefinitionArn,
		Family:      t.family,
		Name:        *d.Name,
		Arguments:   slices.Clone(d.EntryPoint),
		Environment: maps.Clone(s.environment),
	}
	override := t.view.Overrides.ContainerOverrides[i]
	command := d.Command
	if len(override.Command) > 0 {
		command = override.Command
	}
	c.info.Arguments = append(c.info.Arguments, command...)
	for _, list := range [][]types.KeyValuePair{d.Environment, override.Environment} {
		for _, e := range list {
			c.info.Environment[aws.ToString(e.Name)] = aws.ToString(e.Value)
		}
	}
	return c
}

// describeOverrides lists every container of the definition, in its order, with the lists that the service shows empty.
func describeOverrides(in *types.TaskOverride, d *definition) *types.TaskOverride {
	overrides := types.TaskOverride{}
	if in != nil {
		overrides = *in
	}
	given := map[string]types.ContainerOverride{}
	for _, o := range overrides.ContainerOverrides {
		given[aws.ToString(o.Name)] = o
	}
	overrides.ContainerOverrides = nil
	for _, c := range d.view.ContainerDefinitions {
		o := given[*c.Name]
		o.Name = c.Name
		o.Command = append([]string{}, o.Command...)
		o.Environment = append([]types.KeyValuePair{}, o.Environment...)
		o.EnvironmentFiles = append([]types.EnvironmentFile{}, o.EnvironmentFiles...)
		o.ResourceRequirements = append([]types.ResourceRequirement{}, o.ResourceRequirements...)
		overrides.ContainerOverrides = append(overrides.ContainerOverrides, o)
	}
	//lint:ignore SA1019 ECS still answers with the list.
	accelerators := &overrides.InferenceAcceleratorOverrides
	*accelerators = append([]types.InferenceAcceleratorOverride{}, *accelerators...)
	return &overrides
}

// newAttachments returns the network interface of a task in a VPC, which a task without a network configuration has not.
func (s *Server) newAttachments(in *ecs.RunTaskInput) []types.Attachment {
	if in.NetworkConfiguration == nil || in.NetworkConfiguration.AwsvpcConfiguration == nil {
		return []types.Attachment{}
	}
	return []types.Attachment{{
		Details: []types.KeyValuePair{detail("subnetId", in.NetworkConfiguration.AwsvpcConfiguration.Subnets[0])},
		Id:      aws.String(s.uuid()),
		Status:  aws.String("PRECREATED"),
		Type:    aws.String("ElasticNetworkInterface"),
	}}
}

func detail(name, value string) types.KeyValuePair {
	return types.KeyValuePair{Name: &name, Value: &value}
}

// connect gives a task its network.
func (s *Server) connect(t *task) {
	t.view.Connectivity = types.ConnectivityConnected
	t.view.ConnectivityAt = aws.Time(s.clock.Now())
	for i := range t.view.Attachments {
		a := &t.view.Attachments[i]
		address := fmt.Sprintf("10.0.%d.%d", s.random.IntN(256), 4+s.random.IntN(251))
		a.Status = aws.String("ATTACHED")
		a.Details = append(a.Details,
			detail("networkInterfaceId", "eni-"+s.hex(17)),
			detail("macAddress", fmt.Sprintf("02:%s:%s:%s:%s:%s", s.hex(2), s.hex(2), s.hex(2), s.hex(2), s.hex(2))),
			detail("privateDnsName", "ip-"+strings.ReplaceAll(address, ".", "-")+".ec2.internal"),
			detail("privateIPv4Address", address))
		for _, c := range t.containers {
			c.view.NetworkInterfaces = append(c.view.NetworkInterfaces,
				types.NetworkInterface{AttachmentId: a.Id, PrivateIpv4Address: &address})
		}
	}
}

// showLaunched shows a container that has been started.
func (s *Server) showLaunched(c *container) {
	if c.live() {
		c.view.LastStatus = aws.String(statusRunning)
	}
	c.view.ImageDigest = aws.String("sha256:" + s.hex(64))
	c.view.RuntimeId = aws.String(s.hex(32))
}

func (s *Server) disconnect(t *task) {
	for i := range t.view.Attachments {
		t.view.Attachments[i].Status = aws.String("DELETED")
	}
}

// document returns the task as it goes over the wire. The service writes the one boolean also if it is false, which the
// SDK's type cannot say.
func (t *task) document() value.Value {
	return awsshape.Wire.Encode(&t.view).With("enableExecuteCommand", value.Bool(t.view.EnableExecuteCommand))
}

// hex returns n random hexadecimal digits.
func (s *Server) hex(n int) string {
	const digits = "0123456789abcdef"
	text := make([]byte, n)
	for i := range text {
		text[i] = digits[s.random.IntN(len(digits))]
	}
	return string(text)
}

// uuid returns a random UUID of version 4.
func (s *Server) uuid() string {
	return s.hex(8) + "-" + s.hex(4) + "-4" + s.hex(3) + "-a" + s.hex(3) + "-" + s.hex(12)
}
