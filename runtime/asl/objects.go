package asl

import (
	"context"
	"io"
	"time"
)

// Objects are what a DISTRIBUTED Map reads its items from and writes its results to: Amazon S3 (package s3store), or a
// folder for local runs (package dirstore).
type Objects interface {
	// Get returns the contents of an object, which are read as they are needed, and perhaps not to their end.
	Get(ctx context.Context, o Object) (io.ReadCloser, error)
	// List returns the objects whose key begins with prefix, in the order of their keys.
	List(ctx context.Context, bucket, prefix string) ([]ObjectInfo, error)
	// Put writes an object.
	Put(ctx context.Context, o Object, data []byte) error
}

// Object names an object.
type Object struct {
	Bucket, Key         string
	VersionID           string // "" is the newest
	ExpectedBucketOwner string // "" is any
}

// ObjectInfo is what a list says of an object.
type ObjectInfo struct {
	Key          string
	ETag         string
	LastModified time.Time
	Size         int64
	StorageClass string
}
