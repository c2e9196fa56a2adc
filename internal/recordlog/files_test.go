package recordlog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// record returns a record that says something.
func record(text string) []byte { return append(make([]byte, HeadSize), text...) }

// fill opens a folder's log and puts records into it.
func fill(t *testing.T, folder string, texts ...string) {
	t.Helper()
	l := Open(folder)
	if err := l.Scan(func(_, _ Position, _ []byte) error { return nil }); err != nil {
		t.Fatal(err)
	}
	var at Place
	for _, text := range texts {
		if err := l.Put(record(text), &at).Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// texts returns what the records of a folder say.
func texts(folder string) (all []string, err error) {
	l := Open(folder)
	err = l.Scan(func(_, _ Position, record []byte) error {
		all = append(all, string(record))
		return nil
	})
	return all, errors.Join(err, l.Close())
}

// A file that is cut off anywhere has the records that are whole, and takes others after them.
func TestTornTail(t *testing.T) {
	whole := t.TempDir()
	want := []string{"one", "two", strings.Repeat("three", 10)}
	fill(t, whole, want...)
	data, err := os.ReadFile(filepath.Join(whole, "00000001.log"))
	if err != nil {
		t.Fatal(err)
	}
	for size := range len(data) {
		torn := t.TempDir()
		if err := os.WriteFile(filepath.Join(torn, "00000001.log"), data[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := texts(torn)
		if err != nil || !slices.Equal(got, want[:len(got)]) || len(got) == len(want) {
			t.Fatalf("of %d bytes: %q, %v", size, got, err)
		}
		fill(t, torn, "after")
		if again, err := texts(torn); err != nil || !slices.Equal(again, append(got, "after")) {
			t.Fatalf("of %d bytes, with one more: %q, %v", size, again, err)
		}
	}
}

// A bit that is turned anywhere is an error, or what is before it: never another record.
func TestTurnedBit(t *testing.T) {
	whole := t.TempDir()
	want := []string{"one", "two", "three"}
	fill(t, whole, want...)
	data, err := os.ReadFile(filepath.Join(whole, "00000001.log"))
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for bit := range 8 * len(data) {
		turned := slices.Clone(data)
		turned[bit/8] ^= 1 << (bit % 8)
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "00000001.log"), turned, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := texts(folder)
		if err == nil && (!slices.Equal(got, want[:len(got)]) || len(got) == len(want)) {
			t.Fatalf("bit %d: %q", bit, got)
		}
		if err != nil {
			refused++
		}
	}
	if refused == 0 {
		t.Error("none is refused, even with records behind it")
	}
}

// After a write that fails nothing is acknowledged, not even what comes later.
func TestFailedSync(t *testing.T) {
	l := Open(t.TempDir())
	if err := l.Scan(nil); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no space is left")
	l.sync = func(*os.File) error { return broken }
	var at Place
	for range 3 {
		if err := l.Put(record("lost"), &at).Wait(); !errors.Is(err, broken) {
			t.Error(err)
		}
	}
	l.sync = (*os.File).Sync
	if err := l.Put(record("late"), &at).Wait(); !errors.Is(err, broken) {
		t.Errorf("it goes on after a failure: %v", err)
	}
}

// A disk that is full after any number of bytes refuses what does not fit, and what follows. What was acknowledged is there when there is room
// again.
func TestFullDisk(t *testing.T) {
	full := errors.New("no space left on device")
	records := []string{"one", "two", strings.Repeat("three", 10), "four"}
	for room := range 4*HeadSize + 70 {
		folder := t.TempDir()
		l, left := Open(folder), room
		l.put = func(f *os.File, b []byte) (int, error) {
			n, err := f.Write(b[:min(left, len(b))])
			if left -= n; n < len(b) {
				err = errors.Join(err, full)
			}
			return n, err
		}
		if err := l.Scan(func(_, _ Position, _ []byte) error { return nil }); err != nil {
			t.Fatal(err)
		}
		var at Place
		var kept []string
		for _, text := range records {
			switch err := l.Put(record(text), &at).Wait(); {
			case err == nil:
				kept = append(kept, text)
			case !errors.Is(err, full):
				t.Errorf("with room for %d bytes: %v", room, err)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := texts(folder)
		if err != nil || !slices.Equal(got, kept) || len(kept) == len(records) && room < 4*HeadSize {
			t.Fatalf("with room for %d bytes: %q, and acknowledged were %q, %v", room, got, kept, err)
		}
		fill(t, folder, "after")
	}
}

// Records that many put at a time are all there, and lead back to those before them.
func TestTogether(t *testing.T) {
	folder := t.TempDir()
	l := Open(folder)
	if err := l.Scan(nil); err != nil {
		t.Fatal(err)
	}
	const writers, each = 16, 50
	places := make([]Place, writers)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := range each {
				if err := l.Put(record(fmt.Sprintf("%d %d", w, n)), &places[w]).Wait(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for w := range writers {
		n := each
		for at := places[w].Get(); at != (Position{}); {
			text, before, err := l.Read(at)
			if n--; err != nil || string(text) != fmt.Sprintf("%d %d", w, n) {
				t.Fatalf("%q, %v", text, err)
			}
			at = before
		}
		if n != 0 {
			t.Errorf("%d of writer %d are missing", n, w)
		}
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if got, err := texts(folder); err != nil || len(got) != writers*each {
		t.Errorf("%d records, %v", len(got), err)
	}
}

// Segments follow each other, and those that are dropped are gone while the rest stays.
func TestSegments(t *testing.T) {
	folder := t.TempDir()
	l := Open(folder)
	l.size = 64
	if err := l.Scan(nil); err != nil {
		t.Fatal(err)
	}
	var at Place
	for n := range 10 {
		if err := l.Put(record(fmt.Sprint("a record, number ", n)), &at).Wait(); err != nil {
			t.Fatal(err)
		}
	}
	last := at.Get().Segment
	if last < 3 {
		t.Fatalf("there are %d segments", last)
	}
	if _, _, err := l.Read(Position{1, 0}); err != nil {
		t.Error(err)
	}
	if err := errors.Join(l.Drop(last), l.Close()); err != nil {
		t.Fatal(err)
	}
	got, err := texts(folder)
	if err != nil || len(got) == 0 || got[len(got)-1] != "a record, number 9" || len(got) > 3 {
		t.Errorf("%q, %v", got, err)
	}
}

// Two records of an execution in one batch are its first and its last.
func TestFirstOfABatch(t *testing.T) {
	l := Open(t.TempDir())
	if err := l.Scan(nil); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var at Place
	one, two := l.Put(record("one"), &at), l.Put(record("two"), &at)
	if err := errors.Join(one.Wait(), two.Wait()); err != nil {
		t.Fatal(err)
	}
	_, none, err := l.Read(at.First())
	if err != nil || none != (Position{}) {
		t.Errorf("before the first is %v, %v", none, err)
	}
	if _, before, err := l.Read(at.Get()); err != nil || before != at.First() {
		t.Errorf("before the last is %v, not %v, %v", before, at.First(), err)
	}
}
