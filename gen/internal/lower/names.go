package lower

import (
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/r-seed-632eed22/aslgen/internal/visible"
)

// initialisms are written in capitals in Go names.
var initialisms = []string{
	"ACL", "API", "ARN", "ASCII", "AWS", "CPU", "CSS", "DB", "DNS", "EBS", "EC2", "ECR", "ECS", "EFS", "EKS", "EOF", "GPU", "GUID",
	"HTML", "HTTP", "HTTPS", "IAM", "ID", "IP", "JSON", "KMS", "MD5", "OS", "QPS", "RAM", "RDS", "RPC", "S3", "SDK", "SHA", "SLA",
	"SNS", "SQL", "SQS", "SSH", "SSM", "TCP", "TLS", "TTL", "UDP", "UI", "UID", "URI", "URL", "UTF8", "UUID", "VM", "VPC", "XML",
}

// Identifier returns the exported Go name made of the words in text: "Run an ECS task" is RunAnECSTask. Text without a
// letter, or that begins with a digit, gets the prefix before it.
func Identifier(text, prefix string) string {
	var name strings.Builder
	for _, word := range words(text) {
		if upper := strings.ToUpper(word); slices.Contains(initialisms, upper) {
			name.WriteString(upper)
			continue
		}
		first := []rune(word)
		name.WriteString(string(unicode.ToUpper(first[0])) + string(first[1:]))
	}
	s := name.String()
	if s == "" || !unicode.IsUpper([]rune(s)[0]) {
		return prefix + s
	}
	return s
}

// words splits text at what no Go name has or no reader sees, where a lower case letter or a digit is followed by a capital, and before the
// last of several capitals that a lower case letter follows: ECSVpcSubnets is ECS, Vpc, Subnets; but ARNs is one word.
func words(text string) (list []string) {
	runes := []rune(text)
	var word []rune
	flush := func() {
		if len(word) > 0 {
			list, word = append(list, string(word)), nil
		}
	}
	for i, r := range runes {
		lowerNext := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		plural := lowerNext && runes[i+1] == 's' && (i+2 == len(runes) || !unicode.IsLower(runes[i+2]))
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r), !visible.Is(r):
			flush()
			continue
		case len(word) > 0 && unicode.IsUpper(r) && (!unicode.IsUpper(word[len(word)-1]) || lowerNext && !plural):
			flush()
		}
		word = append(word, r)
	}
	flush()
	return list
}

// unexported returns the name with a small beginning: RunJob is runJob, ECSJob is ecsJob.
func unexported(name string) string {
	runes := []rune(name)
	n := 0
	for n < len(runes) && unicode.IsUpper(runes[n]) {
		n++
	}
	if n > 1 && n < len(runes) && !unicode.IsDigit(runes[n]) { // the last capital begins the next word
		n--
	}
	for i := range n {
		runes[i] = unicode.ToLower(runes[i])
	}
	return string(runes)
}

// IsIdentifier reports whether name can be used in names of generated code.
func IsIdentifier(name string) bool { return token.IsIdentifier(name) && token.IsExported(name) }

// nameSet gives out names, each once. It has the number to try next for a name that is taken.
type nameSet map[string]int

// take returns name, or the first of name2, name3, … that is free.
func (s nameSet) take(name string) string {
	free := name
	for n := s[name]; s[free] > 0; n++ {
		free = name + strconv.Itoa(n)
		s[name] = n + 1
	}
	s.reserve(free)
	return free
}

// reserve keeps a name from being given out.
func (s nameSet) reserve(name string) { s[name] = max(s[name], 2) }
