// Package dirstore keeps the objects of DISTRIBUTED Map states in a folder, for runs without Amazon S3: a bucket is a
// folder in it, a key is a path in that.
//
//	tasks := NewReportTasks(dirstore.Dir("testdata/s3"))
package dirstore

import (
	"cmp"
	"context"
	"crypto/md5"
	"crypto/rand"
	"errors"
	"fmt"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Dir is the name of the folder that holds the buckets. It implements [asl.Objects].
//
// Not every key of S3 is a path: one with an empty element, "." or "..", or a slash at its beginning or end, is refused.
// What lies outside the folder is out of reach, also through symbolic links. A folder has no versions, so an object with a
// VersionID is refused, and no owner, so an ExpectedBucketOwner is not looked at.
type Dir string

// Get implements [asl.Objects]. An object or bucket that does not exist is an [fs.ErrNotExist].
func (d Dir) Get(ctx context.Context, o asl.Object) (contents io.ReadCloser, err error) {
	err = d.open(ctx, o, func(root *os.Root, name string) error {
		info, err := root.Stat(name)
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fs.ErrNotExist // a folder is no object
		}
		file, err := root.Open(name)
		if err != nil {
			return err
		}
		contents = file
		return nil
	})
	return contents, err
}

// Put implements [asl.Objects]. It makes the bucket if there is none; nobody sees a part of an object.
func (d Dir) Put(ctx context.Context, o asl.Object, data []byte) error {
	return d.open(ctx, o, func(root *os.Root, name string) error {
		if err := root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		temporary := ".put-" + rand.Text()
		err := root.WriteFile(temporary, data, 0o666)
		if err == nil {
			err = root.Rename(temporary, name)
		}
		if err != nil {
			_ = root.Remove(temporary) // it may not be there
		}
		return err
	})
}

// List implements [asl.Objects]. What is no file, such as a link to a folder, is no object. Entity tags are the MD5 sums of the contents in quotes, as those of S3.
func (d Dir) List(ctx context.Context, bucket, prefix string) ([]asl.ObjectInfo, error) {
	var list []asl.ObjectInfo
	err := d.open(ctx, asl.Object{Bucket: bucket, Key: "any"}, func(root *os.Root, _ string) error {
		return fs.WalkDir(root.FS(), bucket, func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			key := strings.TrimPrefix(strings.TrimPrefix(name, bucket), "/")
			switch {
			case entry.IsDir() && key != "" && !strings.HasPrefix(key+"/", prefix) && !strings.HasPrefix(prefix, key+"/"):
				return fs.SkipDir
			case entry.IsDir() || !strings.HasPrefix(key, prefix):
				return nil
			}
			info, err := describe(root, name)
			if errors.Is(err, errNoFile) {
				return nil
			}
			if err == nil {
				info.Key = key
				list = append(list, info)
			}
			return err
		})
	})
	slices.SortFunc(list, func(a, b asl.ObjectInfo) int { return cmp.Compare(a.Key, b.Key) })
	return list, err
}

// errNoFile is that something in a bucket is no object: a link to a folder, a link to nowhere or out of the folder, a pipe.
var errNoFile = errors.New("it is no file")

// describe returns all of an object's description but its key.
func describe(root *os.Root, name string) (asl.ObjectInfo, error) {
	info, err := root.Stat(filepath.FromSlash(name))
	if link, _ := root.Lstat(filepath.FromSlash(name)); err != nil && link != nil && link.Mode()&fs.ModeSymlink != 0 {
		return asl.ObjectInfo{}, errNoFile
	}
	if err != nil {
		return asl.ObjectInfo{}, err
	}
	if !info.Mode().IsRegular() {
		return asl.ObjectInfo{}, errNoFile
	}
	file, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return asl.ObjectInfo{}, err
	}
	defer file.Close()
	sum := md5.New()
	size, err := io.Copy(sum, file)
	if err != nil {
		return asl.ObjectInfo{}, err
	}
	return asl.ObjectInfo{
		ETag: fmt.Sprintf("%q", fmt.Sprintf("%x", sum.Sum(nil))), LastModified: info.ModTime().UTC(), Size: size,
		StorageClass: "STANDARD",
	}, nil
}

// open has f use an object by its name in the folder. The error tells of which object it is.
func (d Dir) open(ctx context.Context, o asl.Object, f func(root *os.Root, name string) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	err := check(o)
	if err == nil {
		var root *os.Root
		if root, err = os.OpenRoot(string(d)); err == nil {
			defer root.Close()
			err = f(root, filepath.FromSlash(path.Join(o.Bucket, o.Key)))
		}
	}
	if err != nil {
		return fmt.Errorf("dirstore: s3://%s/%s: %w", o.Bucket, o.Key, err)
	}
	return nil
}

// check refuses an object that cannot be a file here.
func check(o asl.Object) error {
	switch {
	case !isName(o.Bucket) || strings.Contains(o.Bucket, "/"):
		return errors.New("the bucket is not the name of a folder")
	case !isName(o.Key):
		return errors.New("the key is not a path inside the bucket")
	case o.VersionID != "":
		return errors.New("a folder has no versions")
	}
	return nil
}

// isName reports whether a bucket or key is a path that stays where it begins.
func isName(s string) bool {
	return s != "." && fs.ValidPath(s) && filepath.IsLocal(filepath.FromSlash(s)) && !strings.Contains(s, "\x00")
}
