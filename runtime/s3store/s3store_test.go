package s3store_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/dirstore"
	"github.com/r-seed-632eed22/aslgen/runtime/s3store"
)

var modified = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// owner is the account that the lab's buckets belong to.
const owner = "111111111111"

// lab is as much of S3 as the store calls. A page of a list has two objects.
type lab struct {
	mu      sync.Mutex
	objects map[string]map[string][]string // bucket → key → versions, "1", "2", …
	pages   int
}

// newStore returns a store of an S3 on loopback that has the bucket "bucket".
func newStore(t testing.TB) (*s3store.Store, *lab) {
	t.Helper()
	l := &lab{objects: map[string]map[string][]string{"bucket": {}}}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	client := s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL), UsePathStyle: true, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "key", SecretAccessKey: "secret"}, nil
		}),
	})
	return s3store.New(client), l
}

func (l *lab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w.Header().Set("x-amz-request-id", "REQUEST")
	w.Header().Set("x-amz-id-2", "HOST")
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	objects, found := l.objects[name]
	if expected := r.Header.Get("x-amz-expected-bucket-owner"); expected != "" && expected != owner {
		refuse(w, http.StatusForbidden, "AccessDenied", "Access Denied")
		return
	}
	switch {
	case !found:
		refuse(w, http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
	case key == "":
		l.list(w, objects, r)
	case r.Method == http.MethodPut:
		data, _ := io.ReadAll(r.Body)
		objects[key] = append(objects[key], string(data))
	default:
		versions := objects[key]
		n := len(versions)
		if v := r.URL.Query().Get("versionId"); v != "" && n > 0 {
			n, _ = strconv.Atoi(v)
		}
		if n < 1 || n > len(versions) {
			refuse(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
			return
		}
		_, _ = io.WriteString(w, versions[n-1])
	}
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, message)
}

// list answers ListObjectsV2. The token is the key that the page begins with.
func (l *lab) list(w http.ResponseWriter, objects map[string][]string, r *http.Request) {
	l.pages++
	type contents struct {
		Key, LastModified, ETag, StorageClass string
		Size                                  int
	}
	page := struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		Contents              []contents
		IsTruncated           bool
		NextContinuationToken string
	}{}
	var keys []string
	for key := range objects {
		if strings.HasPrefix(key, r.URL.Query().Get("prefix")) && key >= r.URL.Query().Get("continuation-token") {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for i, key := range keys {
		if i == 2 {
			page.IsTruncated, page.NextContinuationToken = true, key
			break
		}
		newest := objects[key][len(objects[key])-1]
		page.Contents = append(page.Contents, contents{key, modified.Format(time.RFC3339), `"tag"`, "STANDARD", len(newest)})
	}
	_ = xml.NewEncoder(w).Encode(page)
}

// TestObjects holds every store to what a Map wants of it.
func TestObjects(t *testing.T) {
	inS3, _ := newStore(t)
	folder := dirstore.Dir(t.TempDir())
	if err := folder.Put(t.Context(), asl.Object{Bucket: "bucket", Key: "a/first"}, nil); err != nil { // makes the bucket
		t.Fatal(err)
	}
	for name, store := range map[string]asl.Objects{"s3store": inS3, "dirstore": folder} {
		t.Run(name, func(t *testing.T) {
			ctx, contents := t.Context(), map[string]string{
				"a/first": "1", "a/second": strings.Repeat("x", 100_000), "a/third": "", "a-b": "{}", "ü b/c+d": "é\x00",
			}
			for key, text := range contents {
				for _, data := range []string{"before", text} {
					if err := store.Put(ctx, asl.Object{Bucket: "bucket", Key: key}, []byte(data)); err != nil {
						t.Fatal(err)
					}
				}
			}
			for key, text := range contents {
				if data, err := read(ctx, store, asl.Object{Bucket: "bucket", Key: key}); err != nil || string(data) != text {
					t.Errorf("%s has %d bytes, want %d: %v", key, len(data), len(text), err)
				}
			}
			for prefix, want := range map[string][]string{
				"": {"a-b", "a/first", "a/second", "a/third", "ü b/c+d"}, "a/": {"a/first", "a/second", "a/third"}, "a/s": {"a/second"}, "none": nil,
			} {
				list, err := store.List(ctx, "bucket", prefix)
				var keys []string
				for _, o := range list {
					keys = append(keys, o.Key)
					if int(o.Size) != len(contents[o.Key]) || o.ETag == "" || o.LastModified.IsZero() || o.StorageClass != "STANDARD" {
						t.Errorf("%+v", o)
					}
				}
				if diff := cmp.Diff(want, keys); diff != "" || err != nil {
					t.Errorf("%q: %v %s", prefix, err, diff)
				}
			}
			for _, o := range []asl.Object{{Bucket: "bucket", Key: "none"}, {Bucket: "none", Key: "a"}} {
				if _, err := read(ctx, store, o); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%v: %v", o, err)
				}
			}
			if _, err := store.List(ctx, "none", ""); !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			ended, cancel := context.WithCancelCause(ctx)
			reason := errors.New("reason")
			cancel(reason)
			if _, err := read(ended, store, asl.Object{Bucket: "bucket", Key: "a-b"}); err != reason {
				t.Error(err)
			}
			if _, err := store.List(ended, "bucket", ""); err != reason {
				t.Error(err)
			}
			if err := store.Put(ended, asl.Object{Bucket: "bucket", Key: "a-b"}, nil); err != reason {
				t.Error(err)
			}
		})
	}
}

// What S3 has and a folder has not: pages, versions and owners.
func TestS3(t *testing.T) {
	store, l := newStore(t)
	ctx, o := t.Context(), asl.Object{Bucket: "bucket", Key: "key"}
	for _, text := range []string{"one", "two"} {
		if err := store.Put(ctx, o, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	o.VersionID, o.ExpectedBucketOwner = "1", owner
	if data, err := read(ctx, store, o); err != nil || string(data) != "one" {
		t.Errorf("%s, %v", data, err)
	}
	for n := range 5 {
		if err := store.Put(ctx, asl.Object{Bucket: "bucket", Key: fmt.Sprint("part-", n)}, nil); err != nil {
			t.Fatal(err)
		}
	}
	list, err := store.List(ctx, "bucket", "part-")
	if err != nil || len(list) != 5 || l.pages != 3 {
		t.Errorf("%v in %d pages, %v", list, l.pages, err)
	}
	want := asl.ObjectInfo{Key: "part-0", ETag: `"tag"`, LastModified: modified, StorageClass: "STANDARD"}
	if len(list) > 0 && !cmp.Equal(list[0], want) {
		t.Error(cmp.Diff(want, list[0]))
	}
	o.ExpectedBucketOwner = "222222222222"
	for _, err := range []error{errorOf(read(ctx, store, o)), store.Put(ctx, o, nil)} {
		if err == nil || err.Error() != "Access Denied (Service: S3, Status Code: 403, Request ID: REQUEST, Extended Request ID: HOST)" || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("of another owner: %v", err)
		}
	}
	_, err = read(ctx, store, asl.Object{Bucket: "bucket", Key: "none"})
	if want := "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: REQUEST, Extended Request ID: HOST)"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func errorOf(_ []byte, err error) error { return err }

// read returns all of an object.
func read(ctx context.Context, objects asl.Objects, o asl.Object) ([]byte, error) {
	contents, err := objects.Get(ctx, o)
	if err != nil {
		return nil, err
	}
	defer contents.Close()
	return io.ReadAll(contents)
}
