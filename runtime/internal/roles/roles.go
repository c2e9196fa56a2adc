// Package roles is how the calls of a state that has Credentials are made as their role (R164).
package roles

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// Roles gives the credentials of a role by its ARN.
type Roles = func(roleARN string) aws.CredentialsProvider

// Credentials returns what an attempt is to be made with as a role; nil for "", which is the client's own. Without roles it fails: nothing
// is done as somebody else than the state says.
func Credentials(all Roles, roleARN string) (aws.CredentialsProvider, error) {
	switch {
	case roleARN == "":
		return nil, nil
	case all == nil:
		return nil, &asl.Error{Name: asl.ErrorRuntime, Cause: fmt.Sprintf("The task is to be done as the role %s, and its effect does not say how", roleARN)}
	}
	return all(roleARN), nil
}

// Clients are the clients of one service for the roles that they call it as.
type Clients[C any] struct {
	mu   sync.Mutex
	made map[string]C
}

// As returns the client for a role: own for "", and what make returns for another.
func (c *Clients[C]) As(all Roles, roleARN string, own C, make func(aws.CredentialsProvider) C) (C, error) {
	credentials, err := Credentials(all, roleARN)
	if credentials == nil {
		return own, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if made, ok := c.made[roleARN]; ok {
		return made, nil
	}
	if c.made == nil {
		c.made = map[string]C{}
	}
	c.made[roleARN] = make(credentials)
	return c.made[roleARN], nil
}

// All returns the clients that were made.
func (c *Clients[C]) All() []C {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Collect(maps.Values(c.made))
}
