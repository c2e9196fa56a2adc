// Package awsname is how Step Functions calls what the services of AWS have, where their own APIs call it otherwise: by the names
// of the AWS SDK for Java 2 (I5).
package awsname

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Member returns the name of a member of a service's shape in an AWS SDK integration: DbInstanceIdentifier for
// DBInstanceIdentifier, ETag for eTag, Bool for BOOL.
func Member(name string) string {
	switch m := uncapitalize(name); {
	case name == "NULL": // of a DynamoDB attribute; Java has a word null
		return "Nul"
	case slices.Contains(reserved, strings.ToLower(m)), slices.Contains(methods, m):
		return Capital(m) + "Value"
	default:
		return Capital(m)
	}
}

// Action returns the name of an operation in a Resource: describeDBInstances for DescribeDBInstances.
func Action(operation string) string { return uncapitalize(operation) }

// Capital returns the name of a member in an optimized integration, and that of its field in the AWS SDK for Go: the service's own,
// with a capital.
func Capital(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// uncapitalize makes the capitals small that a name begins with, all but the one that begins its second word.
func uncapitalize(name string) string {
	run := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsUpper(r) })
	switch {
	case run < 0:
		run = len(name)
	case run > 1 && unicode.IsLower(rune(name[run])):
		run--
	}
	return strings.ToLower(name[:run]) + name[run:]
}

// reserved are the words that Java keeps to itself, methods those of each class of its SDK: members of such a name get another.
var (
	reserved = strings.Fields("abstract assert boolean break byte case catch char class const continue default do double else enum extends " +
		"false final finally float for goto if implements import instanceof int interface long native new null package private protected " +
		"public return short static strictfp super switch synchronized this throw throws transient true try void volatile while")
	methods = strings.Fields("builder equals finalize getClass hashCode notify notifyAll overrideConfiguration sdkFields sdkHttpResponse " +
		"toBuilder toString wait")
)

// Exception returns the second part of an error's name for an exception of a service's model: NoSuchBucketException for
// NoSuchBucket, DbInstanceNotFoundException for DBInstanceNotFoundFault (I2, I5c).
func Exception(shape string) string {
	return strings.TrimSuffix(strings.TrimSuffix(words(shape), "Fault"), "Exception") + "Exception"
}

// Service returns the first part of the names of a service's errors in an AWS SDK integration, by the id of its model: DynamoDb
// for DynamoDB. In small letters it is the service's name in a Resource.
func Service(id string) string {
	name := words(id)
	for _, owner := range []string{"Amazon", "Aws"} {
		name = strings.TrimPrefix(name, owner)
	}
	return strings.TrimSuffix(name, "Service")
}

// The places where the AWS SDK for Java 2 sees a new word begin: the first group ends a word, the second begins the next. A version
// is a word of its own.
var (
	versions = []*regexp.Regexp{regexp.MustCompile(`([^a-z]{2,})(v[0-9]+)`), regexp.MustCompile(`([^A-Z]{2,})(V[0-9]+)`)}
	bounds   = []*regexp.Regexp{
		regexp.MustCompile(`([a-z])([A-Z][a-zA-Z0-9])`), regexp.MustCompile(`([A-Z]+)([A-Z][a-z])`), regexp.MustCompile(`([0-9])([a-zA-Z])`),
	}
)

// words writes the words of a name together, each with one capital.
func words(name string) string {
	text := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return ' '
	}, name)
	for _, version := range versions {
		text = version.ReplaceAllString(text, "$1 $2 ")
	}
	for _, bound := range bounds {
		for bound.MatchString(text) { // again, for matches that overlap
			text = bound.ReplaceAllString(text, "$1 $2")
		}
	}
	var out strings.Builder
	for word := range strings.FieldsSeq(text) {
		out.WriteString(Capital(strings.ToLower(word)))
	}
	return out.String()
}
