package awsmodel

import (
	"strings"
	"sync"
)

// own are the actions of optimized integrations whose parameters and results are those of no API but Step Functions' own, in the form in
// which make writes the models of services. Those of EKS are not known well enough to judge them.
var own = map[string]func() *Service{
	"apigateway:invoke":   ownModel(apiGatewayModel),
	"bedrock:invokeModel": ownModel(bedrockModel),
	"eks:call":            func() *Service { return nil },
	"eks:runJob":          func() *Service { return nil },
	"http:invoke":         ownModel(httpModel),
}

func ownModel(text string) func() *Service {
	return sync.OnceValue(func() *Service { return parse(strings.ReplaceAll(text, " ", "\t")) })
}

// httpModel is what http:invoke takes and answers (P1, P4).
const httpModel = `Http rest-json   ` + `
Invoke  InvokeInput InvokeOutput 

ArrayFormat string   INDICES REPEAT COMMAS BRACKETS
Boolean boolean
Connection structure ConnectionArn! String
Encoding string   NONE URL_ENCODED
EncodingOptions structure ArrayFormat ArrayFormat
Integer integer
InvokeInput structure ApiEndpoint! String Method! Method Authentication Connection InvocationConfig Connection Headers JSON QueryParameters JSON RequestBody JSON Transform Transform
InvokeOutput structure Headers JSON ResponseBody JSON StatusCode Integer StatusText String
JSON document
Method string   GET POST PUT DELETE PATCH OPTIONS HEAD
String string
Transform structure RequestBodyEncoding Encoding RequestEncodingOptions EncodingOptions`

// apiGatewayModel is what apigateway:invoke takes and answers (A1, A3).
const apiGatewayModel = `ApiGateway rest-json   ` + `
Invoke  InvokeInput InvokeOutput 

AuthType string   NO_AUTH IAM_ROLE RESOURCE_POLICY
Boolean boolean
Integer integer
InvokeInput structure ApiEndpoint! String Method! Method AllowNullValues Boolean AuthType AuthType Headers Values Path String QueryParameters Values RequestBody JSON Stage String
InvokeOutput structure Headers JSON ResponseBody JSON StatusCode Integer StatusText String
JSON document
List list String
Method string   GET POST PUT DELETE PATCH HEAD OPTIONS
String string
Values map String List`

// bedrockModel is what bedrock:invokeModel takes and answers: the body is any JSON, or lies in S3 (D6).
const bedrockModel = `Bedrock rest-json bedrockruntime bedrock ` + `
InvokeModel  InvokeModelRequest InvokeModelResponse 

InvokeModelRequest structure Accept String Body JSON ContentType String GuardrailIdentifier String GuardrailVersion String Input Location ModelId! String Output Location PerformanceConfigLatency String ServiceTier String Trace Trace
InvokeModelResponse structure Body JSON ContentType String PerformanceConfigLatency String ServiceTier String
JSON document
Location structure S3Uri String
String string
Trace string   ENABLED DISABLED ENABLED_FULL`
