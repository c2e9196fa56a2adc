package value

import (
	"encoding/base64"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

func writeBool(_ *writer, v reflect.Value) (Value, bool) { return Bool(v.Bool()), true }

func readBool(v Value, into reflect.Value) bool {
	b, ok := v.AsBool()
	if ok || v.IsNull() {
		into.SetBool(b)
		return true
	}
	return false
}

func writeString(w *writer, v reflect.Value) (Value, bool) {
	s := v.String()
	if !utf8.ValidString(s) {
		return Value{}, false
	}
	return w.string(s), true
}

func readString(v Value, into reflect.Value) bool {
	s, ok := copied(v)
	if ok || v.IsNull() {
		into.SetString(s)
	}
	return ok || v.IsNull()
}

// copied returns a copy of a string's text, which is part of that of a whole document and would keep it in memory. Bytes that are not UTF-8 are
// replaced as where the string is encoded.
func copied(v Value) (s string, ok bool) {
	if s, ok = v.AsString(); !utf8.ValidString(s) {
		return string([]rune(s)), ok
	}
	return strings.Clone(s), ok
}

func writeInt(w *writer, v reflect.Value) (Value, bool) {
	return w.number(strconv.FormatInt(v.Int(), 10)), true
}

func readInt(v Value, into reflect.Value) bool {
	if v.IsNull() {
		into.SetInt(0)
		return true
	}
	text, _ := v.AsNumber()
	i, err := strconv.ParseInt(text, 10, into.Type().Bits())
	if err != nil {
		return false
	}
	into.SetInt(i)
	return true
}

func writeUint(w *writer, v reflect.Value) (Value, bool) {
	return w.number(strconv.FormatUint(v.Uint(), 10)), true
}

func readUint(v Value, into reflect.Value) bool {
	if v.IsNull() {
		into.SetUint(0)
		return true
	}
	text, _ := v.AsNumber()
	u, err := strconv.ParseUint(text, 10, into.Type().Bits())
	if err != nil {
		return false
	}
	into.SetUint(u)
	return true
}

func writeFloat(w *writer, v reflect.Value) (Value, bool) {
	f := v.Float()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}, false
	}
	return w.number(formatFloat(f)), true
}

func readFloat(v Value, into reflect.Value) bool {
	f, ok := v.AsFloat()
	if (ok || v.IsNull()) && !math.IsInf(f, 0) {
		into.SetFloat(f)
		return true
	}
	return false
}

// writeBytes writes slices and arrays of bytes in base64.
func writeBytes(w *writer, v reflect.Value) (Value, bool) {
	if v.Kind() == reflect.Array {
		v = addressable(v)
	}
	return w.string(base64.StdEncoding.EncodeToString(v.Bytes())), true
}

func readBytes(v Value, into reflect.Value) bool {
	if v.IsNull() {
		into.SetZero()
		return true
	}
	s, ok := v.AsString()
	if !ok {
		return false
	}
	if strings.ContainsAny(s, "\r\n") { // which the decoder would pass over
		return false
	}
	if into.Kind() == reflect.Array {
		b, err := base64.StdEncoding.DecodeString(s)
		return err == nil && copy(into.Bytes(), b) == len(b) && len(b) == into.Len()
	}
	b, err := base64.StdEncoding.AppendDecode(into.Bytes()[:0], []byte(s))
	if err != nil {
		return false
	}
	if b == nil {
		b = []byte{}
	}
	into.SetBytes(b)
	return true
}
