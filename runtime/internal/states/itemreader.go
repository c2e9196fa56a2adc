package states

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/objects"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// ItemReader reads the items of a DISTRIBUTED Map from objects (R150). The strings are those of Amazon States Language.
type ItemReader struct {
	Resource          string          // arn:aws:states:::s3:getObject or s3:listObjectsV2
	Parameters        *query.Template // or Arguments
	Objects           asl.Objects
	InputType         string // CSV, JSON, JSONL, MANIFEST; "" of a list or of an inventory
	Transformation    string // of a list: LOAD_AND_FLATTEN has the items be those in the objects; "" and NONE, the objects
	ManifestType      string // S3_INVENTORY, which is "" with MANIFEST, or ATHENA_DATA, whose files InputType is for
	CSVDelimiter      string // COMMA, which is "", PIPE, SEMICOLON, SPACE or TAB
	CSVHeaderLocation string // FIRST_ROW or GIVEN
	CSVHeaders        []string
	ItemsPointer      string // JSON Pointer to the array in a JSON object, "" if it is the whole
	MaxItems          int    // 0 is all
	MaxItemsPath      string // in a JSONata state the expression for MaxItems

	maxItemsPath query.Path
}

// source returns what the items are read from.
func (i *ItemReader) source() *objects.Source {
	return &objects.Source{
		Resource: i.Resource, Objects: i.Objects, InputType: i.InputType, Transformation: i.Transformation, ManifestType: i.ManifestType,
		CSVDelimiter: i.CSVDelimiter, CSVHeaderLocation: i.CSVHeaderLocation, CSVHeaders: i.CSVHeaders, ItemsPointer: i.ItemsPointer,
	}
}

func (i *ItemReader) prepare() (err error) {
	if i.Objects == nil {
		return fmt.Errorf("%s: its Objects, a field of the machine's Tasks, are nil", i.Resource)
	}
	if err := i.source().Check(); err != nil {
		return fmt.Errorf("%s: %w", i.Resource, err)
	}
	if i.maxItemsPath, err = query.ParsePath("ItemReader/ReaderConfig/MaxItemsPath", i.MaxItemsPath); err != nil {
		return err
	}
	return prepareTemplates(i.Parameters)
}

// most returns how many items are read at most, 0 for all.
func (i *ItemReader) most(r *run, effective value.Value) (int64, error) {
	if i == nil {
		return 0, nil
	}
	if !i.maxItemsPath.IsSet() {
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
		return items, source, objects.ReaderFailed("field MaxItems must be positive")
	}
	from, wanted := r.test.source(i.source(), most)
	items, err = r.call(from.Resource, value.Object(value.Field("Parameters", parameters), value.Field("MaxItems", value.Int(wanted))), from.Work(r.itemMemory))
	if err != nil {
		return items, source, err
	}
	if i.ItemsPointer != "" {
		r.inspect(asl.StepAfterItemsPointer, items)
	}
	uri := "S3://" + objects.Text(parameters, "Bucket")
	if !from.Lists() {
		uri += "/" + objects.Text(parameters, "Key")
	}
	return objects.FirstItems(items, most), value.String(uri), nil
}

// objectParameters makes the parameters of a reader or writer of objects, those of them that are used here being texts.
func (r *run) objectParameters(t *query.Template, field string, effective value.Value) (value.Value, error) {
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
			return parameters, r.unexpected(t.Expression(name), field+"/"+name, "string", v)
		default:
			return parameters, r.failed(asl.ErrorRuntime, query.PlaceIn(field), (&query.ParameterError{Parameters: parameters, Reason: fmt.Sprintf("The value for the field '%s' must be a string", name)}).Error())
		}
	}
	return parameters, nil
}
