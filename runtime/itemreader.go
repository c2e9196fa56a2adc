package runtime

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// ItemReader reads the items of a DISTRIBUTED Map from objects (R150). The strings are those of Amazon States Language.
type ItemReader struct {
	Resource          string   // arn:aws:states:::s3:getObject or s3:listObjectsV2
	Parameters        Template // or Arguments
	Objects           Objects
	InputType         string // CSV, JSON, JSONL, MANIFEST; "" of a list or of an inventory
	Transformation    string // of a list: LOAD_AND_FLATTEN has the items be those in the objects; "" and NONE, the objects
	ManifestType      string // S3_INVENTORY, which is "" with MANIFEST, or ATHENA_DATA, whose files InputType is for
	CSVDelimiter      string // COMMA, which is "", PIPE, SEMICOLON, SPACE or TAB
	CSVHeaderLocation string // FIRST_ROW or GIVEN
	CSVHeaders        []string
	ItemsPointer      string // JSON Pointer to the array in a JSON object, "" if it is the whole
	MaxItems          int    // 0 is all
	MaxItemsPath      string // in a JSONata state the expression for MaxItems

	maxItemsPath path
}

func (i *ItemReader) prepare() (err error) {
	if i.Objects == nil {
		return fmt.Errorf("%s: its Objects, a field of the machine's Tasks, are nil", i.Resource)
	}
	if err := i.check(); err != nil {
		return fmt.Errorf("%s: %w", i.Resource, err)
	}
	if i.maxItemsPath, err = parsePath("ItemReader/ReaderConfig/MaxItemsPath", i.MaxItemsPath); err != nil {
		return err
	}
	return prepareTemplates(i.Parameters)
}

// check refuses what cannot be read.
func (i *ItemReader) check() error {
	_, known := delimiters[i.CSVDelimiter]
	switch {
	case !slices.Contains([]string{"", "NONE", "LOAD_AND_FLATTEN"}, i.Transformation):
		return fmt.Errorf("there is no Transformation %q", i.Transformation)
	case !slices.Contains([]string{"", "S3_INVENTORY", "ATHENA_DATA"}, i.ManifestType):
		return fmt.Errorf("there is no ManifestType %q", i.ManifestType)
	case i.lists() && !i.flattens(), i.inventory():
		return nil
	case !slices.Contains([]string{"CSV", "JSON", "JSONL"}, i.InputType):
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

// flattens reports whether the items are what is in the objects of a bucket.
func (i *ItemReader) flattens() bool { return i.lists() && i.Transformation == "LOAD_AND_FLATTEN" }

// inventory reports whether the items are the rows of an S3 inventory.
func (i *ItemReader) inventory() bool {
	return !i.lists() && (i.ManifestType == "S3_INVENTORY" || i.InputType == "MANIFEST" && i.ManifestType == "")
}

// readerFailed is the failure of reading items.
func readerFailed(format string, args ...any) error {
	return &Error{Name: "States.ItemReaderFailed", Cause: fmt.Sprintf(format, args...)}
}

// most returns how many items are read at most, 0 for all.
func (i *ItemReader) most(r *run, effective value.Value) (int64, error) {
	if i == nil {
		return 0, nil
	}
	if !i.maxItemsPath.isSet() {
		return int64(i.MaxItems), nil
	}
	return r.integer("MaxItemsPath", i.maxItemsPath, effective)
}

// read returns the items, at most so many, and where they come from.
func (i *ItemReader) read(r *run, effective value.Value, most int64) (items, source value.Value, err error) {
	parameters, err := r.objectParameters(i.Parameters, "ItemReader/"+argumentsField(r), effective)
	if err != nil {
		return items, source, err
	}
	if most < 0 {
		return items, source, readerFailed("field MaxItems must be positive")
	}
	wanted := most
	if r.test != nil { // which also shows what there is beyond MaxItems
		i, wanted = r.test.reader(i), 0
	}
	items, err = r.call(i.Resource, value.Object(value.Field("Parameters", parameters), value.Field("MaxItems", value.Int(wanted))), i.work(r.context.itemMemory))
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

// objectParameters makes the parameters of a reader or writer of objects, those of them that are used here being texts.
func (r *run) objectParameters(t Template, field string, effective value.Value) (value.Value, error) {
	if t == nil {
		return value.EmptyObject, nil
	}
	parameters, err := r.template(t, field, effective)
	if err != nil {
		return parameters, err
	}
	for _, name := range []string{"Bucket", "Key", "Prefix", "VersionId", "ExpectedBucketOwner"} {
		switch v := parameters.Get(name); {
		case v.IsAbsent() || v.Kind() == value.StringKind:
		case r.jsonata:
			return parameters, r.unexpected(t.expression(name), field+"/"+name, "string", v)
		default:
			return parameters, r.failed(ErrorRuntime, placeIn(field), (&parameterError{parameters: parameters, reason: fmt.Sprintf("The value for the field '%s' must be a string", name)}).Error())
		}
	}
	return parameters, nil
}

func text(v value.Value, name string) string {
	s, _ := v.Get(name).AsString()
	return s
}

// work reads the items: its parameters are those of the reader, and MaxItems, of which 0 is all. room is how much memory
// the items may take, 0 for as much as is usual.
func (i *ItemReader) work(room int64) work {
	return objectsWork(func(ctx context.Context, p value.Value) (value.Value, error) {
		most, _ := p.Get("MaxItems").AsInt()
		v, err := i.load(ctx, p.Get("Parameters"), &gathering{most: most, room: cmp.Or(room, itemMemory)})
		if _, known := errors.AsType[*Error](err); err != nil && !known {
			err = readerFailed("%v", err)
		}
		return v, err
	})
}

// load returns the items.
func (i *ItemReader) load(ctx context.Context, parameters value.Value, g *gathering) (object value.Value, err error) {
	o := Object{
		Bucket: text(parameters, "Bucket"), Key: text(parameters, "Key"),
		VersionID: text(parameters, "VersionId"), ExpectedBucketOwner: text(parameters, "ExpectedBucketOwner"),
	}
	if i.lists() {
		err = i.readList(ctx, o.Bucket, text(parameters, "Prefix"), g)
	} else {
		object, err = i.readObject(ctx, o, g)
	}
	if err != nil && !errors.Is(err, errEnough) {
		return value.Value{}, err
	}
	if object.IsAbsent() {
		return value.Array(g.items...), nil
	}
	return object, nil
}

// readList reads items from the objects of a bucket, or has the objects be the items. Keys that end in a slash are folders.
func (i *ItemReader) readList(ctx context.Context, bucket, prefix string, g *gathering) error {
	list, err := i.Objects.List(ctx, bucket, prefix)
	if err != nil {
		return err
	}
	for _, o := range list {
		switch {
		case !i.flattens():
			err = g.add(described(o))
		case !strings.HasSuffix(o.Key, "/"):
			err = i.readZipped(ctx, Object{Bucket: bucket, Key: o.Key}, g)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readObject reads the items in an object, or in those that it names.
func (i *ItemReader) readObject(ctx context.Context, o Object, g *gathering) (object value.Value, err error) {
	contents, err := i.Objects.Get(ctx, o)
	if err != nil {
		return object, err
	}
	defer contents.Close()
	p := newParts(ctx, contents)
	switch {
	case i.inventory():
		return object, i.readInventory(ctx, p, g)
	case i.ManifestType == "ATHENA_DATA":
		return object, i.readAthena(ctx, p, g)
	}
	return i.parse(p, g)
}

// parse reads the items in the contents of an object. If they are the members of a JSON object, it returns that.
func (i *ItemReader) parse(p *parts, g *gathering) (object value.Value, err error) {
	switch i.InputType {
	case "CSV":
		return object, i.readCSV(p, g)
	case "JSONL":
		return object, readLines(p, g)
	}
	return i.readJSON(p, g)
}

// described returns an object of a list as an item.
func described(o ObjectInfo) value.Value {
	return value.Object(
		value.Field("Etag", value.String(o.ETag)),
		value.Field("Key", value.String(o.Key)),
		value.Field("LastModified", value.Int(o.LastModified.Unix())),
		value.Field("Size", value.Int(o.Size)),
		value.Field("StorageClass", value.String(o.StorageClass)),
	)
}
