package awsmodel

import (
	"strings"
	"sync"
)

// own are the actions of optimized integrations whose parameters and results are those of no API but Step Functions' own, in the form in
// which make writes the models of services.
var own = map[string]func() *Service{
	"apigateway:invoke":   ownModel(apiGatewayModel),
	"bedrock:invokeModel": ownModel(bedrockModel),
	"eks:call":            ownModel(kubernetesModel),
	"eks:runJob":          ownModel(kubernetesModel),
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

// kubernetesModel is what eks:call and eks:runJob take and answer (D6). What the answer to a job without waiting looks like is not known well
// enough to judge it.
const kubernetesModel = `Eks rest-json   ` + `
Call  CallInput CallOutput 
RunJob  RunJobInput JSON 

Boolean boolean
CallInput structure CertificateAuthority! String ClusterName! String Endpoint! String Method! Method Path! String QueryParameters Values RequestBody JSON
CallOutput structure Headers JSON ResponseBody JSON SdkHttpMetadata JSON SdkResponseMetadata JSON StatusCode Integer StatusText String
Integer integer
JSON document
List list String
LogOptions structure LogParameters Values RawLogs Boolean RetrieveLogs Boolean
Method string   GET POST PUT DELETE HEAD PATCH
RunJobInput structure CertificateAuthority! String ClusterName! String Endpoint! String Job! JSON LogOptions LogOptions Namespace String
String string
Values map String List`
