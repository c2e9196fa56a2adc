package ecstask

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/awsanswer"
)

// errorUnknown is raised for a response with Failures under .sync and .waitForTaskToken.
const errorUnknown = "AmazonECS.Unknown"

var optimized = integration{
	prefix: "ECS", fallback: "AmazonECSException", format: awsshape.StepFunctions, metadata: true,
	cause: func(message, code, requestID string, status int) string {
		return fmt.Sprintf("%s (Service: AmazonECS; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)", message, status, code, requestID)
	},
}

var sdk = integration{
	prefix: "Ecs", fallback: "EcsException", format: awsshape.SDKIntegration,
	cause: func(message, _, requestID string, status int) string {
		return fmt.Sprintf("%s (Service: Ecs, Status Code: %d, Request ID: %s) (SDK Attempt Count: 1)", message, status, requestID)
	},
}

// modelled are the exceptions that RunTask's model names (E51).
var modelled = []string{
	"AccessDeniedException", "BlockedException", "ClientException", "ClusterNotFoundException", "ConflictException",
	"InvalidParameterException", "PlatformTaskDefinitionIncompatibilityException", "PlatformUnknownException",
	"ServerException", "UnsupportedFeatureException",
}

// failure turns an error of the SDK into the one that Step Functions raises (E50–E55).
func (i integration) failure(err error) error {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return &asl.Error{Name: i.prefix + ".SdkClientException", Cause: err.Error()}
	}
	code := api.ErrorCode()
	if !strings.HasSuffix(code, "Exception") {
		code += "Exception"
	}
	name := code
	if !slices.Contains(modelled, code) {
		name = i.fallback
	}
	status, requestID := awsanswer.Failed(err)
	return &asl.Error{Name: i.prefix + "." + name, Cause: i.cause(api.ErrorMessage(), api.ErrorCode(), requestID, status)}
}

// unusable is the error for parameters that the SDK itself does not take (R165): nothing catches it.
func unusable(p *ecs.RunTaskInput, invalid smithy.InvalidParamsError) error {
	var reasons []string
	for _, err := range invalid.Errs() {
		reason := err.Error()
		if missing, ok := errors.AsType[*smithy.ParamRequiredError](err); ok {
			reason = fmt.Sprintf("The field '%s' is required but was missing", strings.TrimPrefix(missing.Field(), "RunTaskInput."))
		}
		reasons = append(reasons, reason)
	}
	return &asl.Error{Name: asl.ErrorRuntime, Cause: fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]",
		optimized.format.Encode(p), strings.Join(reasons, ", "))}
}

// retryable reports whether a call that ended with err may well succeed if it is made again: what was refused for being
// one too many, a fault of the service's, a broken connection (E37, E61), a credential that is being replaced.
func retryable(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return !ok || api.ErrorFault() == smithy.FaultServer || transient.IsErrorRetryable(err) == aws.TrueTernary ||
		slices.Contains(unsigned, api.ErrorCode())
}

// unsigned are AWS's common errors for credentials that have expired or are not known yet, and for clocks that differ.
var unsigned = []string{
	"ExpiredToken", "ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed", "UnrecognizedClientException",
	"InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature",
}

// transient is what the SDK's own retryer tries again.
var transient = retry.IsErrorRetryables(retry.DefaultRetryables)
