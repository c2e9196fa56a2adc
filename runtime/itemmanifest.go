package runtime

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"io"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// flatten returns the items in the objects of a list, one object after the other. Keys that end in a slash are folders.
func (i *ItemReader) flatten(ctx context.Context, bucket string, list []ObjectInfo) (value.Value, error) {
	var objects []Object
	for _, o := range list {
		if !strings.HasSuffix(o.Key, "/") {
			objects = append(objects, Object{Bucket: bucket, Key: o.Key})
		}
	}
	return i.readAll(ctx, objects)
}

// readAll returns the items in objects, one object after the other.
func (i *ItemReader) readAll(ctx context.Context, objects []Object) (value.Value, error) {
	var all []value.Value
	for _, o := range objects {
		data, err := i.Objects.Get(ctx, o)
		if err != nil {
			return value.Value{}, err
		}
		if data, err = gunzip(data); err != nil {
			return value.Value{}, readerFailed("%s: %v", o.Key, err)
		}
		items, err := i.parse(data)
		if err != nil {
			return items, err
		}
		for _, item := range items.Elements() {
			all = append(all, item)
		}
	}
	return value.Array(all...), nil
}

// readInventory reads the files that an S3 inventory's manifest names. They are CSV without a row of headers, compressed
// by gzip.
func (i *ItemReader) readInventory(ctx context.Context, data []byte) (value.Value, error) {
	manifest, err := value.Parse(data)
	if err != nil {
		return manifest, readerFailed("Attempting to map over invalid JSON: %v", err)
	}
	bucket := strings.TrimPrefix(text(manifest, "destinationBucket"), "arn:aws:s3:::")
	columns := strings.Split(text(manifest, "fileSchema"), ",")
	for k := range columns {
		columns[k] = strings.TrimSpace(columns[k])
	}
	var objects []Object
	for _, file := range manifest.Get("files").Elements() {
		objects = append(objects, Object{Bucket: bucket, Key: text(file, "key")})
	}
	files := &ItemReader{Objects: i.Objects, InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: columns}
	return files.readAll(ctx, objects)
}

// readAthena reads the files of an UNLOAD query. Its manifest is CSV without headers, with the URI of a file in each row.
func (i *ItemReader) readAthena(ctx context.Context, data []byte) (value.Value, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return value.Value{}, readerFailed("%v", err)
	}
	var objects []Object
	for _, row := range rows {
		bucket, key, ok := strings.Cut(strings.TrimPrefix(row[0], "s3://"), "/")
		if !ok || !strings.HasPrefix(row[0], "s3://") {
			return value.Value{}, readerFailed("the manifest's %q is not the URI of an object", row[0])
		}
		objects = append(objects, Object{Bucket: bucket, Key: key})
	}
	return i.readAll(ctx, objects)
}

// gunzip returns data as it was before gzip compressed it, if that did.
func gunzip(data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return data, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
