package objects

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Result is the execution of one iteration, as it has ended.
type Result struct {
	ARN, Name     string
	StateMachine  string // the ARN
	Input, Output value.Value
	Started, Done time.Time
	Err           error
}

// ResultsWork writes files to objects: its parameters are the Bucket and the Files, each with a Key and a Body.
func ResultsWork(objects asl.Objects) asl.Work {
	return objectsWork(func(ctx context.Context, p value.Value) (value.Value, error) {
		for _, f := range p.Get("Files").Elements() {
			err := objects.Put(ctx, asl.Object{Bucket: Text(p, "Bucket"), Key: Text(f, "Key")}, []byte(Text(f, "Body")))
			if _, known := errors.AsType[*asl.Error](err); err != nil && !known {
				err = &asl.Error{Name: "States.ResultWriterFailed", Cause: err.Error()}
			}
			if err != nil {
				return value.Value{}, err
			}
		}
		return value.Null, nil
	})
}

// Export says how the results of a Map Run are written: in files of a folder, in the form of Transformation and OutputType.
type Export struct{ MapRun, Bucket, Folder, Transformation, OutputType string }

// Of returns the files of results with the manifest that names them, and what the state's result is then.
func (w Export) Of(children []Result) (files, result value.Value) {
	var succeeded, failed, pending []Result
	for _, c := range children {
		switch c.status() {
		case asl.StatusSucceeded:
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
	}{{"SUCCEEDED", Transform(w.Transformation, succeeded)}, {"FAILED", Transform("NONE", failed)}, {"PENDING", Transform("NONE", pending)}} {
		if len(part.results) == 0 {
			continue
		}
		body := w.encode(part.results)
		key := w.Folder + "/" + part.name + "_0." + strings.ToLower(w.OutputType)
		add(key, body)
		named = named.With(part.name, value.Array(value.Object(value.Field("Key", value.String(key)), value.Field("Size", value.Int(int64(len(body)))))))
	}
	manifest := value.Object(value.Field("DestinationBucket", value.String(w.Bucket)), value.Field("MapRunArn", value.String(w.MapRun)), value.Field("ResultFiles", named))
	key := w.Folder + "/manifest.json"
	add(key, manifest.AppendJSON(nil))
	return value.Array(all...), value.Object(
		value.Field("MapRunArn", value.String(w.MapRun)),
		value.Field("ResultWriterDetails", value.Object(value.Field("Bucket", value.String(w.Bucket)), value.Field("Key", value.String(key)))),
	)
}

func (w Export) encode(results []value.Value) []byte {
	if w.OutputType == "JSON" {
		return value.Array(results...).AppendJSON(nil)
	}
	var b bytes.Buffer
	for _, v := range results {
		b.Write(append(v.AppendJSON(nil), '\n'))
	}
	return b.Bytes()
}

// Transform returns the results in the form asked for: NONE is the executions with all that is known of them, COMPACT their
// outputs, FLATTEN the elements of outputs that are arrays. Those that failed are as NONE shows them, always.
func Transform(to string, children []Result) (results []value.Value) {
	for i := range children {
		switch c := &children[i]; {
		case to == "NONE" || c.Err != nil:
			results = append(results, c.describe())
		case to == "FLATTEN" && c.Output.Kind() == value.ArrayKind:
			for _, e := range c.Output.Elements() {
				results = append(results, e)
			}
		default:
			results = append(results, c.Output)
		}
	}
	return results
}

// describe is a child as DescribeExecution shows it.
func (c *Result) describe() value.Value {
	included := value.Object(value.Field("Included", value.True))
	if c.ARN == "" {
		return value.Object(
			value.Field("Input", value.String(c.Input.String())), value.Field("InputDetails", included),
			value.Field("Status", value.String(string(statusPending))),
		)
	}
	v := value.Object(
		value.Field("ExecutionArn", value.String(c.ARN)),
		value.Field("Input", value.String(c.Input.String())),
		value.Field("InputDetails", included),
		value.Field("Name", value.String(c.Name)),
		value.Field("StartDate", value.String(asl.Timestamp(c.Started))),
		value.Field("StateMachineArn", value.String(c.StateMachine)),
		value.Field("StopDate", value.String(asl.Timestamp(c.Done))),
	)
	v = v.With("Status", value.String(string(c.status())))
	if failed, ok := errors.AsType[*asl.Error](c.Err); ok {
		if !failed.Unnamed {
			v = v.With("Error", value.String(failed.Name))
		}
		if !failed.Causeless {
			v = v.With("Cause", value.String(failed.Cause))
		}
		return v
	}
	if c.Err != nil {
		return v
	}
	return v.With("Output", value.String(c.Output.String())).With("OutputDetails", included)
}

// statusPending is the status of a child that was not started, because the Map Run failed before.
const statusPending asl.Status = "PENDING"

func (c *Result) status() asl.Status {
	switch {
	case c.ARN == "":
		return statusPending
	case c.Err == nil:
		return asl.StatusSucceeded
	case errors.Is(c.Err, asl.ErrSiblingFailed):
		return asl.StatusAborted
	case asl.TimedOut(c.Err):
		return asl.StatusTimedOut
	}
	return asl.StatusFailed
}
