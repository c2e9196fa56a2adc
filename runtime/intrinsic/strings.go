package intrinsic

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// format fills the {} of a template. A template that is a literal has been cut at Parse.
func format(in *invocation) (value.Value, error) {
	pieces, err := in.call.template, in.call.fault
	if pieces == nil && err == nil {
		var template string
		if template, err = in.text(0); err == nil {
			pieces, err = cutTemplate(template, "{}")
		}
		if err == nil {
			err = placeholders(pieces, len(in.args))
		}
	}
	if err != nil {
		return value.Value{}, err
	}
	var room [128]byte
	text := room[:0]
	for i, piece := range pieces {
		if i > 0 {
			text = append(text, jsonpath.JavaString(in.args[i])...)
		}
		text = append(text, piece...)
	}
	return value.String(string(text)), nil
}

func placeholders(pieces []string, args int) error {
	if len(pieces) != args {
		return fmt.Errorf("the template has %d {} for %d arguments", len(pieces)-1, args-1)
	}
	return nil
}

// checkFormat cuts a template that is a literal at its {} and counts them. One that has another brace is no fault of the
// text: AWS takes it, and the execution fails.
func checkFormat(c *Call) string {
	literal, ok := c.Args[0].(*Literal)
	if !ok {
		return ""
	}
	if literal.Value.Kind() != value.StringKind {
		return "the template must be a string"
	}
	if c.template, c.fault = cutTemplate(literal.text[1:len(literal.text)-1], escapable); c.fault != nil {
		return ""
	}
	if err := placeholders(c.template, len(c.Args)); err != nil {
		return err.Error()
	}
	return ""
}

// cutTemplate cuts a template at its {}. A backslash before one of the characters given takes away its meaning.
func cutTemplate(written, escapable string) (pieces []string, err error) {
	var piece []byte
	for i := 0; i < len(written); i++ {
		c := written[i]
		switch {
		case strings.HasPrefix(written[i:], "{}"):
			pieces, piece = append(pieces, string(piece)), piece[:0]
			i++
			continue
		case c == '{':
			return nil, errors.New("Invalid template in States.Format: matching '}' not found for '{'.")
		case c == '}':
			return nil, errors.New("Invalid template in States.Format: matching '{' not found for '}'.")
		case c == '\\' && i+1 < len(written) && strings.IndexByte(escapable, written[i+1]) >= 0:
			i++
			c = written[i]
		}
		piece = append(piece, c)
	}
	return append(pieces, string(piece)), nil
}

// stringSplit cuts a string at every character of the second argument, and drops empty pieces.
func stringSplit(in *invocation) (value.Value, error) {
	text, err := in.text(0)
	if err != nil {
		return value.Value{}, err
	}
	delimiters, err := in.text(1)
	if err != nil {
		return value.Value{}, err
	}
	var pieces []value.Value
	for piece := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(delimiters, r) }) {
		pieces = append(pieces, value.String(piece))
	}
	return value.Array(pieces...), nil
}

// maxData is the number of characters that States.Hash, Base64Encode and Base64Decode accept, in UTF-16 code units (1.20).
const maxData = 10_000

func checkLength(text string) error {
	units := 0
	for _, r := range text {
		units++
		if r >= 0x10000 {
			units++
		}
	}
	if units > maxData {
		return fmt.Errorf("argument 1 has %d characters, more than %d", units, maxData)
	}
	return nil
}

func base64Encode(in *invocation) (value.Value, error) {
	text, err := in.text(0)
	if err == nil {
		err = checkLength(text)
	}
	return value.String(base64.StdEncoding.EncodeToString([]byte(text))), err
}

// base64Decode reads the basic alphabet, with or without padding, and the bytes as UTF-8 with U+FFFD for faulty ones.
func base64Decode(in *invocation) (value.Value, error) {
	text, err := in.text(0)
	if err == nil {
		err = checkLength(text)
	}
	if err != nil {
		return value.Value{}, err
	}
	encoding := base64.StdEncoding
	if !strings.HasSuffix(text, "=") {
		encoding = base64.RawStdEncoding
	}
	data, err := encoding.DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		return value.Value{}, errors.New("argument 1 is not encoded in Base64")
	}
	return value.String(string([]rune(string(data)))), nil
}

var algorithms = map[string]func() hash.Hash{
	"MD5": md5.New, "SHA-1": sha1.New, "SHA-256": sha256.New, "SHA-384": sha512.New384, "SHA-512": sha512.New,
}

// hashData gives the digest in hexadecimal of a string, or of the JSON of anything else.
func hashData(in *invocation) (value.Value, error) {
	data, ok := in.args[0].AsString()
	if !ok {
		data = in.args[0].String()
	}
	if err := checkLength(data); err != nil {
		return value.Value{}, err
	}
	name, err := in.text(1)
	if err != nil {
		return value.Value{}, err
	}
	algorithm := algorithms[name]
	if algorithm == nil {
		return value.Value{}, fmt.Errorf("%q is no algorithm: they are MD5, SHA-1, SHA-256, SHA-384 and SHA-512", name)
	}
	digest := algorithm()
	digest.Write([]byte(data))
	return value.String(hex.EncodeToString(digest.Sum(nil))), nil
}

// uuid gives a random UUID, of version 4.
func uuid(in *invocation) (value.Value, error) {
	random := in.env.Random()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], random.Uint64())
	binary.BigEndian.PutUint64(b[8:], random.Uint64())
	b[6] = b[6]&0x0f | 4<<4 // version
	b[8] = b[8]&0x3f | 2<<6 // variant
	return value.String(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])), nil
}
