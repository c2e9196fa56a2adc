package sfnapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// WithSecret has a server answer requests that carry a secret, as "Authorization: Bearer SECRET"; "" is none.
func WithSecret(secret string) APIOption {
	return func(served *api) {
		if secret != "" {
			served.admission.secret = new(sha256.Sum256([]byte("Bearer " + secret)))
		}
	}
}

// WithKeys has a server answer requests that are signed (Signature Version 4) with one of the secret access keys, by their access key ids:
// those of AWS SDKs and of the AWS CLI that have such keys. See [ReadKeys].
func WithKeys(keys map[string]string) APIOption {
	return func(served *api) { served.admission.keys = keys }
}

// ReadKeys reads keys for [WithKeys] from a file in the form of AWS's shared credentials file: of each profile aws_access_key_id and
// aws_secret_access_key.
func ReadKeys(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	keys, id := map[string]string{}, ""
	for number, line := range strings.Split(string(text), "\n") {
		name, given, assigned := strings.Cut(line, "=")
		name, given = strings.TrimSpace(name), strings.TrimSpace(given)
		switch {
		case strings.HasPrefix(name, "["):
			id = ""
		case !assigned && name != "" && !strings.HasPrefix(name, "#"):
			return nil, fmt.Errorf("%s:%d: it is neither a profile in brackets nor a name with a value", file, number+1)
		case name == "aws_access_key_id":
			id = given
		case name == "aws_secret_access_key" && given == "":
			return nil, fmt.Errorf("%s:%d: the secret is empty", file, number+1)
		case name == "aws_secret_access_key" && id == "":
			return nil, fmt.Errorf("%s:%d: the profile has no aws_access_key_id before its secret", file, number+1)
		case name == "aws_secret_access_key":
			keys[id] = given
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s: there are no keys in it", file)
	}
	return keys, nil
}

// admission says whose requests are answered: all, if there is neither a secret nor a key.
type admission struct {
	secret *[sha256.Size]byte // the sum of the header that carries it
	keys   map[string]string
}

func (a *admission) open() bool { return a.secret == nil && a.keys == nil }

// admitted lets those through who know a secret or have signed with a key.
type admitted struct {
	http.Handler
	*admission
	large chan struct{} // has an element for each large request that is being read
}

func (a admitted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sum := sha256.Sum256([]byte(r.Header.Get("Authorization")))
	if a.secret != nil && subtle.ConstantTimeCompare(sum[:], a.secret[:]) == 1 {
		a.Handler.ServeHTTP(w, r)
		return
	}
	if a.keys == nil {
		refuse(w, http.StatusForbidden, "AccessDeniedException", "the request does not carry the secret of this server")
		return
	}
	if err := a.signed(w, r); err != nil {
		code := "IncompleteSignature"
		if errors.Is(err, errSignature) {
			code = "InvalidSignatureException"
		}
		refuse(w, http.StatusForbidden, code, err.Error())
		return
	}
	a.Handler.ServeHTTP(w, r)
}

const (
	signedBy      = "AWS4-HMAC-SHA256 "
	signatureTime = "20060102T150405Z"
	// longestSkew is how far the clock of who signs may be from this one.
	longestSkew = 5 * time.Minute
)

var errSignature = errors.New("the signature of the request is not that of a key of this server")

// signed reports whether a request is signed with one of the keys. It reads the body, which the request then has anew.
func (a admitted) signed(w http.ResponseWriter, r *http.Request) error {
	fields, ok := strings.CutPrefix(r.Header.Get("Authorization"), signedBy)
	if !ok {
		return errors.New("the request is not signed with " + strings.TrimSpace(signedBy))
	}
	given := map[string]string{}
	for part := range strings.SplitSeq(fields, ",") {
		name, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		given[name] = v
	}
	scope := strings.Split(given["Credential"], "/") // id/20260102/us-east-1/states/aws4_request
	at, err := time.Parse(signatureTime, r.Header.Get("X-Amz-Date"))
	headers := strings.Split(given["SignedHeaders"], ";")
	if err != nil || len(scope) != 5 || scope[1] != at.Format("20060102") || given["Signature"] == "" {
		return errors.New("the request has no whole signature: Credential, SignedHeaders, Signature and X-Amz-Date")
	}
	if scope[3] != "states" || !slices.Contains(headers, "host") || !slices.Contains(headers, "x-amz-target") || !slices.Contains(headers, "x-amz-date") {
		return errors.New("the request is not signed for states, with its host, its X-Amz-Target and its X-Amz-Date")
	}
	if time.Since(at).Abs() > longestSkew {
		return fmt.Errorf("the request was signed at %s, more than %v from the time here: %w", at.Format(time.RFC3339), longestSkew, errSignature)
	}
	secret, known := a.keys[scope[0]]
	if !known {
		return errSignature
	}
	if r.ContentLength < 0 || r.ContentLength > smallBody {
		select {
		case a.large <- struct{}{}:
			defer func() { <-a.large }()
		case <-r.Context().Done():
			return errUnreadable
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestRequest))
	if err != nil {
		return errUnreadable
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	again := resigned(r, body, headers)
	sum := sha256.Sum256(body)
	key := aws.Credentials{AccessKeyID: scope[0], SecretAccessKey: secret}
	if err := v4.NewSigner().SignHTTP(context.Background(), key, again, hex.EncodeToString(sum[:]), scope[3], scope[2], at); err != nil {
		return err
	}
	// Of the two headers all is compared, for the one must be made of the same parts as the other.
	if subtle.ConstantTimeCompare([]byte(spaceless(again)), []byte(spaceless(r))) != 1 {
		return errSignature
	}
	return nil
}

// spaceless is what authorizes a request. Clients differ in the space between its parts.
func spaceless(r *http.Request) string {
	return strings.ReplaceAll(r.Header.Get("Authorization"), " ", "")
}

// resigned returns a request that has nothing but what was signed of another.
func resigned(r *http.Request, body []byte, headers []string) *http.Request {
	again := &http.Request{Method: r.Method, URL: r.URL, Host: r.Host, Header: http.Header{}}
	for _, name := range headers {
		switch name {
		case "host": // the signer signs it
		case "content-length":
			again.ContentLength = int64(len(body))
		default:
			again.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
		}
	}
	return again
}
