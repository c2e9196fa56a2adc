package catalog

import (
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/sdk"
	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
	"github.com/r-seed-632eed22/aslgen/internal/awsname"
)

// Explain says what a task with a Resource does, what it is given, what it can fail with, what it becomes in Go, and how all this is
// known. The text is a Resource or what one ends in: sqs:sendMessage, batch:submitJob.sync, aws-sdk:s3:getObject.
func Explain(text string) (string, error) {
	if !strings.HasPrefix(text, "arn:") {
		text = "arn:aws:states:::" + text
	}
	r, fault, hint := ParseResource(text)
	if fault != "" {
		fault = fmt.Sprintf("the Resource %q %s", text, fault)
	} else {
		fault, hint = r.Unsupported()
	}
	switch {
	case fault != "" && hint != "":
		return "", fmt.Errorf("%s (%s)", fault, hint)
	case fault != "":
		return "", fmt.Errorf("%s", fault)
	}
	lines := []string{text}
	for _, part := range []struct{ name, text string }{
		{"Does", does(r)}, {"Given", given(r)}, {"Fails", fails(r)}, {"In Go", inGo(r)}, {"Known", known(r)},
	} {
		if part.text != "" {
			lines = append(lines, fmt.Sprintf("%-6s %s", part.name, part.text))
		}
	}
	return strings.Join(lines, "\n"), nil
}

func does(r Resource) string {
	switch {
	case r.Kind == Function:
		return "invokes a Lambda function"
	case r.Kind == Activity:
		return "has a worker of an activity do its work"
	case r.Pattern == TokenPattern:
		return "makes a call, and waits until its task token comes back"
	case r.Pattern == "":
		return "makes a call, and goes on with its answer"
	case r.Job() != nil:
		text := "starts a job and waits for its end; it is asked for with " + r.Job().Ask
		if r.Job().Stop == "" {
			return text + ", and nothing stops it"
		}
		return text + " and stopped with " + r.Job().Stop
	case r.HTTP() != nil: // eks:runJob.sync
		return "starts a job and waits for its end; nothing stops it"
	}
	return "starts a job and waits for its end"
}

func given(r Resource) string {
	if r.Kind == Function || r.Kind == Activity {
		return "its input"
	}
	call := r.Call()
	if call == nil {
		return "parameters that are not known here, and are not checked"
	}
	var required []string
	x := call.Input()
	for i := range x.Members {
		if m := &x.Members[i]; m.Required && !m.Token {
			required = append(required, call.NameOf(m))
		}
	}
	text := "the parameters of " + call.Operation.Name
	if call.Change.Given != nil || call.Change.Added != nil {
		text += " with names of its own"
	}
	if len(required) > 0 {
		text += ", which needs " + strings.Join(required, ", ")
	}
	return text
}

func fails(r Resource) string {
	errors, known := r.Errors()
	switch {
	case errors.Any:
		return "with whatever error is named by who does the work"
	case !known:
		return "with errors whose names are not known here"
	}
	text := errors.Describe()
	if r.Waits() {
		text += ", States.TaskFailed"
	}
	return "with " + text
}

func inGo(r Resource) string {
	call := r.Call()
	switch {
	case r.Kind == Function || r.Service == "lambda":
		return "a function of the payload; wired with " + sdk.Prefix + "lambda"
	case r.RunsTask():
		return "*ecs.RunTaskInput; wired with runtime/ecstask"
	case r.HTTP() != nil:
		return "*httptask." + r.HTTP().Given + "; wired with runtime/httptask"
	case call == nil || call.Service.Module == "" || call.Change.Added != nil || r.Waits() && r.Pattern != TokenPattern && r.Job() == nil:
		return "a field that the caller sets: no client is wired"
	}
	text := fmt.Sprintf("*%s.%sInput; wired with %s%[1]s", call.Service.Module, awsname.Capital(call.Operation.Name), sdk.Prefix)
	if r.Action == "invokeModel" {
		text += " unless Input or Output name an object of Amazon S3"
	}
	return text
}

func known(r Resource) string {
	if r.Recorded() {
		return "from recordings of AWS, and the models of " + awsmodel.Version()
	}
	return "from AWS's guide and the models of " + awsmodel.Version() + "; no recording of AWS proves its results and errors"
}
