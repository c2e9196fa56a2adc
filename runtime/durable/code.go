package durable

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// coder writes the members of a record, or reads them: one function says for each type what is in it, so that what is written is
// what is read. What is written is not changed: others may read it at the time. Numbers are varints, texts have their length before
// them. What an execution's records have said already they say again as a number: see [known].
type coder struct {
	b       []byte // what is written, or left to read
	reading bool
	known   *known
	err     error // of reading
}

// known is what the records of an execution have said so far, from one on that forgets what those before it said: the first after
// the execution has come into memory, or one that begins with all that there is. Who writes them and who reads them know the same.
type known struct {
	time   int64         // the last, in Unix nanoseconds
	texts  []string      // the last ones, of which the oldest is replaced by the next
	text   int           // where the newest stands
	values []value.Value // … likewise
	value  int
}

// What is remembered: so many texts, of at most a length, and so many documents, of at least a length. Others are written each time.
const (
	knownTextsLimit  = 62
	longestText      = 256
	knownValuesLimit = 8
	smallestValue    = 24
)

var errShort = errors.New("a record ends too early")

func (c *coder) uint(n *uint64) {
	if !c.reading {
		c.b = binary.AppendUvarint(c.b, *n)
		return
	}
	v, size := binary.Uvarint(c.b)
	if size <= 0 {
		c.fail(errShort)
		return
	}
	*n, c.b = v, c.b[size:]
}

func (c *coder) fail(err error) {
	if c.err == nil {
		c.err = err
	}
	c.b = nil
}

func (c *coder) int64(n *int64) {
	u := uint64(*n)<<1 ^ uint64(*n>>63)
	if c.uint(&u); c.reading {
		*n = int64(u>>1) ^ -int64(u&1)
	}
}

func (c *coder) int(n *int) {
	v := int64(*n)
	if c.int64(&v); c.reading {
		*n = int(v)
	}
}

func (c *coder) bool(is *bool) {
	var n uint64
	if *is {
		n = 1
	}
	if c.uint(&n); c.reading {
		*is = n == 1
	}
}

// count codes how many elements there are. What is read is no more than the record can have.
func (c *coder) count(n int) int {
	u := uint64(n)
	c.uint(&u)
	if c.reading && u > uint64(len(c.b)) {
		c.fail(errShort)
		return 0
	}
	return int(u)
}

// plain codes a text that is not remembered.
func (c *coder) plain(s *string) {
	n := uint64(len(*s))
	c.uint(&n)
	if !c.reading {
		c.b = append(c.b, *s...)
		return
	}
	if n > uint64(len(c.b)) {
		c.fail(errShort)
		return
	}
	*s, c.b = string(c.b[:n]), c.b[n:]
}

// text codes a text: 0 is the empty one, 1 says that it follows, n is the one in the place n-2.
func (c *coder) text(s *string) {
	var n uint64
	if !c.reading && *s != "" {
		n = uint64(slices.Index(c.known.texts, *s) + 2)
	}
	switch c.uint(&n); {
	case n == 1:
		if c.plain(s); c.err == nil && len(*s) <= longestText {
			c.known.text = remember(&c.known.texts, c.known.text, knownTextsLimit, *s)
		}
	case !c.reading:
	case n == 0:
		*s = ""
	case n-2 < uint64(len(c.known.texts)):
		*s = c.known.texts[n-2]
	default:
		c.fail(errShort)
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

// time codes a time to the nanosecond, by what has passed since the last one; 0 is the zero time.
func (c *coder) time(t *time.Time) {
	var n uint64
	if !c.reading && !t.IsZero() {
		passed := t.UnixNano() - c.known.time
		n = (uint64(passed)<<1 ^ uint64(passed>>63)) + 1
	}
	c.uint(&n)
	if n == 0 {
		if c.reading {
			*t = time.Time{}
		}
		return
	}
	c.known.time += int64((n-1)>>1) ^ -int64((n-1)&1)
	if c.reading {
		*t = time.Unix(0, c.known.time).UTC()
	}
}

// moment codes a time without regard to the last one.
func (c *coder) moment(t *time.Time) {
	last := c.known.time
	c.known.time = 0
	c.time(t)
	c.known.time = last
}

// members codes which of the members there are that follow.
func (c *coder) members(there ...bool) members {
	var m uint64
	for i, is := range there {
		if is {
			m |= 1 << i
		}
	}
	c.uint(&m)
	return members(m)
}

type members uint64

func (m members) at(i int) bool { return m>>i&1 != 0 }

// value codes a document: 0 is absent, 1 says that its text follows, 2 that it is a known one with other members, n is the known one
// n-3.
func (c *coder) value(v *value.Value) {
	switch {
	case c.reading:
		c.readValue(v)
	case v.IsAbsent():
		c.b = append(c.b, 0)
	case v.Size() < smallestValue || !c.knownValue(*v):
		c.b = append(c.b, 1)
		c.b = binary.AppendUvarint(c.b, uint64(v.Size()))
		c.b = v.AppendJSON(c.b)
		c.known.remember(*v)
	}
}

// knownValue writes a value by those that are known, and reports whether it could.
func (c *coder) knownValue(v value.Value) bool {
	for i, of := range c.known.values {
		if value.SharesMemory(of, v) {
			c.b = binary.AppendUvarint(c.b, uint64(i+3))
			return true
		}
	}
	for n := range c.known.values { // the newest first, which has most in common with it
		i := (c.known.value + len(c.known.values) - n) % len(c.known.values)
		changed, ok := v.Since(c.known.values[i])
		if !ok {
			continue
		}
		c.b = binary.AppendUvarint(append(c.b, 2), uint64(i))
		c.b = binary.AppendUvarint(c.b, uint64(len(changed)))
		for _, m := range changed {
			c.text(&m.Name)
			c.value(&m.Value)
		}
		c.known.remember(v)
		return true
	}
	return false
}

func (c *coder) readValue(v *value.Value) {
	var n uint64
	switch c.uint(&n); {
	case n == 0:
		*v = value.Value{}
		return
	case n == 1:
		var text string
		if c.plain(&text); c.err != nil {
			return
		}
		parsed, err := value.Parse([]byte(text))
		if err != nil {
			c.fail(err)
			return
		}
		*v = parsed
	case n == 2:
		c.readChanged(v)
	case n-3 < uint64(len(c.known.values)):
		*v = c.known.values[n-3]
		return
	default:
		c.fail(errShort)
	}
	if c.err == nil {
		c.known.remember(*v)
	}
}

// readChanged reads a known object with other members.
func (c *coder) readChanged(v *value.Value) {
	var of uint64
	if c.uint(&of); of >= uint64(len(c.known.values)) || c.known.values[of].Kind() != value.ObjectKind {
		c.fail(errShort)
		return
	}
	base := c.known.values[of]
	changed := make([]value.Member, c.count(0))
	for i := range changed {
		c.text(&changed[i].Name)
		if c.value(&changed[i].Value); c.err != nil {
			return
		}
	}
	*v = base.Again(changed)
}

// remember remembers a value.
func (k *known) remember(v value.Value) {
	if v.Size() >= smallestValue {
		k.value = remember(&k.values, k.value, knownValuesLimit, v)
	}
}
