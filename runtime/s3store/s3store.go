// Package s3store keeps the objects of DISTRIBUTED Map states in Amazon S3.
//
//	store := s3store.New(s3.NewFromConfig(config))
//	tasks := NewReportTasks(store)
package s3store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// API is what this package calls of Amazon S3; *[s3.Client] is one.
type API interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// Store is an [asl.Objects]. It may be used by many machines at once.
type Store struct{ api API }

// New returns a store that calls api.
func New(api API) *Store { return &Store{api} }

// Get implements [asl.Objects]. An object or bucket that does not exist is an [fs.ErrNotExist].
func (s *Store) Get(ctx context.Context, o asl.Object) (io.ReadCloser, error) {
	out, err := s.api.GetObject(ctx, &s3.GetObjectInput{
		Bucket: &o.Bucket, Key: &o.Key, VersionId: given(o.VersionID), ExpectedBucketOwner: given(o.ExpectedBucketOwner),
	})
	if err != nil {
		return nil, failure(ctx, err)
	}
	return &contents{out.Body, ctx}, nil
}

// contents are those of an object, with errors as of a call.
type contents struct {
	io.ReadCloser
	ctx context.Context
}

func (c *contents) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if err != io.EOF {
		err = failure(c.ctx, err)
	}
	return n, err
}

// List implements [asl.Objects].
func (s *Store) List(ctx context.Context, bucket, prefix string) (list []asl.ObjectInfo, err error) {
	pages := s3.NewListObjectsV2Paginator(s.api, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: given(prefix)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, failure(ctx, err)
		}
		for _, o := range page.Contents {
			list = append(list, asl.ObjectInfo{
				Key: aws.ToString(o.Key), ETag: aws.ToString(o.ETag), LastModified: aws.ToTime(o.LastModified).UTC(), Size: aws.ToInt64(o.Size),
				StorageClass: string(o.StorageClass),
			})
		}
	}
	// Directory buckets have an order of their own.
	slices.SortStableFunc(list, func(a, b asl.ObjectInfo) int { return cmp.Compare(a.Key, b.Key) })
	return list, nil
}

// Put implements [asl.Objects]. A VersionID makes no sense here, since S3 chooses that.
func (s *Store) Put(ctx context.Context, o asl.Object, data []byte) error {
	_, err := s.api.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &o.Bucket, Key: &o.Key, ExpectedBucketOwner: given(o.ExpectedBucketOwner), Body: bytes.NewReader(data),
	})
	return failure(ctx, err)
}

// given returns a parameter that is left out if it is empty.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// fault is an error of S3 in the words of Step Functions.
type fault struct {
	err  error
	text string
}

func (f *fault) Error() string { return f.text }
func (f *fault) Unwrap() error { return f.err }

// Is has what does not exist be the same error as in a folder.
func (f *fault) Is(target error) bool {
	api, ok := errors.AsType[smithy.APIError](f.err)
	return ok && target == fs.ErrNotExist && slices.Contains([]string{"NoSuchKey", "NoSuchBucket", "NoSuchVersion", "NotFound"}, api.ErrorCode())
}

// response is what the errors of the SDK tell of S3's answer.
type response interface {
	error
	HTTPStatusCode() int
	ServiceRequestID() string
	ServiceHostID() string
}

// failure returns an error of a call. If ctx ended the call, it is the reason for that.
func failure(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return err
	}
	text := cmp.Or(api.ErrorMessage(), api.ErrorCode())
	if answer, ok := errors.AsType[response](err); ok {
		text = fmt.Sprintf("%s (Service: S3, Status Code: %d, Request ID: %s, Extended Request ID: %s)",
			text, answer.HTTPStatusCode(), answer.ServiceRequestID(), answer.ServiceHostID())
	}
	return &fault{err: err, text: text}
}
