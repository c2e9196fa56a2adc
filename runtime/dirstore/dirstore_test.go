package dirstore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/dirstore"
)

var _ asl.Objects = dirstore.Dir("")

func object(bucket, key string) asl.Object { return asl.Object{Bucket: bucket, Key: key} }

func TestPutAndGet(t *testing.T) {
	folder := t.TempDir()
	store := dirstore.Dir(folder)
	for _, key := range []string{"a", "deep/er/b.json", "with space/ä.txt", "..a", "a..", "-", "~"} {
		for _, data := range []string{"", "first", "second, which is longer"} {
			if err := store.Put(t.Context(), object("bucket", key), []byte(data)); err != nil {
				t.Fatal(err)
			}
			got, err := read(t.Context(), store, asl.Object{Bucket: "bucket", Key: key, ExpectedBucketOwner: "123456789012"})
			if err != nil || string(got) != data {
				t.Errorf("%s: %q, %v", key, got, err)
			}
		}
	}
	if data, err := os.ReadFile(filepath.Join(folder, "bucket", "deep", "er", "b.json")); err != nil || string(data) != "second, which is longer" {
		t.Errorf("%q, %v", data, err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("something was left behind: %v, %v", entries, err)
	}
}

func TestMissing(t *testing.T) {
	store := dirstore.Dir(t.TempDir())
	if err := store.Put(t.Context(), object("bucket", "folder/a"), nil); err != nil {
		t.Fatal(err)
	}
	for _, o := range []asl.Object{object("bucket", "b"), object("none", "a"), object("bucket", "folder/a/b")} {
		if _, err := read(t.Context(), store, o); err == nil {
			t.Errorf("%v: no error", o)
		}
	}
	if _, err := read(t.Context(), store, object("bucket", "b")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := read(t.Context(), store, object("bucket", "folder")); err == nil {
		t.Error("a folder is no object")
	}
	if _, err := store.List(t.Context(), "none", ""); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := dirstore.Dir(filepath.Join(t.TempDir(), "none")).List(t.Context(), "bucket", ""); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// TestOutside wants nothing outside the folder to be read or written, whatever the names are.
func TestOutside(t *testing.T) {
	folder := t.TempDir()
	inside := filepath.Join(folder, "inside")
	for _, dir := range []string{inside, filepath.Join(inside, "bucket"), filepath.Join(folder, "other")} {
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	secret := filepath.Join(folder, "other", "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o666); err != nil {
		t.Fatal(err)
	}
	store := dirstore.Dir(inside)
	refused := []asl.Object{
		object("..", "other/secret"), object("bucket", "../../other/secret"), object("bucket", "a/../../../other/secret"),
		object("bucket", secret), object("bucket", "/a"), object("bucket/..", "a"), object("bucket/a", "b"), object(".", "bucket/a"),
		object("", "a"), object("bucket", ""), object("bucket", "."), object("bucket", ".."), object("bucket", "a//b"),
		object("bucket", "a/"), object("bucket", "./a"), object("bucket", "a\x00b"), object("bu\x00cket", "a"),
		{Bucket: "bucket", Key: "a", VersionID: "1"},
	}
	if err := os.Symlink(secret, filepath.Join(inside, "bucket", "link")); err == nil {
		refused = append(refused, object("bucket", "link"))
	}
	if err := os.Symlink(filepath.Join(folder, "other"), filepath.Join(inside, "bucket", "linked")); err == nil {
		refused = append(refused, object("bucket", "linked/secret"), object("bucket", "linked/new"))
	}
	for _, o := range refused {
		if data, err := read(t.Context(), store, o); err == nil {
			t.Errorf("Get %q %q: %q", o.Bucket, o.Key, data)
		}
	}
	for _, o := range refused {
		if o.Key == "link" {
			continue // the link itself is replaced
		}
		if err := store.Put(t.Context(), o, []byte("changed")); err == nil {
			t.Errorf("Put %q %q: no error", o.Bucket, o.Key)
		}
	}
	for _, bucket := range []string{"..", "", ".", "bucket/..", "../other"} {
		if list, err := store.List(t.Context(), bucket, ""); err == nil {
			t.Errorf("List %q: %v", bucket, list)
		}
	}
	if data, err := os.ReadFile(secret); err != nil || string(data) != "secret" {
		t.Errorf("%q, %v", data, err)
	}
	entries, err := os.ReadDir(filepath.Join(folder, "other"))
	if err != nil || len(entries) != 1 {
		t.Error(entries, err)
	}
}

func TestList(t *testing.T) {
	folder := t.TempDir()
	store := dirstore.Dir(folder)
	at := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, key := range []string{"b", "a/b", "a/c/d", "a-b", "a.b", "A", "ab", "a0"} {
		if err := store.Put(t.Context(), object("bucket", key), []byte("text of "+key)); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(folder, "bucket", filepath.FromSlash(key)), at, at); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		prefix string
		want   []string
	}{
		{"", []string{"A", "a-b", "a.b", "a/b", "a/c/d", "a0", "ab", "b"}}, // / comes after - and . and before digits
		{"a", []string{"a-b", "a.b", "a/b", "a/c/d", "a0", "ab"}},
		{"a/", []string{"a/b", "a/c/d"}},
		{"a/c", []string{"a/c/d"}},
		{"a/c/d", []string{"a/c/d"}},
		{"a/c/d/", nil},
		{"../", nil},
		{"none", nil},
	} {
		list, err := store.List(t.Context(), "bucket", test.prefix)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, o := range list {
			keys = append(keys, o.Key)
		}
		if !slices.Equal(keys, test.want) {
			t.Errorf("%q: %q, want %q", test.prefix, keys, test.want)
		}
	}
	list, err := store.List(t.Context(), "bucket", "a/b")
	want := []asl.ObjectInfo{{Key: "a/b", ETag: `"79fba61e8a8b9c83c3f1e4b4dd6d8c2b"`, LastModified: at, Size: 11, StorageClass: "STANDARD"}}
	if err == nil && len(list) == 1 && len(list[0].ETag) == len(want[0].ETag) {
		want[0].ETag = list[0].ETag
	}
	if err != nil || !cmp.Equal(list, want) {
		t.Error(err, cmp.Diff(want, list))
	}
}

func TestEnded(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("reason")
	cancel(reason)
	store := dirstore.Dir(t.TempDir())
	if _, err := read(ctx, store, object("bucket", "a")); err != reason {
		t.Error(err)
	}
	if err := store.Put(ctx, object("bucket", "a"), nil); err != reason {
		t.Error(err)
	}
	if _, err := store.List(ctx, "bucket", ""); err != reason {
		t.Error(err)
	}
}

// TestTogether writes one object many times while it is read: nobody sees half of it.
func TestTogether(t *testing.T) {
	store := dirstore.Dir(t.TempDir())
	o := object("bucket", "key")
	text := func(n int) []byte { return fmt.Appendf(nil, "%0*d", 10000, n) }
	if err := store.Put(t.Context(), o, text(0)); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for range 50 {
				if err := store.Put(t.Context(), o, text(w)); err != nil {
					t.Error(err)
				}
				if data, err := read(t.Context(), store, o); err != nil || len(data) != 10000 {
					t.Errorf("%d bytes, %v", len(data), err)
				}
			}
		})
	}
	writers.Wait()
	if list, err := store.List(t.Context(), "bucket", ""); err != nil || len(list) != 1 {
		t.Error(list, err)
	}
}

// read returns all of an object.
func read(ctx context.Context, objects asl.Objects, o asl.Object) ([]byte, error) {
	contents, err := objects.Get(ctx, o)
	if err != nil {
		return nil, err
	}
	defer contents.Close()
	return io.ReadAll(contents)
}

// What is in a bucket and is no file is no object: the others are still listed.
func TestListLeavesOutWhatIsNoFile(t *testing.T) {
	folder := t.TempDir()
	store := dirstore.Dir(folder)
	for _, key := range []string{"a", "deep/b"} {
		if err := store.Put(t.Context(), object("bucket", key), []byte(key)); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"to-folder": "deep", "to-nothing": "none", "to-outside": "/etc/passwd", "up": "..", "to-file": "a"} {
		if err := os.Symlink(to, filepath.Join(folder, "bucket", name)); err != nil {
			t.Skip(err)
		}
	}
	list, err := store.List(t.Context(), "bucket", "")
	var keys []string
	for _, o := range list {
		keys = append(keys, o.Key)
	}
	if want := []string{"a", "deep/b", "to-file"}; err != nil || !slices.Equal(keys, want) {
		t.Errorf("have %q, %v, want %q", keys, err, want)
	}
	for _, key := range []string{"to-folder", "deep"} {
		if _, err := store.Get(t.Context(), object("bucket", key)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", key, err)
		}
	}
}
