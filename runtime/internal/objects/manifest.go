package objects

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// readZipped reads the items in one object of several, which may be compressed by gzip. Of a JSON object there are none.
func (i *Source) readZipped(ctx context.Context, o asl.Object, g *gathering) error {
	contents, err := i.Objects.Get(ctx, o)
	if err != nil {
		return err
	}
	defer contents.Close()
	p := newParts(ctx, contents)
	if err := p.unzip(); err != nil {
		return ReaderFailed("%s: %v", o.Key, err)
	}
	_, err = i.parse(p, g)
	if _, known := errors.AsType[*asl.Error](err); err == nil || known || errors.Is(err, errEnough) {
		return err
	}
	return ReaderFailed("%s: %v", o.Key, err)
}

// readInventory reads the files that an S3 inventory's manifest names. They are CSV without a row of headers, compressed
// by gzip.
func (i *Source) readInventory(ctx context.Context, p *parts, g *gathering) error {
	data, err := io.ReadAll(p) // a manifest is one part
	if err != nil {
		return err
	}
	manifest, err := value.Parse(data)
	if err != nil {
		return invalidJSON(err)
	}
	bucket := strings.TrimPrefix(Text(manifest, "destinationBucket"), "arn:aws:s3:::")
	columns := strings.Split(Text(manifest, "fileSchema"), ",")
	for k := range columns {
		columns[k] = strings.TrimSpace(columns[k])
	}
	files := &Source{Objects: i.Objects, InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: columns}
	for _, file := range manifest.Get("files").Elements() {
		if err := files.readZipped(ctx, asl.Object{Bucket: bucket, Key: Text(file, "key")}, g); err != nil {
			return err
		}
	}
	return nil
}

// readAthena reads the files of an UNLOAD query. Its manifest is CSV without headers, with the URI of a file in each row.
func (i *Source) readAthena(ctx context.Context, p *parts, g *gathering) error {
	rows := csv.NewReader(p)
	for {
		p.next()
		row, err := readRow(rows)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		bucket, key, ok := strings.Cut(strings.TrimPrefix(row[0], "s3://"), "/")
		if !ok || !strings.HasPrefix(row[0], "s3://") {
			return ReaderFailed("the manifest's %q is not the URI of an object", row[0])
		}
		if err := i.readZipped(ctx, asl.Object{Bucket: bucket, Key: key}, g); err != nil {
			return err
		}
	}
}
