// Package coder writes frames, events and what they are made of in few bytes, and reads them again: for the records of an engine that outlives
// its process, and for what one in memory puts away.
package coder

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Coder writes the members of a record, or reads them: one method says for each type what is in it, so that what is written is
// what is read. What is written is not changed: others may read it at the time. Numbers are varints, texts have their length before
// them. What an execution's records have said already they say again as a number: see [Known].
type Coder struct {
	Bytes   []byte // what is written, or left to read
	Reading bool
	Known   *Known
	Err     error // of reading
}

// Known is what the records of an execution have said so far, from one on that forgets what those before it said: the first after
// the execution has come into memory, or one that begins with all that there is. Who writes them and who reads them know the same.
type Known struct {
	time   int64         // the last, in Unix nanoseconds
	texts  []string      // the last ones, of which the oldest is replaced by the next
	text   int           // where the newest stands
	values []value.Value // … likewise
	value  int
}

// coders are those that nobody needs any more, with room for others.
var coders = sync.Pool{New: func() any { return &Coder{Known: &Known{}} }}

// New returns a Coder that writes, of which nothing is known.
func New() *Coder { return coders.Get().(*Coder) }

// Release gives back the room of a Coder that [New] has returned and that nobody needs any more.
func (c *Coder) Release() {
	k := c.Known
	clear(k.texts)
	clear(k.values)
	*k = Known{texts: k.texts[:0], values: k.values[:0]}
	*c = Coder{Bytes: c.Bytes[:0], Known: k}
	coders.Put(c)
}

// NewKnown returns what those know who write and read records of which the texts need not be said.
func NewKnown(texts ...string) *Known { return &Known{texts: texts, text: len(texts) - 1} }

// What is remembered: so many texts, of at most a length, and so many documents, of at least a length. Others are written each time.
const (
	knownTextsLimit  = 62
	longestText      = 256
	knownValuesLimit = 8
	smallestValue    = 24
)

// ErrShort is the error of bytes that end before what they are to hold.
var ErrShort = errors.New("a record ends too early")

// Uint codes a number that is not negative.
func (c *Coder) Uint(n *uint64) {
	switch {
	case !c.Reading && *n < 0x80: // as most are
		c.Bytes = append(c.Bytes, byte(*n))
		return
	case !c.Reading:
		c.Bytes = binary.AppendUvarint(c.Bytes, *n)
		return
	}
	v, size := binary.Uvarint(c.Bytes)
	if size <= 0 {
		c.Fail(ErrShort)
		return
	}
	*n, c.Bytes = v, c.Bytes[size:]
}

// Fail ends the reading, with the first error.
func (c *Coder) Fail(err error) {
	if c.Err == nil {
		c.Err = err
	}
	c.Bytes = nil
}

// Int64 codes a number.
func (c *Coder) Int64(n *int64) {
	u := uint64(*n)<<1 ^ uint64(*n>>63)
	if c.Uint(&u); c.Reading {
		*n = int64(u>>1) ^ -int64(u&1)
	}
}

// Int codes a number.
func (c *Coder) Int(n *int) {
	v := int64(*n)
	if c.Int64(&v); c.Reading {
		*n = int(v)
	}
}

// Bool codes whether something is so.
func (c *Coder) Bool(is *bool) {
	var n uint64
	if *is {
		n = 1
	}
	if c.Uint(&n); c.Reading {
		*is = n == 1
	}
}

// Count codes how many elements there are. What is read is no more than the record can have.
func (c *Coder) Count(n int) int {
	u := uint64(n)
	c.Uint(&u)
	if c.Reading && u > uint64(len(c.Bytes)) {
		c.Fail(ErrShort)
		return 0
	}
	return int(u)
}

// Plain codes a text that is not remembered.
func (c *Coder) Plain(s *string) {
	n := uint64(len(*s))
	c.Uint(&n)
	if !c.Reading {
		c.Bytes = append(c.Bytes, *s...)
		return
	}
	if n > uint64(len(c.Bytes)) {
		c.Fail(ErrShort)
		return
	}
	*s, c.Bytes = string(c.Bytes[:n]), c.Bytes[n:]
}

// Text codes a text: 0 is the empty one, 1 says that it follows, n is the one in the place n-2.
func (c *Coder) Text(s *string) {
	var n uint64
	if !c.Reading && *s != "" {
		n = uint64(slices.Index(c.Known.texts, *s) + 2)
	}
	switch c.Uint(&n); {
	case n == 1:
		if c.Plain(s); c.Err == nil && len(*s) <= longestText {
			c.Known.text = remember(&c.Known.texts, c.Known.text, knownTextsLimit, *s)
		}
	case !c.Reading:
	case n == 0:
		*s = ""
	case n-2 < uint64(len(c.Known.texts)):
		*s = c.Known.texts[n-2]
	default:
		c.Fail(ErrShort)
	}
}

// remember puts something behind the newest of what is known, in place of the oldest if there are as many as there may be, and returns
// where it stands.
func remember[T any](all *[]T, newest, limit int, one T) int {
	if *all == nil {
		*all = make([]T, 0, 8)
	}
	if len(*all) < limit {
		*all = append(*all, one)
		return len(*all) - 1
	}
	newest = (newest + 1) % limit
	(*all)[newest] = one
	return newest
}

// Time codes a time to the nanosecond, by what has passed since the last one; 0 is the zero time.
func (c *Coder) Time(t *time.Time) {
	var n uint64
	if !c.Reading && !t.IsZero() {
		passed := max(nanoseconds(*t)-c.Known.time, earliest)
		n = (uint64(passed)<<1 ^ uint64(passed>>63)) + 1
	}
	c.Uint(&n)
	if n == 0 {
		if c.Reading {
			*t = time.Time{}
		}
		return
	}
	c.Known.time += int64((n-1)>>1) ^ -int64((n-1)&1)
	if c.Reading {
		*t = time.Unix(0, c.Known.time).UTC()
	}
}

// earliest is as much as a time can be before another: one less would be the zero time.
const earliest = math.MinInt64 + 1

// nanoseconds returns the Unix time of t, or the one next to it that an int64 holds: that is before 1678 or after 2261.
func nanoseconds(t time.Time) int64 {
	switch {
	case t.Before(time.Unix(0, earliest)):
		return earliest
	case t.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	}
	return t.UnixNano()
}

// Moment codes a time without regard to the last one.
func (c *Coder) Moment(t *time.Time) {
	last := c.Known.time
	c.Known.time = 0
	c.Time(t)
	c.Known.time = last
}

// Members codes which of the members there are that follow.
func (c *Coder) Members(there ...bool) Members {
	var m uint64
	for i, is := range there {
		var one uint64
		if is { // this is no branch in machine code
			one = 1
		}
		m |= one << i
	}
	c.Uint(&m)
	return Members(m)
}

// Members say which members of something follow, as [Coder.Members] codes them.
type Members uint64

func (m Members) at(i int) bool { return m>>i&1 != 0 }

// Value codes a document: 0 is absent, 1 says that its text follows, 2 that it is a known one with other members, n is the known one
// n-3.
func (c *Coder) Value(v *value.Value) {
	switch {
	case c.Reading:
		c.readValue(v)
	case v.IsAbsent():
		c.Bytes = append(c.Bytes, 0)
	case v.Size() < smallestValue || !c.knownValue(*v):
		c.Bytes = append(c.Bytes, 1)
		c.Bytes = binary.AppendUvarint(c.Bytes, uint64(v.Size()))
		c.Bytes = v.AppendJSON(c.Bytes)
		c.Known.remember(*v)
	}
}

// knownValue writes a value by those that are known, and reports whether it could.
func (c *Coder) knownValue(v value.Value) bool {
	for i, of := range c.Known.values {
		if value.SharesMemory(of, v) {
			c.Bytes = binary.AppendUvarint(c.Bytes, uint64(i+3))
			return true
		}
	}
	for n := range c.Known.values { // the newest first, which has most in common with it
		i := (c.Known.value + len(c.Known.values) - n) % len(c.Known.values)
		changed, ok := v.Since(c.Known.values[i])
		if !ok {
			continue
		}
		c.Bytes = binary.AppendUvarint(append(c.Bytes, 2), uint64(i))
		c.Bytes = binary.AppendUvarint(c.Bytes, uint64(len(changed)))
		for _, m := range changed {
			c.Text(&m.Name)
			c.Value(&m.Value)
		}
		c.Known.remember(v)
		return true
	}
	return false
}

func (c *Coder) readValue(v *value.Value) {
	var n uint64
	switch c.Uint(&n); {
	case n == 0:
		*v = value.Value{}
		return
	case n == 1:
		var text string
		if c.Plain(&text); c.Err != nil {
			return
		}
		parsed, err := value.Parse([]byte(text))
		if err != nil {
			c.Fail(err)
			return
		}
		*v = parsed
	case n == 2:
		c.readChanged(v)
	case n-3 < uint64(len(c.Known.values)):
		*v = c.Known.values[n-3]
		return
	default:
		c.Fail(ErrShort)
	}
	if c.Err == nil {
		c.Known.remember(*v)
	}
}

// readChanged reads a known object with other members.
func (c *Coder) readChanged(v *value.Value) {
	var of uint64
	if c.Uint(&of); of >= uint64(len(c.Known.values)) || c.Known.values[of].Kind() != value.ObjectKind {
		c.Fail(ErrShort)
		return
	}
	base := c.Known.values[of]
	changed := make([]value.Member, c.Count(0))
	for i := range changed {
		c.Text(&changed[i].Name)
		if c.Value(&changed[i].Value); c.Err != nil {
			return
		}
	}
	*v = base.Again(changed)
}

// remember remembers a value.
func (k *Known) remember(v value.Value) {
	if v.Size() >= smallestValue {
		k.value = remember(&k.values, k.value, knownValuesLimit, v)
	}
}
