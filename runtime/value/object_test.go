package value_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestWithFromAny sets, adds and removes members of objects that share what they have, and wants each to stay what it was.
func TestWithFromAny(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	type made struct {
		v    value.Value
		want string
	}
	all := []made{{value.EmptyObject, `{}`}}
	for range 3_000 {
		from := all[max(0, len(all)-1-random.IntN(3)*random.IntN(40))]
		name, member := fmt.Sprint("n", random.IntN(300)), value.Int(int64(random.IntN(10)))
		if random.IntN(8) == 0 {
			member = value.Value{}
		}
		var members []value.Member
		set := false
		for n, m := range from.v.Members() {
			if n == name {
				m, set = member, true
			}
			members = append(members, value.Field(n, m))
		}
		if !set {
			members = append(members, value.Field(name, member))
		}
		all = append(all, made{from.v.With(name, member), value.Object(members...).String()})
	}
	for _, m := range all {
		if got := m.v.String(); got != m.want || m.v.Size() != len(got) {
			t.Fatalf("got %s (size %d), want %s", got, m.v.Size(), m.want)
		}
		for name, member := range m.v.Members() {
			if !value.SharesMemory(m.v.Get(name), member) {
				t.Fatalf("%s of %s is %s", name, m.v, m.v.Get(name))
			}
		}
		if !m.v.Get("none").IsAbsent() {
			t.Fatal(m.v)
		}
	}
}

// TestMemberByMember wants an object that is filled member by member to cost what its members do, not their square.
func TestMemberByMember(t *testing.T) {
	const members = 20_000
	v := value.EmptyObject
	if bytes := allocated(func() {
		for i := range members {
			v = v.With(fmt.Sprint("n", i), value.Null)
		}
	}); v.Len() != members || bytes > members*5_000 {
		t.Errorf("%d members take %d bytes", v.Len(), bytes)
	}
}

// TestParseLargeObject wants a large object to be read with a few times the memory of its text, and its names to be told
// apart.
func TestParseLargeObject(t *testing.T) {
	const members = 100_000
	var text strings.Builder
	for i := range members {
		fmt.Fprintf(&text, `,"name%d":%d`, i, i)
	}
	data := "{" + text.String()[1:]
	var v value.Value
	var err error
	if bytes := allocated(func() { v, err = value.Parse([]byte(data + "}")) }); err != nil || v.Len() != members || bytes > members*300 {
		t.Errorf("%d members take %d bytes: %v", v.Len(), bytes, err)
	}
	if n, _ := v.Get("name77777").AsInt(); n != 77777 {
		t.Error(v.Get("name77777"))
	}
	if _, err := value.Parse([]byte(data + `,"name5":1}`)); err == nil || !strings.Contains(err.Error(), "name5") {
		t.Error(err)
	}
}

// What has changed since base, set in base again, is the value.
func TestSince(t *testing.T) {
	base := value.MustParse(`{"a":{"x":1},"b":"text","c":[1,2]}`)
	for name, test := range map[string]struct {
		v    value.Value
		want []string
		ok   bool
	}{
		"itself":                {base.With("b", base.Get("b")), nil, true},
		"changed":               {base.With("b", value.Null), []string{"b"}, true},
		"added":                 {base.With("d", value.True), []string{"d"}, true},
		"changed, added":        {base.With("d", value.True).With("a", value.False), []string{"a", "d"}, true},
		"removed":               {base.With("c", value.Value{}), nil, false},
		"in other order":        {base.With("a", value.Value{}).With("a", base.Get("a")), nil, false},
		"more changed than not": {base.With("a", value.Null).With("b", value.Null), nil, false},
		"a shared true alone":   {value.MustParse(`{"a":1,"b":2,"c":3}`).With("t", value.True), nil, false},
		"nothing in common":     {value.MustParse(`{"a":{"x":1},"b":"text","c":[1,2]}`), nil, false},
		"no object":             {value.True, nil, false},
	} {
		changed, ok := test.v.Since(base)
		if ok != test.ok {
			t.Errorf("%s: %v, %v", name, changed, ok)
			continue
		}
		if !ok {
			continue
		}
		again := base.Again(changed)
		var names []string
		for _, m := range changed {
			names = append(names, m.Name)
		}
		if again.String() != test.v.String() || !slices.Equal(names, test.want) {
			t.Errorf("%s: %v makes %s", name, names, again)
		}
	}
	if _, ok := base.Since(value.Null); ok {
		t.Error("an object was made of null")
	}
}

// Whatever a value is made of, its size is that of its text, which can be read again.
func TestSizeIsTheText(t *testing.T) {
	var absent value.Value
	for _, v := range []value.Value{
		value.String("bad \xff\xfe byte"), value.Array(absent, value.True), value.Array(value.True).WithElement(0, absent),
		value.Object(value.Field("\xff", value.True)), value.EmptyObject.With("\xfe\xfd", value.Null),
	} {
		text := v.String()
		if again, err := value.Parse([]byte(text)); err != nil || v.Size() != len(text) || again.String() != text {
			t.Errorf("%q has %d bytes, its size is %d, %v", text, len(text), v.Size(), err)
		}
	}
}

// TestNamesGivenTwice: an object of many members of which few are left finds them, and takes none twice.
func TestNamesGivenTwice(t *testing.T) {
	var members []value.Member
	for i := range 14 {
		members = append(members, value.Field([]string{"a", "b", "a", "c", "d"}[i%5], value.Int(int64(i))))
	}
	v := value.Object(members...)
	for name, m := range v.Members() {
		if !value.SharesMemory(v.Get(name), m) {
			t.Errorf("%s is %s", name, v.Get(name))
		}
	}
	if got := v.With("c", value.Null).String(); got != `{"a":12,"b":11,"c":null,"d":9}` {
		t.Error(got)
	}
}
