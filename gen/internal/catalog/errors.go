package catalog

import (
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
	"github.com/r-seed-632eed22/aslgen/internal/awsname"
)

// Errors is what a task can fail with, besides the errors of Step Functions itself (1.18).
type Errors struct {
	Any    bool     // whoever does the work names its errors: a function, a worker, whoever has the token
	Prefix string   // of the service's own errors: ECS of ECS.ServerException
	Names  []string // all of these errors, if they are known; else they are Prefix.…Exception
	Others []string // errors that do not look like that; one that ends in * stands for all that begin so
	Common []string // some of the errors, if not all are known
}

// ecsErrors are the errors of RunTask (E51): those that its model has, and what everything else becomes.
var ecsErrors = []string{
	"ECS.AccessDeniedException", "ECS.AmazonECSException", "ECS.BlockedException", "ECS.ClientException",
	"ECS.ClusterNotFoundException", "ECS.ConflictException", "ECS.InvalidParameterException",
	"ECS.PlatformTaskDefinitionIncompatibilityException", "ECS.PlatformUnknownException", "ECS.SdkClientException",
	"ECS.ServerException", "ECS.UnsupportedFeatureException",
}

// lambdaErrors are errors of Lambda itself (R191, L3).
var lambdaErrors = []string{
	"Lambda.AWSLambdaException", "Lambda.ClientExecutionTimeoutException", "Lambda.ResourceNotFoundException",
	"Lambda.SdkClientException", "Lambda.ServiceException", "Lambda.TooManyRequestsException", "Lambda.Unknown",
}

// Errors returns what a task with this resource can fail with; known is false if that is not known.
func (r Resource) Errors() (e Errors, known bool) {
	e.Any = r.Pattern == TokenPattern || r.Kind == Function || r.Kind == Activity || r.Service == "lambda"
	if r.Kind == Function || r.Service == "lambda" {
		e.Prefix, e.Common = "Lambda", lambdaErrors
	}
	switch {
	case r.Kind == Function:
	case r.Kind != Integration || !r.Whole():
		return e, false
	case r.Service == "aws-sdk":
		service, _, _ := strings.Cut(r.Action, ":")
		e.Prefix = service
		if model := awsmodel.Load(service); model != nil {
			e.Prefix, e.Names = model.Name, model.Exceptions()
		}
	case r.Service == "http":
		e.Others = []string{"States.Http.*", "Events.ConnectionResource.*"}
	case r.Service == "ecs":
		e.Prefix, e.Names = "ECS", ecsErrors
		if r.Waits() { // else Failures are part of the result
			e.Others = []string{"AmazonECS.Unknown"}
		}
	case awsname.ErrorsOf(r.Service).Prefix == "":
		return e, false
	default:
		e.Prefix = awsname.ErrorsOf(r.Service).Prefix
	}
	switch r.Service {
	case "events":
		e.Others = []string{"EventBridge.FailedEntry"}
	case "apigateway":
		e.Others = []string{"ApiGateway.*"}
	case "eks": // eks:call and eks:runJob raise the number of the answer
		e.Others = []string{"EKS.*"}
	}
	return e, true
}

// ServicePrefix reports whether the first part of an error's name is that of a service's errors.
func ServicePrefix(prefix string) bool {
	if s := awsmodel.Load(strings.ToLower(prefix)); s != nil && s.Name == prefix {
		return true
	}
	return awsname.IsPrefix(prefix)
}

// Has reports whether the error is one of these. Of AWS SDK integrations whose prefix has not been seen its letters may be
// large or small.
func (e Errors) Has(name string) bool {
	for _, other := range e.Others {
		if begin, all := strings.CutSuffix(other, "*"); name == other || all && strings.HasPrefix(name, begin) {
			return true
		}
	}
	prefix, rest, dotted := strings.Cut(name, ".")
	if !dotted || e.Prefix == "" {
		return false
	}
	if e.Names != nil {
		return slices.Contains(e.Names, name)
	}
	seen := ServicePrefix(e.Prefix)
	return (prefix == e.Prefix || !seen && strings.EqualFold(prefix, e.Prefix)) &&
		(strings.HasSuffix(rest, "Exception") || e.Prefix == "Lambda")
}

// Describe lists the errors for a person.
func (e Errors) Describe() string {
	var words []string
	switch {
	case e.Names != nil && len(e.Names) <= 16:
		words = append(words, e.Names...)
	case e.Prefix != "" && ServicePrefix(e.Prefix):
		words = append(words, e.Prefix+".…Exception")
	case e.Prefix != "":
		words = append(words, "<the service>.…Exception")
	}
	for _, other := range e.Others {
		words = append(words, strings.Replace(other, "*", "…", 1))
	}
	return strings.Join(words, ", ")
}
