package awsrole

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// A role's credentials are got once.
func TestNew(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		asked = append(asked, form.Get("Action")+" "+form.Get("RoleArn"))
		fmt.Fprintf(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>`+
			`<Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`, form.Get("RoleArn"), time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	}))
	t.Cleanup(server.Close)
	roles := New(aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(server.URL), Credentials: credentials.NewStaticCredentialsProvider("id", "secret", "")})
	for _, role := range []string{"a", "a", "b"} {
		got, err := roles(role).Retrieve(t.Context())
		if err != nil || got.AccessKeyID != role {
			t.Errorf("%s: %+v, %v", role, got, err)
		}
	}
	if len(asked) != 2 || asked[0] != "AssumeRole a" {
		t.Errorf("%q", asked)
	}
}
