package jsonata

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"math"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// defineAWS adds the functions that Step Functions has beyond JSONata (docs/rules.md R80, R86). What an argument that is missing
// or of no use gives is nothing.
func defineAWS(l *library) {
	l.define("partition", "<jn?:a<a>>", 2, ifGiven(partition))
	l.define("range", "<nnn?:a<n>>", 3, rangeOf)
	l.define("hash", "<ss?:s>", 2, ifGiven(hash))
	l.define("random", "<n?:n>", 1, func(x *evaluation, args arguments) item {
		if args.at(0).kind == undefinedKind {
			return randomNumber(x, args)
		}
		return number(javaRandom(long(args.at(0))))
	})
	l.define("uuid", "<:s>", 0, uuid)
	l.define("parse", "<s:x>", 1, ifGiven(func(x *evaluation, args arguments) item {
		s := args.at(0).text()
		x.use(len(s) / 8)
		x.produce(8 * len(s))
		v, err := value.Parse([]byte(s))
		if err != nil || !isDouble(v) {
			refuse("Invalid JSON")
		}
		return fromValue(v)
	}))
}

// isDouble reports whether a double can hold each number of a document.
func isDouble(v value.Value) bool {
	for _, e := range v.Elements() {
		if !isDouble(e) {
			return false
		}
	}
	for _, m := range v.Members() {
		if !isDouble(m) {
			return false
		}
	}
	f, _ := v.AsFloat()
	return !math.IsInf(f, 0)
}

// refuse fails as $error does, by which code the functions of Step Functions fail too.
func refuse(message string) { throw(failure{code: "D3137", message: message}) }

// long is an integer argument: what is behind the point is cut off. It is so far below the largest that differences fit.
func long(v item) int64 {
	const most = 1 << 61
	if f := finite(v); !math.IsNaN(f) {
		return int64(max(-most, min(math.Trunc(f), most)))
	}
	return 0
}

// javaRandom is the first number of java.util.Random with a seed, which Step Functions gives.
func javaRandom(seed int64) float64 {
	const (
		multiplier = 0x5DEECE66D
		mask       = 1<<48 - 1
	)
	state := (uint64(seed) ^ multiplier) & mask
	next := func(bits int) uint64 {
		state = (state*multiplier + 0xB) & mask
		return state >> (48 - bits)
	}
	high := next(26)
	return float64(high<<27+next(27)) / (1 << 53)
}

func partition(x *evaluation, args arguments) item {
	array := args.at(0)
	switch array.kind {
	case arrayKind:
	case nullKind:
		throw(failure{code: "T0412", value: array, index: 1, message: `Argument 1 of function "partition" must be an array`})
	default:
		array = arrayOf([]item{array})
	}
	items := x.elements(array)
	size := int64(len(items))
	if args.at(1).kind != undefinedKind {
		size = min(long(args.at(1)), size)
	}
	if size < 0 {
		refuse("Second argument must be zero or greater")
	}
	if size == 0 {
		return undefined
	}
	n := int(size)
	x.use(len(items))
	x.allocate(len(items) + (1+madeItems)*(len(items)/n+1))
	parts := []item{}
	for len(items) > 0 {
		part := items[:min(n, len(items))]
		items = items[len(part):]
		parts = append(parts, arrayOf(append([]item{}, part...)))
	}
	return arrayOf(parts)
}

// mostOfRange is the most numbers that $range gives in Step Functions (R85).
const mostOfRange = 360_145

func rangeOf(x *evaluation, args arguments) item {
	for i := range 3 {
		if args.at(i).kind == undefinedKind {
			return undefined
		}
	}
	start, end, step := long(args.at(0)), long(args.at(1)), long(args.at(2))
	if step == 0 || start != end && (end > start) != (step > 0) {
		return undefined
	}
	count := (end-start)/step + 1
	if count > mostOfRange {
		panic(&stop{ErrMemory})
	}
	x.use(int(count))
	x.allocate(int(count))
	items := make([]item, int(count))
	for i := range items {
		items[i] = number(float64(start + int64(i)*step))
	}
	return sequenceOf(items) // one number is itself, as AWS was recorded to give it
}

func hash(x *evaluation, args arguments) item {
	if args.at(1).kind == undefinedKind {
		return undefined
	}
	s := []byte(args.at(0).text())
	x.work(args.at(0))
	var sum []byte
	switch algorithm := args.at(1).text(); algorithm {
	case "MD5":
		h := md5.Sum(s)
		sum = h[:]
	case "SHA-1":
		h := sha1.Sum(s)
		sum = h[:]
	case "SHA-256":
		h := sha256.Sum256(s)
		sum = h[:]
	case "SHA-384":
		h := sha512.Sum384(s)
		sum = h[:]
	case "SHA-512":
		h := sha512.Sum512(s)
		sum = h[:]
	default:
		refuse(fmt.Sprintf("unknown algorithm %q; use MD5, SHA-1, SHA-256, SHA-384 or SHA-512", algorithm))
	}
	return text(hex.EncodeToString(sum))
}

// uuid is a random one: version 4.
func uuid(x *evaluation, _ arguments) item {
	random := x.random("uuid")
	high, low := random.Uint64(), random.Uint64()
	high = high&^0xF000 | 0x4000
	low = low&^(3<<62) | 1<<63
	return text(fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xFFFF, high&0xFFFF, low>>48, low&0xFFFFFFFFFFFF))
}
