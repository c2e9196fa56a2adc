package value

import (
	"hash/maphash"
	"math/bits"
	"slices"
	"sync/atomic"
)

// indexedFrom is the number of members from which looking through them costs more than an index.
const indexedFrom = 12

// index finds members of a large object by their names. Objects that differ in their last members alone share one.
type index struct {
	slots []int32       // positions plus one, by the hashes of the names
	names int           // members that are in it: those after them are looked through
	taken *atomic.Int64 // places of the array of members that an object has filled; nil if the array is not to be filled up
}

var seed = maphash.MakeSeed()

// newIndex returns an index of members. If a name is there twice, second is the position of the second one, else -1.
func newIndex(members []Member) (x *index, second int) {
	const perSlot = 2 // half of the slots stay empty
	x = &index{slots: make([]int32, 1<<bits.Len(uint(perSlot*len(members)))), names: len(members)}
	for i := range members {
		at, found := x.slot(members, members[i].Name)
		if found {
			return x, i
		}
		x.slots[at] = int32(i + 1)
	}
	return x, -1
}

// slot returns the slot of a name, or the empty one where it belongs.
func (x *index) slot(members []Member, name string) (at int, found bool) {
	mask := len(x.slots) - 1
	for at = int(maphash.String(seed, name)) & mask; x.slots[at] != 0; at = (at + 1) & mask {
		if members[x.slots[at]-1].Name == name {
			return at, true
		}
	}
	return at, false
}

// find returns the position of a member, -1 if there is none.
func (c *children) find(name string) int {
	from := 0
	if x := c.index; x != nil {
		if at, found := x.slot(c.members, name); found {
			return int(x.slots[at] - 1)
		}
		from = x.names
	}
	for i := from; i < len(c.members); i++ {
		if c.members[i].Name == name {
			return i
		}
	}
	return -1
}

// unique makes an index if there are many members, and reports whether their names are all different.
func (c *children) unique() bool {
	c.index = nil
	if len(c.members) > indexedFrom {
		var second int
		c.index, second = newIndex(c.members)
		return second < 0
	}
	for i := range c.members {
		for j := range i {
			if c.members[j].Name == c.members[i].Name {
				return false
			}
		}
	}
	return true
}

// Object returns an object of the members in the order given; of a name given twice the last value stands, in the
// first place. Members whose value is absent are left out. It keeps members: the caller must not change them afterwards.
func Object(members ...Member) Value {
	c := children{members: slices.DeleteFunc(members, func(m Member) bool { return m.Value.IsAbsent() })}
	if !c.unique() {
		c.members = lastOfEach(c.members)
		c.unique()
	}
	return contain(ObjectKind, c.objectSize(), c)
}

// lastOfEach gives the first of members of one name the value of the last, and leaves out the others.
func lastOfEach(members []Member) []Member {
	places := make(map[string]int, len(members))
	kept := members[:0]
	for _, m := range members {
		if at, known := places[m.Name]; known {
			kept[at].Value = m.Value
			continue
		}
		places[m.Name] = len(kept)
		kept = append(kept, m)
	}
	return kept
}

// Field returns a member, for [Object].
func Field(name string, v Value) Member { return Member{name, v} }

func (c *children) objectSize() int {
	size := 2 + max(len(c.members)-1, 0)
	for i := range c.members {
		size += c.members[i].size()
	}
	return size
}

// size is the length of the encoding of a member, without a comma.
func (m *Member) size() int { return quotedLen(m.Name) + 1 + m.Value.Size() }

// With returns v, an object, with a member set: in its place if v has it, else at the end. An absent value removes it.
// v itself does not change. It panics if v is no object.
func (v Value) With(name string, member Value) Value {
	if v.Kind() != ObjectKind {
		panic("value: With on " + v.Kind().String())
	}
	old := v.node.kids()
	switch i := old.find(name); {
	case i < 0 && member.IsAbsent():
		return v
	case i < 0:
		m := Member{name, member}
		size := v.Size() + m.size() + min(len(old.members), 1) // a comma
		return contain(ObjectKind, size, old.appended(m))
	case member.IsAbsent():
		return Object(slices.Concat(old.members[:i], old.members[i+1:])...)
	default:
		members := slices.Clone(old.members)
		members[i].Value = member
		c := children{members: members}
		if x := old.index; x != nil {
			c.index = &index{slots: x.slots, names: x.names}
		}
		return contain(ObjectKind, v.Size()-old.members[i].Value.Size()+member.Size(), c)
	}
}

// Since returns the members that [Value.With] has changed, or added, to make v of base, in their order in v: [Value.Again] makes v of them. ok
// is false if v, an object, was not made so, or has less in common with base than what was changed.
func (v Value) Since(base Value) (changed []Member, ok bool) {
	if v.Kind() != ObjectKind || base.Kind() != ObjectKind || v.node.children == nil || base.node.unreadYet() {
		return nil, false
	}
	before, now := base.node.kids().members, v.node.members
	if len(now) < len(before) {
		return nil, false
	}
	for i := range now {
		if i < len(before) && before[i].Name != now[i].Name || 2*len(changed) > len(now) {
			return nil, false
		}
		if i >= len(before) || !SharesMemory(before[i].Value, now[i].Value) {
			changed = append(changed, now[i])
		}
	}
	return changed, 2*len(changed) <= len(now)
}

// Again returns v, an object, with the members that [Value.Since] has returned of it.
func (v Value) Again(changed []Member) Value {
	members, at := slices.Clone(v.node.kids().members), 0
	for _, m := range changed {
		for at < len(members) && members[at].Name != m.Name {
			at++
		}
		if at == len(members) {
			members = append(members, Member{})
		}
		members[at] = m
		at++
	}
	return Object(members...)
}

// appended returns children with one more member, whose name is new. To fill up an object member by member takes no copy of
// the others each time: the array of members has room, which one of the objects that share it may take.
func (c *children) appended(m Member) children {
	n := len(c.members)
	if n <= indexedFrom {
		members := make([]Member, n+1)
		copy(members, c.members)
		members[n] = m
		return children{members: members}
	}
	x := c.index
	if x == nil || n-x.names > 16 && (n-x.names)*(n-x.names) > n { // as many to look through as pays for an index
		taken := (*atomic.Int64)(nil)
		if x != nil {
			taken = x.taken
		}
		x, _ = newIndex(c.members)
		x.taken = taken
	}
	if x.taken == nil || n == cap(c.members) || !x.taken.CompareAndSwap(int64(n), int64(n+1)) {
		members := append(make([]Member, 0, 2*n), c.members...)
		x = &index{slots: x.slots, names: x.names, taken: new(atomic.Int64)}
		x.taken.Store(int64(n + 1))
		return children{members: append(members, m), index: x}
	}
	return children{members: append(c.members, m), index: x}
}
