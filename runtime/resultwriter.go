package runtime

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// ResultWriter says what becomes of the results of a DISTRIBUTED Map (R152).
type ResultWriter struct {
	Resource       string // arn:aws:states:::s3:putObject; "" leaves the results in the state's output
	Parameters     Template
	Objects        Objects
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
func (w *ResultWriter) write(m *mapRun, children []child) (value.Value, error) {
	if w == nil {
		return value.Array(transform("COMPACT", children)...), nil
	}
	if w.Resource == "" {
		return value.Array(transform(w.Transformation, children)...), nil
	}
	parameters, err := m.r.objectParameters(w.Parameters, "ResultWriter/"+argumentsField(m.r), m.effective)
	if err != nil {
		return parameters, err
	}
	bucket, prefix := text(parameters, "Bucket"), strings.Trim(text(parameters, "Prefix"), "/")
	folder := strings.TrimPrefix(prefix+"/"+m.arn[strings.LastIndex(m.arn, ":")+1:], "/")
	files, result := w.export(m.arn, bucket, folder, children)
	if _, err := m.r.call(w.Resource, value.Object(value.Field("Bucket", value.String(bucket)), value.Field("Files", files)), w.work()); err != nil {
		return value.Value{}, err
	}
	return result, nil
}

// work writes files: its parameters are the Bucket and the Files, each with a Key and a Body.
func (w *ResultWriter) work() work {
	return objectsWork(func(ctx context.Context, p value.Value) (value.Value, error) {
		for _, f := range p.Get("Files").Elements() {
			err := w.Objects.Put(ctx, Object{Bucket: text(p, "Bucket"), Key: text(f, "Key")}, []byte(text(f, "Body")))
			if _, known := errors.AsType[*Error](err); err != nil && !known {
				err = &Error{Name: "States.ResultWriterFailed", Cause: err.Error()}
			}
			if err != nil {
				return value.Value{}, err
			}
		}
		return value.Null, nil
	})
}

// export returns the files of results with the manifest that names them, and what the state's result is then.
func (w *ResultWriter) export(mapRun, bucket, folder string, children []child) (files, result value.Value) {
	var succeeded, failed, pending []child
	for _, c := range children {
		switch c.status() {
		case StatusSucceeded:
			succeeded = append(succeeded, c)
		case statusPending:
			pending = append(pending, c)
		default:
			failed = append(failed, c)
		}
	}
	var all []value.Value
	add := func(key string, body []byte) {
		all = append(all, value.Object(value.Field("Key", value.String(key)), value.Field("Body", value.String(string(body)))))
	}
	named := value.Object(value.Field("FAILED", value.EmptyArray), value.Field("PENDING", value.EmptyArray), value.Field("SUCCEEDED", value.EmptyArray))
	for _, part := range []struct {
		name    string
		results []value.Value
	}{{"SUCCEEDED", transform(w.transformation(), succeeded)}, {"FAILED", transform("NONE", failed)}, {"PENDING", transform("NONE", pending)}} {
		if len(part.results) == 0 {
			continue
		}
		body := w.encode(part.results)
		key := folder + "/" + part.name + "_0." + strings.ToLower(w.outputType())
		add(key, body)
		named = named.With(part.name, value.Array(value.Object(value.Field("Key", value.String(key)), value.Field("Size", value.Int(int64(len(body)))))))
	}
	manifest := value.Object(value.Field("DestinationBucket", value.String(bucket)), value.Field("MapRunArn", value.String(mapRun)), value.Field("ResultFiles", named))
	key := folder + "/manifest.json"
	add(key, manifest.AppendJSON(nil))
	return value.Array(all...), value.Object(
		value.Field("MapRunArn", value.String(mapRun)),
		value.Field("ResultWriterDetails", value.Object(value.Field("Bucket", value.String(bucket)), value.Field("Key", value.String(key)))),
	)
}

func (w *ResultWriter) transformation() string {
	if w.Transformation == "" {
		return "NONE"
	}
	return w.Transformation
}

func (w *ResultWriter) outputType() string {
	if w.OutputType == "" {
		return "JSON"
	}
	return w.OutputType
}

func (w *ResultWriter) encode(results []value.Value) []byte {
	if w.outputType() == "JSON" {
		return value.Array(results...).AppendJSON(nil)
	}
	var b bytes.Buffer
	for _, v := range results {
		b.Write(append(v.AppendJSON(nil), '\n'))
	}
	return b.Bytes()
}

// transform returns the results in the form asked for: NONE is the executions with all that is known of them, COMPACT their
// outputs, FLATTEN the elements of outputs that are arrays. Those that failed are as NONE shows them, always.
func transform(to string, children []child) (results []value.Value) {
	for i := range children {
		switch c := &children[i]; {
		case to == "NONE" || c.err != nil:
			results = append(results, c.describe())
		case to == "FLATTEN" && c.output.Kind() == value.ArrayKind:
			for _, e := range c.output.Elements() {
				results = append(results, e)
			}
		default:
			results = append(results, c.output)
		}
	}
	return results
}

// describe is a child as DescribeExecution shows it.
func (c *child) describe() value.Value {
	included := value.Object(value.Field("Included", value.True))
	if c.arn == "" {
		return value.Object(
			value.Field("Input", value.String(c.input.String())), value.Field("InputDetails", included),
			value.Field("Status", value.String(string(statusPending))),
		)
	}
	v := value.Object(
		value.Field("ExecutionArn", value.String(c.arn)),
		value.Field("Input", value.String(c.input.String())),
		value.Field("InputDetails", included),
		value.Field("Name", value.String(c.name)),
		value.Field("StartDate", value.String(Timestamp(c.started))),
		value.Field("StateMachineArn", value.String(c.stateMachine)),
		value.Field("StopDate", value.String(Timestamp(c.done))),
	)
	v = v.With("Status", value.String(string(c.status())))
	if failed, ok := errors.AsType[*Error](c.err); ok {
		if !failed.Unnamed {
			v = v.With("Error", value.String(failed.Name))
		}
		if !failed.Causeless {
			v = v.With("Cause", value.String(failed.Cause))
		}
		return v
	}
	if c.err != nil {
		return v
	}
	return v.With("Output", value.String(c.output.String())).With("OutputDetails", included)
}

// statusPending is the status of a child that was not started, because the Map Run failed before.
const statusPending Status = "PENDING"

func (c *child) status() Status {
	switch {
	case c.arn == "":
		return statusPending
	case c.err == nil:
		return StatusSucceeded
	case errors.Is(c.err, ErrSiblingFailed):
		return StatusAborted
	case TimedOut(c.err):
		return StatusTimedOut
	}
	return StatusFailed
}
