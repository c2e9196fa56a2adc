package runtime

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// ItemReader reads the items of a DISTRIBUTED Map from objects (R150). The strings are those of Amazon States Language.
type ItemReader struct {
	Resource          string // arn:aws:states:::s3:getObject or s3:listObjectsV2
	Parameters        Template
	Objects           Objects
	InputType         string // CSV, JSON, JSONL, MANIFEST
	CSVDelimiter      string // COMMA, which is "", PIPE, SEMICOLON, SPACE or TAB
	CSVHeaderLocation string // FIRST_ROW or GIVEN
	CSVHeaders        []string
	ItemsPointer      string // JSON Pointer to the array in a JSON object, "" if it is the whole
	MaxItems          int    // 0 is all
	MaxItemsPath      string

	maxItemsPath path
}

func (i *ItemReader) prepare(c Config) (err error) {
	if i.Objects == nil {
		return fmt.Errorf("%s: its Objects, a field of the machine's Tasks, are nil", i.Resource)
	}
	if i.maxItemsPath, err = parsePath("MaxItemsPath", i.MaxItemsPath); err != nil {
		return err
	}
	return prepareTemplates(c, i.Parameters)
}

// readerFailed is the failure of reading items.
func readerFailed(format string, args ...any) error {
	return &Error{Name: "States.ItemReaderFailed", Cause: fmt.Sprintf(format, args...)}
}

// read returns the items and where they come from.
func (i *ItemReader) read(r *run, effective value.Value) (items, source value.Value, err error) {
	parameters := value.EmptyObject
	if i.Parameters != nil {
		if parameters, err = i.Parameters.document(r.scope(effective)); err != nil {
			return items, source, r.templateFault(err)
		}
	}
	most := int64(i.MaxItems)
	if i.maxItemsPath.path != nil {
		if most, err = r.integer("MaxItemsPath", i.maxItemsPath, effective); err != nil {
			return items, source, err
		}
	}
	if most < 0 {
		return items, source, readerFailed("field MaxItems must be positive")
	}
	items, err = r.call(i.Resource, func(ctx context.Context) (value.Value, error) {
		v, err := i.load(ctx, parameters)
		if _, known := errors.AsType[*Error](err); err != nil && !known {
			err = readerFailed("%v", err)
		}
		return v, err
	})
	if err != nil {
		return items, source, err
	}
	return firstItems(items, most), value.String("S3://" + text(parameters, "Bucket") + "/" + text(parameters, "Key")), nil
}

// firstItems returns the first items, at most so many; 0 is all.
func firstItems(items value.Value, most int64) value.Value {
	if most == 0 || int64(items.Len()) <= most || items.Kind() != value.ArrayKind {
		return items
	}
	first := make([]value.Value, most)
	for i := range first {
		first[i] = items.At(i)
	}
	return value.Array(first...)
}

func text(v value.Value, name string) string {
	s, _ := v.Get(name).AsString()
	return s
}

func (i *ItemReader) load(ctx context.Context, parameters value.Value) (value.Value, error) {
	if strings.HasSuffix(i.Resource, ":listObjectsV2") {
		return i.list(ctx, text(parameters, "Bucket"), text(parameters, "Prefix"))
	}
	o := Object{
		Bucket: text(parameters, "Bucket"), Key: text(parameters, "Key"),
		VersionID: text(parameters, "VersionId"), ExpectedBucketOwner: text(parameters, "ExpectedBucketOwner"),
	}
	data, err := i.Objects.Get(ctx, o)
	if err != nil {
		return value.Value{}, err
	}
	switch i.InputType {
	case "CSV":
		return i.readCSV(data)
	case "JSONL":
		return readLines(data)
	case "MANIFEST":
		return i.readManifest(ctx, data)
	}
	return i.readJSON(data)
}

func (i *ItemReader) list(ctx context.Context, bucket, prefix string) (value.Value, error) {
	list, err := i.Objects.List(ctx, bucket, prefix)
	if err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, len(list))
	for k, o := range list {
		items[k] = value.Object(
			value.Field("Etag", value.String(o.ETag)),
			value.Field("Key", value.String(o.Key)),
			value.Field("LastModified", value.Int(o.LastModified.Unix())),
			value.Field("Size", value.Int(o.Size)),
			value.Field("StorageClass", value.String(o.StorageClass)),
		)
	}
	return value.Array(items...), nil
}

func (i *ItemReader) readJSON(data []byte) (value.Value, error) {
	v, err := value.Parse(data)
	if err != nil {
		return v, readerFailed("Attempting to map over invalid JSON: %v", err)
	}
	if i.ItemsPointer != "" {
		for _, token := range parsePointer(i.ItemsPointer) {
			v = parsePointerStep(v, token)
		}
		if v.IsAbsent() {
			return v, readerFailed("ItemsPointer %s does not point to anything.", i.ItemsPointer)
		}
	}
	if v.Kind() == value.ArrayKind || v.Kind() == value.ObjectKind && i.ItemsPointer != "" {
		return v, nil
	}
	return v, readerFailed("Attempting to map over non-iterable node.")
}

func readLines(data []byte) (value.Value, error) {
	var items []value.Value
	for line := range bytes.Lines(data) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		v, err := value.Parse(line)
		if err != nil {
			return v, readerFailed("Attempting to map over invalid JSON: %v", err)
		}
		items = append(items, v)
	}
	return value.Array(items...), nil
}

var delimiters = map[string]rune{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

// readCSV makes an object of each row: missing columns are empty strings, those without a header are left out.
func (i *ItemReader) readCSV(data []byte) (value.Value, error) {
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = delimiters[i.CSVDelimiter], -1, true
	headers := i.CSVHeaders
	var items []value.Value
	for first := true; ; first = false {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return value.Array(items...), nil
		}
		if err != nil {
			return value.Value{}, readerFailed("%v", err)
		}
		if first {
			if i.CSVHeaderLocation != "GIVEN" {
				headers = row
			}
			if duplicate(headers) {
				return value.Value{}, readerFailed("CSV headers cannot contain duplicates.")
			}
			if i.CSVHeaderLocation != "GIVEN" {
				continue
			}
		}
		members := make([]value.Member, len(headers))
		for k, h := range headers {
			cell := ""
			if k < len(row) {
				cell = row[k]
			}
			members[k] = value.Field(h, value.String(cell))
		}
		items = append(items, value.Object(members...))
	}
}

func duplicate(headers []string) bool {
	seen := map[string]bool{}
	for _, h := range headers {
		if seen[h] {
			return true
		}
		seen[h] = true
	}
	return false
}

// readManifest reads the files that an S3 inventory's manifest names; they are CSV.
func (i *ItemReader) readManifest(ctx context.Context, data []byte) (value.Value, error) {
	manifest, err := value.Parse(data)
	if err != nil {
		return manifest, readerFailed("The manifest is not JSON: %v", err)
	}
	bucket := strings.TrimPrefix(text(manifest, "destinationBucket"), "arn:aws:s3:::")
	columns := strings.Split(text(manifest, "fileSchema"), ",")
	for k := range columns {
		columns[k] = strings.TrimSpace(columns[k])
	}
	files := &ItemReader{CSVHeaderLocation: "GIVEN", CSVHeaders: columns, CSVDelimiter: i.CSVDelimiter}
	var items []value.Value
	for _, file := range manifest.Get("files").Elements() {
		data, err := i.Objects.Get(ctx, Object{Bucket: bucket, Key: text(file, "key")})
		if err != nil {
			return value.Value{}, err
		}
		rows, err := files.readCSV(data)
		if err != nil {
			return rows, err
		}
		for _, row := range rows.Elements() {
			items = append(items, row)
		}
	}
	return value.Array(items...), nil
}

// parsePointerStep goes one step of a JSON Pointer.
func parsePointerStep(v value.Value, token string) value.Value {
	if v.Kind() == value.ArrayKind {
		var i int
		if _, err := fmt.Sscanf(token, "%d", &i); err != nil {
			return value.Value{}
		}
		return v.At(i)
	}
	return v.Get(token)
}
