// Package awsrole has calls of AWS services be made as another role: that of a state's Credentials (R164).
package awsrole

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// New returns what gives the credentials of a role by its ARN. They are got from AWS STS with those of the configuration, which the role must
// trust, and kept until shortly before they expire.
func New(configuration aws.Config) func(roleARN string) aws.CredentialsProvider {
	client := sts.NewFromConfig(configuration)
	var mu sync.Mutex
	made := map[string]aws.CredentialsProvider{}
	return func(roleARN string) aws.CredentialsProvider {
		mu.Lock()
		defer mu.Unlock()
		if made[roleARN] == nil {
			made[roleARN] = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(client, roleARN))
		}
		return made[roleARN]
	}
}
