package awstask

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/r-seed-632eed22/aslgen/internal/awsaction"
	"github.com/r-seed-632eed22/aslgen/internal/awsname"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/awsanswer"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// integration says what Step Functions makes of a service's answers.
type integration struct {
	awsname.Errors        // Prefix is "" for the service's own
	name           string // sqs:sendMessage
	service        string // sqs
	sdk            bool   // the AWS SDK integration
	change         awsaction.Change
}

// integrationOf returns what is known of the integration that a Resource ends in.
func integrationOf(name string) integration {
	service, _, _ := strings.Cut(name, ":")
	i := integration{Errors: awsname.ErrorsOf(service), name: name, service: service, sdk: service == "aws-sdk"}
	i.change, _ = awsaction.Of(name)
	if i.Prefix == "" && !i.sdk {
		i.Prefix = awsname.Service(service)
	}
	return i
}

// failure turns an error of the SDK into the one that Step Functions raises. The end of ctx is what it is, and so is an error of another
// kind, which a mock has returned.
func (i integration) failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	operation, called := errors.AsType[*smithy.OperationError](err)
	if called && i.Prefix == "" {
		i.Prefix = awsname.Service(operation.Service())
	}
	api, answered := errors.AsType[smithy.APIError](err)
	switch {
	case answered:
	case called:
		return &asl.Error{Name: i.Prefix + ".SdkClientException", Cause: err.Error()}
	default:
		return err
	}
	status, request := awsanswer.Failed(err)
	var host interface{ ServiceHostID() string } // of S3
	if i.sdk && errors.As(err, &host) {
		request += ", Extended Request ID: " + host.ServiceHostID()
	}
	return &asl.Error{Name: i.Prefix + "." + i.exception(api), Cause: i.cause(api, status, request)}
}

// exception returns the second part of an error's name: that of the SDK's type for it, which those have that are in the model.
func (i integration) exception(api smithy.APIError) string {
	t := reflect.TypeOf(api)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch modelled := t != reflect.TypeFor[smithy.GenericAPIError](); {
	case modelled && i.sdk:
		return awsname.Exception(t.Name())
	case modelled:
		return strings.TrimSuffix(t.Name(), "Exception") + "Exception"
	case i.sdk:
		return i.Prefix + "Exception"
	case i.Base != "":
		return i.Base
	}
	return "Amazon" + i.Prefix + "Exception"
}

func (i integration) cause(api smithy.APIError, status int, request string) string {
	if i.sdk {
		return fmt.Sprintf("%s (Service: %s, Status Code: %d, Request ID: %s) (SDK Attempt Count: 1)", api.ErrorMessage(), i.Prefix, status, request)
	}
	client := i.Client
	if client == "" {
		client = "Amazon" + i.Prefix
	}
	return fmt.Sprintf("%s (Service: %s; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)", api.ErrorMessage(), client, status, api.ErrorCode(), request)
}

// present returns the answer to a call with parameters as the integration shows it.
func (i integration) present(parameters, answer value.Value, m middleware.Metadata) (value.Value, error) {
	result := i.change.Answer(parameters, answer)
	switch {
	case i.sdk:
		return result, nil
	case i.name == "lambda:invoke":
		return i.invoked(result, m)
	case i.name == "bedrock:invokeModel":
		return withMetadata(result.With("Body", payload(result.Get("Body"))), m), nil
	case i.name == "events:putEvents": // it shows no metadata (I1)
		if n, _ := result.Get("FailedEntryCount").AsInt(); n > 0 {
			return value.Value{}, &asl.Error{Name: "EventBridge.FailedEntry", Cause: result.String()}
		}
		return result, nil
	}
	return withMetadata(result, m), nil
}

// withMetadata adds what optimized integrations show of the answer (I1). Their members are in the order of the alphabet.
func withMetadata(result value.Value, m middleware.Metadata) value.Value {
	http, response := awsanswer.Metadata(m)
	return awsanswer.Sorted(result.With("SdkHttpMetadata", http).With("SdkResponseMetadata", response))
}

// invoked reads the payload of a function's answer: its result, or its error (L1, L2).
func (i integration) invoked(result value.Value, m middleware.Metadata) (value.Value, error) {
	payload := payload(result.Get("Payload"))
	if !result.Get("FunctionError").IsAbsent() {
		name, ok := payload.Get("errorType").AsString()
		if !ok {
			name = "Lambda.Unknown"
		}
		return value.Value{}, &asl.Error{Name: name, Cause: payload.String()}
	}
	return withMetadata(result.With("Payload", payload), m), nil
}

// payload reads the JSON that a member of an answer holds: a text is itself if it is none, and nothing is null.
func payload(member value.Value) value.Value {
	text, ok := member.AsString()
	if !ok {
		return value.Null
	}
	if parsed, err := value.Parse([]byte(text)); err == nil {
		return parsed
	}
	return member
}
