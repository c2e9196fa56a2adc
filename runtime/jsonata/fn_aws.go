package jsonata

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// defineAWS adds the functions that Step Functions has beyond JSONata (spec/ASL.md R80). The codes of their failures are
// not recorded; they take the one of $error.
func defineAWS(l *library) {
	l.define("partition", "<an:a<a>>", 2, ifGiven(partition))
	l.define("range", "<nnn:a<n>>", 3, rangeOf)
	l.define("hash", "<ss:s>", 2, ifGiven(hash))
	l.define("random", "<n?:n>", 1, func(x *evaluation, args arguments) item {
		if args.at(0).kind == undefinedKind {
			return randomNumber(x, args)
		}
		// With a seed, the first number of a generator with that seed. Which one AWS gives is unknown.
		seed := uint64(int64(max(-1<<62, min(math.Floor(finite(args.at(0))), 1<<62))))
		return number(rand.New(rand.NewPCG(seed, 0)).Float64())
	})
	l.define("uuid", "<:s>", 0, uuid)
	l.define("parse", "<s:x>", 1, ifGiven(func(x *evaluation, args arguments) item {
		s := args.at(0).text()
		x.use(len(s) / 8)
		x.produce(8 * len(s))
		v, err := value.Parse([]byte(s))
		if err != nil {
			refuse("parse", "the argument is no JSON: "+strings.TrimPrefix(err.Error(), "jsontext: "))
		}
		return fromValue(v)
	}))
}

func refuse(function, message string) {
	throw(failure{code: "D3137", token: function, message: "$" + function + "(): " + message})
}

// whole is an integer argument: rounded down.
func whole(function string, v item) float64 {
	if v.kind != numberKind {
		refuse(function, "an argument is missing")
	}
	return math.Floor(finite(v))
}

func partition(x *evaluation, args arguments) item {
	array, size := args.at(0), whole("partition", args.at(1))
	if !(size >= 1) {
		refuse("partition", "the size of a part must be at least 1")
	}
	n := int(min(size, math.MaxInt32))
	items := array.elements()
	x.use(len(items))
	x.allocate(len(items) + 2*(len(items)/n+1))
	parts := []item{}
	for len(items) > 0 {
		part := items[:min(n, len(items))]
		items = items[len(part):]
		parts = append(parts, arrayOf(append([]item{}, part...)))
	}
	return arrayOf(parts)
}

func rangeOf(x *evaluation, args arguments) item {
	start, end, step := whole("range", args.at(0)), whole("range", args.at(1)), whole("range", args.at(2))
	if step == 0 {
		refuse("range", "the step must not be 0")
	}
	count := math.Floor((end-start)/step) + 1
	if count > maxRange {
		throw(failure{code: "D2014", value: number(count)})
	}
	if !(count > 0) {
		return arrayOf(nil)
	}
	x.use(int(count))
	x.allocate(int(count))
	items := make([]item, int(count))
	for i := range items {
		items[i] = number(start + float64(i)*step)
	}
	return sequenceOf(items) // one number is itself, as AWS was recorded to give it
}

func hash(x *evaluation, args arguments) item {
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
		refuse("hash", fmt.Sprintf("unknown algorithm %q; use MD5, SHA-1, SHA-256, SHA-384 or SHA-512", algorithm))
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
