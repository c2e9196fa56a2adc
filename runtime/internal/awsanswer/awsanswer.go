// Package awsanswer reads the HTTP answers of AWS's services: what results show of them, and what their errors say.
package awsanswer

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Metadata returns SdkHttpMetadata and SdkResponseMetadata (I1, E25).
func Metadata(m middleware.Metadata) (httpMetadata, response value.Value) {
	id, _ := awsmiddleware.GetRequestIDMetadata(m)
	response = value.Object(value.Field("RequestId", value.String(id)))
	raw, ok := awsmiddleware.GetRawResponse(m).(*smithyhttp.Response)
	if !ok {
		return value.Object(), response
	}
	all, first := headers(raw.Header)
	return value.Object(
		value.Field("AllHttpHeaders", all),
		value.Field("HttpHeaders", first),
		value.Field("HttpStatusCode", value.Int(int64(raw.StatusCode))),
	), response
}

func headers(h http.Header) (all, first value.Value) {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	var lists, texts []value.Member
	for _, name := range names {
		values := make([]value.Value, len(h[name]))
		for i, text := range h[name] {
			values[i] = value.String(text)
		}
		shown := name
		if strings.EqualFold(name, "x-amzn-requestid") { // as services spell it
			shown = "x-amzn-RequestId"
		}
		lists = append(lists, value.Field(shown, value.Array(values...)))
		texts = append(texts, value.Field(shown, value.String(h.Get(name))))
	}
	return value.Object(lists...), value.Object(texts...)
}

// Sorted returns an object with its members in the order of the alphabet, as results show them.
func Sorted(v value.Value) value.Value {
	var members []value.Member
	for name, m := range v.Members() {
		members = append(members, value.Field(name, m))
	}
	slices.SortStableFunc(members, func(a, b value.Member) int { return strings.Compare(a.Name, b.Name) })
	return value.Object(members...)
}

// Failed returns the status and the request's id of an answer that is an error; 400 and "" if the error does not have them.
func Failed(err error) (status int, request string) {
	if response, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return response.HTTPStatusCode(), response.ServiceRequestID()
	}
	return http.StatusBadRequest, ""
}

// Throttled reports whether a service refused a call for being one too many.
func Throttled(err error) bool {
	return retry.ThrottleErrorCode{Codes: retry.DefaultThrottleErrorCodes}.IsErrorThrottle(err) == aws.TrueTernary
}
