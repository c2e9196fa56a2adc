package runtime

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
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
	if err := i.check(); err != nil {
		return fmt.Errorf("%s: %w", i.Resource, err)
	}
	if i.maxItemsPath, err = parsePath("MaxItemsPath", i.MaxItemsPath); err != nil {
		return err
	}
	return prepareTemplates(c, i.Parameters)
}

// check refuses what cannot be read.
func (i *ItemReader) check() error {
	_, known := delimiters[i.CSVDelimiter]
	switch {
	case i.lists():
	case !slices.Contains([]string{"CSV", "JSON", "JSONL", "MANIFEST"}, i.InputType):
		return fmt.Errorf("the InputType %q cannot be read, but CSV, JSON, JSONL and MANIFEST can", i.InputType)
	case i.InputType == "CSV" && i.CSVHeaderLocation != "FIRST_ROW" && i.CSVHeaderLocation != "GIVEN":
		return fmt.Errorf("the CSVHeaderLocation %q is neither FIRST_ROW nor GIVEN", i.CSVHeaderLocation)
	case i.CSVHeaderLocation == "GIVEN" && len(i.CSVHeaders) == 0:
		return errors.New("CSVHeaderLocation is GIVEN, but there are no CSVHeaders")
	case !known:
		return fmt.Errorf("there is no CSVDelimiter %q", i.CSVDelimiter)
	case i.ItemsPointer != "" && i.ItemsPointer[0] != '/':
		return fmt.Errorf("the ItemsPointer %q does not begin with a slash", i.ItemsPointer)
	}
	return nil
}

// lists reports whether the items are the objects of a bucket, not the contents of one.
func (i *ItemReader) lists() bool { return strings.HasSuffix(i.Resource, ":listObjectsV2") }

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
	if r.test != nil {
		i = r.test.reader(i)
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
	if i.ItemsPointer != "" {
		r.inspect(StepAfterItemsPointer, items)
	}
	uri := "S3://" + text(parameters, "Bucket")
	if !i.lists() {
		uri += "/" + text(parameters, "Key")
	}
	return firstItems(items, most), value.String(uri), nil
}

// firstItems returns the first elements of an array, or members of an object, at most so many; 0 is all.
func firstItems(items value.Value, most int64) value.Value {
	if most == 0 || int64(items.Len()) <= most {
		return items
	}
	var elements []value.Value
	for i := range most {
		elements = append(elements, items.At(int(i)))
	}
	if items.Kind() == value.ArrayKind {
		return value.Array(elements...)
	}
	var members []value.Member
	for name, m := range items.Members() {
		if int64(len(members)) < most {
			members = append(members, value.Field(name, m))
		}
	}
	return value.Object(members...)
}

func text(v value.Value, name string) string {
	s, _ := v.Get(name).AsString()
	return s
}

func (i *ItemReader) load(ctx context.Context, parameters value.Value) (value.Value, error) {
	if i.lists() {
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
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	rows.Comma, rows.FieldsPerRecord, rows.LazyQuotes = delimiters[i.CSVDelimiter], -1, true
	headers := i.CSVHeaders
	if i.CSVHeaderLocation == "FIRST_ROW" {
		var err error
		if headers, err = rows.Read(); err != nil && !errors.Is(err, io.EOF) {
			return value.Value{}, readerFailed("%v", err)
		}
	}
	if duplicate(headers) {
		return value.Value{}, readerFailed("CSV headers cannot contain duplicates.")
	}
	var items []value.Value
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return value.Array(items...), nil
		}
		if err != nil {
			return value.Value{}, readerFailed("%v", err)
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

// readManifest reads the files that an S3 inventory's manifest names. They are CSV without a row of headers, compressed by
// gzip.
func (i *ItemReader) readManifest(ctx context.Context, data []byte) (value.Value, error) {
	manifest, err := value.Parse(data)
	if err != nil {
		return manifest, readerFailed("Attempting to map over invalid JSON: %v", err)
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
		if data, err = gunzip(data); err != nil {
			return value.Value{}, readerFailed("%s: %v", text(file, "key"), err)
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

// parsePointerStep goes one step of a JSON Pointer.
func parsePointerStep(v value.Value, token string) value.Value {
	if v.Kind() != value.ArrayKind {
		return v.Get(token)
	}
	i, err := strconv.Atoi(token)
	if err != nil || strconv.Itoa(i) != token { // an index is written without signs and zeros before it
		return value.Value{}
	}
	return v.At(i)
}
