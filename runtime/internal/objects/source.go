package objects

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Source is what the items of a DISTRIBUTED Map are read from (R150). The strings are those of Amazon States Language's
// ItemReader.
type Source struct {
	Resource          string // ARN:aws:states:::s3:getObject or s3:listObjectsV2
	Objects           asl.Objects
	InputType         string // CSV, JSON, JSONL, MANIFEST; "" of a list or of an inventory
	Transformation    string // of a list: LOAD_AND_FLATTEN has the items be those in the objects; "" and NONE, the objects
	ManifestType      string // S3_INVENTORY, which is "" with MANIFEST, or ATHENA_DATA, whose files InputType is for
	CSVDelimiter      string // COMMA, which is "", PIPE, SEMICOLON, SPACE or TAB
	CSVHeaderLocation string // FIRST_ROW or GIVEN
	CSVHeaders        []string
	ItemsPointer      string // JSON Pointer to the array in a JSON object, "" if it is the whole
}

// Check refuses what cannot be read.
func (i *Source) Check() error {
	_, known := delimiters[i.CSVDelimiter]
	switch {
	case !slices.Contains([]string{"", "NONE", "LOAD_AND_FLATTEN"}, i.Transformation):
		return fmt.Errorf("there is no Transformation %q", i.Transformation)
	case !slices.Contains([]string{"", "S3_INVENTORY", "ATHENA_DATA"}, i.ManifestType):
		return fmt.Errorf("there is no ManifestType %q", i.ManifestType)
	case i.Lists() && !i.Flattens(), i.Inventory():
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

// Lists reports whether the items are the objects of a bucket, not the contents of one.
func (i *Source) Lists() bool { return strings.HasSuffix(i.Resource, ":listObjectsV2") }

// Flattens reports whether the items are what is in the objects of a bucket.
func (i *Source) Flattens() bool { return i.Lists() && i.Transformation == "LOAD_AND_FLATTEN" }

// Inventory reports whether the items are the rows of an S3 inventory.
func (i *Source) Inventory() bool {
	return !i.Lists() && (i.ManifestType == "S3_INVENTORY" || i.InputType == "MANIFEST" && i.ManifestType == "")
}

// ReaderFailed is the failure of reading items.
func ReaderFailed(format string, args ...any) error {
	return &asl.Error{Name: "States.ItemReaderFailed", Cause: fmt.Sprintf(format, args...)}
}

func Text(v value.Value, name string) string {
	s, _ := v.Get(name).AsString()
	return s
}

// Work reads the items: its parameters are those of the reader, and MaxItems, of which 0 is all. room is how much memory
// the items may take, 0 for as much as is usual.
func (i *Source) Work(room int64) asl.Work {
	return objectsWork(func(ctx context.Context, p value.Value) (value.Value, error) {
		most, _ := p.Get("MaxItems").AsInt()
		v, err := i.load(ctx, p.Get("Parameters"), &gathering{most: most, room: cmp.Or(room, itemMemory)})
		if _, known := errors.AsType[*asl.Error](err); err != nil && !known {
			err = ReaderFailed("%v", err)
		}
		return v, err
	})
}

// load returns the items.
func (i *Source) load(ctx context.Context, parameters value.Value, g *gathering) (object value.Value, err error) {
	o := asl.Object{
		Bucket: Text(parameters, "Bucket"), Key: Text(parameters, "Key"),
		VersionID: Text(parameters, "VersionId"), ExpectedBucketOwner: Text(parameters, "ExpectedBucketOwner"),
	}
	if i.Lists() {
		err = i.readList(ctx, o.Bucket, Text(parameters, "Prefix"), g)
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
func (i *Source) readList(ctx context.Context, bucket, prefix string, g *gathering) error {
	list, err := i.Objects.List(ctx, bucket, prefix)
	if err != nil {
		return err
	}
	for _, o := range list {
		switch {
		case !i.Flattens():
			err = g.add(described(o))
		case !strings.HasSuffix(o.Key, "/"):
			err = i.readZipped(ctx, asl.Object{Bucket: bucket, Key: o.Key}, g)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readObject reads the items in an object, or in those that it names.
func (i *Source) readObject(ctx context.Context, o asl.Object, g *gathering) (object value.Value, err error) {
	contents, err := i.Objects.Get(ctx, o)
	if err != nil {
		return object, err
	}
	defer contents.Close()
	p := newParts(ctx, contents)
	switch {
	case i.Inventory():
		return object, i.readInventory(ctx, p, g)
	case i.ManifestType == "ATHENA_DATA":
		return object, i.readAthena(ctx, p, g)
	}
	return i.parse(p, g)
}

// parse reads the items in the contents of an object. If they are the members of a JSON object, it returns that.
func (i *Source) parse(p *parts, g *gathering) (object value.Value, err error) {
	switch i.InputType {
	case "CSV":
		return object, i.readCSV(p, g)
	case "JSONL":
		return object, readLines(p, g)
	}
	return i.readJSON(p, g)
}

// described returns an object of a list as an item.
func described(o asl.ObjectInfo) value.Value {
	return value.Object(
		value.Field("Etag", value.String(o.ETag)),
		value.Field("Key", value.String(o.Key)),
		value.Field("LastModified", value.Int(o.LastModified.Unix())),
		value.Field("Size", value.Int(o.Size)),
		value.Field("StorageClass", value.String(o.StorageClass)),
	)
}

// FirstItems returns the first elements of an array, or members of an object, at most so many; 0 is all.
func FirstItems(items value.Value, most int64) value.Value {
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
