package sfnapi_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
)

const keysFile = `
# who may call
[deploy]
aws_access_key_id = AKIDEPLOY
aws_secret_access_key = s3cret/with=signs
region = us-east-1

[worker]
aws_access_key_id=AKIWORKER
aws_secret_access_key=other
`

// TestKeys: a server with keys answers requests that the AWS SDK has signed with one, and no others.
func TestKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(keysFile), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := sfnapi.ReadKeys(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sfnapi.NewAPIServer("0.0.0.0:0", memory.New(), sfnapi.WithKeys(keys))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler)
	t.Cleanup(server.Close)
	changed := func(change func(*smithyhttp.Request)) func(*middleware.Stack) error {
		return func(stack *middleware.Stack) error {
			return stack.Finalize.Add(middleware.FinalizeMiddlewareFunc("change", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
				change(in.Request.(*smithyhttp.Request))
				return next.HandleFinalize(ctx, in)
			}), middleware.After)
		}
	}
	for name, test := range map[string]struct {
		id, secret string
		change     func(*smithyhttp.Request)
		want       string // the error's code
	}{
		"the first key":     {"AKIDEPLOY", "s3cret/with=signs", nil, ""},
		"another key":       {"AKIWORKER", "other", nil, ""},
		"a wrong secret":    {"AKIWORKER", "another", nil, "InvalidSignatureException"},
		"an unknown key":    {"AKINOBODY", "other", nil, "InvalidSignatureException"},
		"no signature":      {"AKIWORKER", "other", func(r *smithyhttp.Request) { r.Header.Del("Authorization") }, "IncompleteSignature"},
		"another operation": {"AKIWORKER", "other", func(r *smithyhttp.Request) { r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListActivities") }, "InvalidSignatureException"},
		"another body": {"AKIWORKER", "other", func(r *smithyhttp.Request) {
			changed, err := r.SetStream(strings.NewReader(`{"maxResults":1}`))
			if err != nil {
				t.Error(err)
				return
			}
			*r = *changed
			r.ContentLength = 16
		}, "InvalidSignatureException"},
		"an old one": {"AKIWORKER", "other", func(r *smithyhttp.Request) { r.Header.Set("X-Amz-Date", "20200102T030405Z") }, "IncompleteSignature"},
		"less than was signed": {"AKIWORKER", "other", func(r *smithyhttp.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), ";x-amz-target", "", 1))
		}, "IncompleteSignature"},
	} {
		t.Run(name, func(t *testing.T) {
			o := sfn.Options{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider(test.id, test.secret, ""), Retryer: aws.NopRetryer{}}
			if test.change != nil {
				o.APIOptions = append(o.APIOptions, changed(test.change))
			}
			_, err := sfn.New(o).ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
			got := ""
			if failed, ok := errors.AsType[smithy.APIError](err); ok {
				got = failed.ErrorCode()
			} else if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("%q, not %q (%v)", got, test.want, err)
			}
		})
	}
}

// TestUnsigned: a signature that leaves out what the request asks for, or is for another service, lets nobody in.
func TestUnsigned(t *testing.T) {
	s, err := sfnapi.NewAPIServer("0.0.0.0:0", memory.New(), sfnapi.WithKeys(map[string]string{"AKI": "secret"}))
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		service string
		before  bool // the target is there when the request is signed
		want    int
	}{
		"all is signed":          {"states", true, 200},
		"the target is unsigned": {"states", false, 403},
		"for another service":    {"s3", true, 403},
	} {
		r := httptest.NewRequest("POST", "http://localhost/", strings.NewReader("{}"))
		if row.before {
			r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListStateMachines")
		}
		sum := sha256.Sum256([]byte("{}"))
		key := aws.Credentials{AccessKeyID: "AKI", SecretAccessKey: "secret"}
		if err := v4.NewSigner().SignHTTP(t.Context(), key, r, hex.EncodeToString(sum[:]), row.service, "us-east-1", time.Now()); err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListStateMachines")
		w := httptest.NewRecorder()
		if s.Handler.ServeHTTP(w, r); w.Code != row.want {
			t.Errorf("%s: %d, not %d: %s", name, w.Code, row.want, w.Body)
		}
	}
}

// TestReadKeys: what is no file of keys is refused by its line.
func TestReadKeys(t *testing.T) {
	for text, want := range map[string]string{
		"[a]\naws_access_key_id = x\naws_secret_access_key =": ":3: the secret is empty",
		"":                               "there are no keys in it",
		"[a]\nhello":                     ":2: it is neither",
		"[a]\naws_secret_access_key = x": ":2: the profile has no aws_access_key_id",
		"[a]\naws_access_key_id = x\n[b]\naws_secret_access_key=y": ":4: the profile has no aws_access_key_id",
	} {
		file := filepath.Join(t.TempDir(), "keys")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := sfnapi.ReadKeys(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := sfnapi.ReadKeys(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there has keys")
	}
}
