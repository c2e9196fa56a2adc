// Package httpheader knows the headers of HTTP that tasks may not set: the compiler and the runtime must mean the same.
package httpheader

import (
	"slices"
	"strings"
)

// Headers that a task may not set, in small letters; those that end in * stand for all that begin so.
var (
	forbidden = []string{ // P3
		"a-im", "accept-charset", "accept-datetime", "accept-encoding", "authorization", "cache-control", "connection", "content-encoding",
		"content-md5", "date", "expect", "forwarded", "from", "host", "http2-settings", "if-match", "if-modified-since", "if-none-match",
		"if-range", "if-unmodified-since", "max-forwards", "origin", "pragma", "proxy-authorization", "referer", "server", "te", "trailer",
		"transfer-encoding", "upgrade", "via", "warning", "x-forwarded-*", "x-amz-*", "x-amzn-*",
	}
	forbiddenOfAPI = []string{ // A2
		"authorization", "connection", "content-md5", "expect", "host", "max-forwards", "proxy-authenticate", "server", "te", "transfer-encoding",
		"trailer", "upgrade", "via", "www-authenticate", "x-forwarded*", "x-amz*", "x-amzn*",
	}
)

// Forbidden reports whether a task of http:invoke may not set a header (P3).
func Forbidden(header string) bool { return isOneOf(forbidden, header) }

// ForbiddenOfAPI reports whether a task of apigateway:invoke may not set a header (A2).
func ForbiddenOfAPI(header string) bool { return isOneOf(forbiddenOfAPI, header) }

func isOneOf(headers []string, header string) bool {
	header = strings.ToLower(header)
	return slices.ContainsFunc(headers, func(h string) bool {
		begin, all := strings.CutSuffix(h, "*")
		return header == h || all && strings.HasPrefix(header, begin)
	})
}
