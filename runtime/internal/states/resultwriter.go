package states

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/objects"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// ResultWriter says what becomes of the results of a DISTRIBUTED Map (R152).
type ResultWriter struct {
	Resource       string // arn:aws:states:::s3:putObject; "" leaves the results in the state's output
	Parameters     *query.Template
	Objects        asl.Objects
	Transformation string // NONE, COMPACT or FLATTEN; "" is NONE with a Resource, COMPACT without
	OutputType     string // JSON, which is "", or JSONL
}

func (w *ResultWriter) prepare() error {
	switch {
	case w.Resource != "" && w.Objects == nil:
		return fmt.Errorf("%s: its Objects, a field of the machine's Tasks, are nil", w.Resource)
	case !slices.Contains([]string{"", "NONE", "COMPACT", "FLATTEN"}, w.Transformation):
		return fmt.Errorf("there is no Transformation %q", w.Transformation)
	case !slices.Contains([]string{"", "JSON", "JSONL"}, w.OutputType):
		return fmt.Errorf("there is no OutputType %q", w.OutputType)
	}
	return prepareTemplates(w.Parameters)
}

// write returns the state's result. A nil writer gives the outputs of the iterations.
func (w *ResultWriter) write(m *mapRun, children []objects.Result) (value.Value, error) {
	if w == nil {
		return value.Array(objects.Transform("COMPACT", children)...), nil
	}
	if w.Resource == "" {
		return value.Array(objects.Transform(w.Transformation, children)...), nil
	}
	parameters, err := m.r.objectParameters(w.Parameters, "ResultWriter/"+argumentsField(m.r), m.effective)
	if err != nil {
		return parameters, err
	}
	bucket, prefix := objects.Text(parameters, "Bucket"), strings.Trim(objects.Text(parameters, "Prefix"), "/")
	folder := strings.TrimPrefix(prefix+"/"+m.arn[strings.LastIndex(m.arn, ":")+1:], "/")
	export := objects.Export{
		MapRun: m.arn, Bucket: bucket, Folder: folder, Transformation: cmp.Or(w.Transformation, "NONE"), OutputType: cmp.Or(w.OutputType, "JSON"),
	}
	files, result := export.Of(children)
	if _, err := m.r.call(w.Resource, value.Object(value.Field("Bucket", value.String(bucket)), value.Field("Files", files)), objects.ResultsWork(w.Objects)); err != nil {
		return value.Value{}, err
	}
	return result, nil
}
