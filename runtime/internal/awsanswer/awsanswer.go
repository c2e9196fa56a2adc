// Package awsanswer is what results show of the HTTP answers of AWS's services.
package awsanswer

import (
	"net/http"
	"slices"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
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
