package runner

import (
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// Objects are the objects of a run's spec, an asl.Objects.
type Objects struct{ Run *Run }

// Get implements asl.Objects.
func (o Objects) Get(_ context.Context, wanted asl.Object) (io.ReadCloser, error) {
	for _, have := range o.Run.spec.Objects {
		if have.Bucket == wanted.Bucket && have.Key == wanted.Key {
			return io.NopCloser(strings.NewReader(have.Body)), nil
		}
	}
	return nil, fmt.Errorf("the run has no object %s/%s", wanted.Bucket, wanted.Key)
}

// List implements asl.Objects.
func (o Objects) List(_ context.Context, bucket, prefix string) (list []asl.ObjectInfo, err error) {
	for _, have := range o.Run.spec.Objects {
		if have.Bucket == bucket && strings.HasPrefix(have.Key, prefix) {
			list = append(list, asl.ObjectInfo{
				Key: have.Key, ETag: fmt.Sprintf("\"%x\"", md5.Sum([]byte(have.Body))), LastModified: Start,
				Size: int64(len(have.Body)), StorageClass: "STANDARD",
			})
		}
	}
	slices.SortFunc(list, func(a, b asl.ObjectInfo) int { return strings.Compare(a.Key, b.Key) })
	return list, nil
}

// Put implements asl.Objects.
func (o Objects) Put(_ context.Context, written asl.Object, data []byte) error {
	o.Run.spec.Objects = append(o.Run.spec.Objects, Object{Bucket: written.Bucket, Key: written.Key, Body: string(data)})
	return nil
}
