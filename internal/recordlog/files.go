package recordlog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// segmentSize is how many bytes a file of the log has before the next begins.
const segmentSize = 256 << 20

var checksums = crc32.MakeTable(crc32.Castagnoli)

// Files is a [Log] in the files of a folder. Whoever waits for a record while nobody writes does it for all who wait: their records
// go to disk together.
type Files struct {
	folder string
	put    func(*os.File, []byte) (int, error) // of a test, as sync is
	sync   func(*os.File) error
	size   uint32 // of a segment, before the next begins

	mu      sync.Mutex
	next    *batch
	spare   *batch // was written, and has room
	writing bool
	broken  error // after which nothing is written

	writer struct { // of whoever writes
		file    *os.File
		segment uint32
		offset  uint32
	}

	reading sync.Mutex
	open    map[uint32]*os.File

	dropping sync.Mutex // held while segments are dropped or copied
}

// batch are records that go to disk together.
type batch struct {
	log     *Files
	records []byte
	places  []pending
	turn    chan struct{} // has one for whoever is to write them, and is closed when they are there, or never will be
	err     error
}

// pending is a record of a batch.
type pending struct {
	at   *Place
	size int
	is   Position // where it is
}

// newBatch returns a batch that has the room of one that was written, nil if there is none.
func (l *Files) newBatch(old *batch) *batch {
	b := &batch{log: l, turn: make(chan struct{}, 1)}
	if old != nil && cap(old.records) <= 8<<20 {
		b.records, b.places = old.records[:0], old.places[:0]
	}
	return b
}

func (l *Files) Put(record []byte, at *Place) Ticket {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.next
	b.records, b.places = append(b.records, record...), append(b.places, pending{at: at, size: len(record)})
	if !l.writing {
		l.writing = true
		b.turn <- struct{}{}
	}
	return b
}

// Wait implements [Ticket].
func (b *batch) Wait() error {
	if _, mine := <-b.turn; mine {
		b.log.write(b)
	}
	return b.err
}

// write writes a batch and has somebody write the next one, who begins before those run on that have waited for this one.
func (l *Files) write(b *batch) {
	l.mu.Lock()
	l.next, l.spare = l.newBatch(l.spare), nil
	err := l.broken
	l.mu.Unlock()
	if err == nil {
		err = l.append(b)
	}
	b.err = err
	l.mu.Lock()
	l.spare = &batch{records: b.records, places: b.places}
	if err != nil {
		l.broken = err
	}
	if l.writing = len(l.next.places) > 0; l.writing {
		l.next.turn <- struct{}{}
	}
	l.mu.Unlock()
	close(b.turn)
}

// append writes records to the segment, a new one if they do not fit, and to disk.
func (l *Files) append(b *batch) error {
	w := &l.writer
	if w.offset > l.size {
		if err := l.begin(w.segment + 1); err != nil {
			return err
		}
	}
	left, offset := b.records, w.offset
	for i := range b.places {
		p := &b.places[i]
		record := left[:p.size]
		p.at.before().put(record[8:])
		seal(record)
		p.is = Position{w.segment, offset}
		p.at.newest = p.is
		left, offset = left[p.size:], offset+uint32(p.size)
	}
	if _, err := l.put(w.file, b.records); err != nil {
		return err
	}
	w.offset = offset
	if err := l.sync(w.file); err != nil {
		return err
	}
	for _, p := range b.places {
		p.at.Set(p.is)
	}
	return nil
}

// seal writes a record's length and checksum.
func seal(record []byte) {
	binary.LittleEndian.PutUint32(record, uint32(len(record)))
	binary.LittleEndian.PutUint32(record[4:], crc32.Checksum(record[8:], checksums))
}

// sound returns the record that b begins with, nil if there is none.
func sound(b []byte) []byte {
	if len(b) < HeadSize {
		return nil
	}
	n := binary.LittleEndian.Uint32(b)
	if n < HeadSize || uint64(n) > uint64(len(b)) || crc32.Checksum(b[8:n], checksums) != binary.LittleEndian.Uint32(b[4:]) {
		return nil
	}
	return b[:n]
}

func (l *Files) name(segment uint32) string {
	return filepath.Join(l.folder, fmt.Sprintf("%08d.log", segment))
}

// begin begins a segment.
func (l *Files) begin(segment uint32) error {
	f, err := os.OpenFile(l.name(segment), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if err := SyncFolder(l.folder); err != nil {
		return errors.Join(err, f.Close())
	}
	if l.writer.file != nil {
		if err := l.writer.file.Close(); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	l.writer.file, l.writer.segment, l.writer.offset = f, segment, 0
	return nil
}

// SyncFolder has a folder's own entries be on disk.
func SyncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open opens the log of a folder. Its writer begins when it was scanned.
func Open(folder string) *Files {
	l := &Files{folder: folder, put: (*os.File).Write, sync: (*os.File).Sync, size: segmentSize, open: map[uint32]*os.File{}}
	l.next = l.newBatch(nil)
	return l
}

// segments returns the numbers of the segments, in order.
func (l *Files) segments() (all []uint32, err error) {
	names, err := os.ReadDir(l.folder)
	if err != nil {
		return nil, err
	}
	for _, d := range names {
		if digits, ok := strings.CutSuffix(d.Name(), ".log"); ok {
			n, err := strconv.ParseUint(digits, 10, 32)
			if err != nil {
				return nil, fmt.Errorf("recordlog: %s is no segment of the log", d.Name())
			}
			all = append(all, uint32(n))
		}
	}
	slices.Sort(all)
	return all, nil
}

// Scan implements [Log]. Of the last segment it cuts off what was not written to its end.
func (l *Files) Scan(f func(at, before Position, record []byte) error) error {
	segments, err := l.segments()
	if err != nil {
		return err
	}
	end := int64(0)
	for i, segment := range segments {
		if end, err = l.scanSegment(segment, i == len(segments)-1, f); err != nil {
			return err
		}
	}
	last := uint32(1)
	if len(segments) > 0 {
		last = segments[len(segments)-1]
		if err := truncate(l.name(last), end); err != nil {
			return err
		}
	}
	if err := l.begin(last); err != nil {
		return err
	}
	l.writer.offset = uint32(end)
	return nil
}

// truncate cuts a file off, if it is longer.
func truncate(name string, end int64) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if info, err := file.Stat(); err != nil || info.Size() == end {
		return errors.Join(err, file.Close())
	}
	return errors.Join(file.Truncate(end), file.Sync(), file.Close())
}

// scanSegment calls f for every record of a segment and returns where they end. Only the last segment may end in a record that is
// not whole; one with others behind it is damaged.
func (l *Files) scanSegment(segment uint32, last bool, f func(at, before Position, record []byte) error) (end int64, err error) {
	data, err := os.ReadFile(l.name(segment))
	if err != nil {
		return 0, err
	}
	for at := 0; at < len(data); {
		record := sound(data[at:])
		if record == nil {
			if !last || follows(data[at+1:]) {
				return 0, fmt.Errorf("recordlog: %s is damaged at byte %d, and there is more behind that", l.name(segment), at)
			}
			return int64(at), nil
		}
		if err := f(Position{segment, uint32(at)}, positionIn(record[8:]), record[HeadSize:]); err != nil {
			return 0, fmt.Errorf("recordlog: %s, byte %d: %w", l.name(segment), at, err)
		}
		at += len(record)
	}
	return int64(len(data)), nil
}

// follows reports whether a whole record is anywhere in b.
func follows(b []byte) bool {
	for at := range b {
		if sound(b[at:]) != nil {
			return true
		}
	}
	return false
}

func (l *Files) Read(at Position) (record []byte, before Position, err error) {
	file, err := l.file(at.Segment)
	if err != nil {
		return nil, before, err
	}
	var size [4]byte
	if _, err := file.ReadAt(size[:], int64(at.Offset)); err != nil {
		return nil, before, err
	}
	b := make([]byte, binary.LittleEndian.Uint32(size[:]))
	if _, err := file.ReadAt(b, int64(at.Offset)); err != nil && !errors.Is(err, io.EOF) {
		return nil, before, err
	}
	if record = sound(b); record == nil {
		return nil, before, fmt.Errorf("recordlog: %s is damaged at byte %d", l.name(at.Segment), at.Offset)
	}
	return record[HeadSize:], positionIn(record[8:]), nil
}

// file returns the file of a segment, to read from.
func (l *Files) file(segment uint32) (*os.File, error) {
	l.reading.Lock()
	defer l.reading.Unlock()
	if f := l.open[segment]; f != nil {
		return f, nil
	}
	f, err := os.Open(l.name(segment))
	if err == nil {
		l.open[segment] = f
	}
	return f, err
}

// Drop implements [Log]. The segment that is written is never dropped.
func (l *Files) Drop(before uint32) error {
	l.dropping.Lock()
	defer l.dropping.Unlock()
	segments, err := l.segments()
	if err != nil {
		return err
	}
	l.reading.Lock()
	defer l.reading.Unlock()
	for _, segment := range segments[:max(0, len(segments)-1)] {
		if segment >= before {
			break
		}
		if f := l.open[segment]; f != nil {
			delete(l.open, segment)
			err = errors.Join(err, f.Close())
		}
		err = errors.Join(err, os.Remove(l.name(segment)))
	}
	return errors.Join(err, SyncFolder(l.folder))
}

// Copy copies what is on disk to another folder while others write. What is written meanwhile may be copied up to any byte, which is as if it
// had been cut off there.
func (l *Files) Copy(to string) error {
	l.dropping.Lock()
	defer l.dropping.Unlock()
	segments, err := l.segments()
	for _, segment := range segments {
		if err == nil {
			err = copyFile(filepath.Join(to, filepath.Base(l.name(segment))), l.name(segment))
		}
	}
	return errors.Join(err, SyncFolder(to))
}

// copyFile copies a file to one that is not there yet.
func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// Close implements [Log].
func (l *Files) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken == nil {
		l.broken = errors.New("recordlog: the engine is closed")
	}
	var faults []error
	if l.writer.file != nil {
		faults = append(faults, l.writer.file.Close())
	}
	l.reading.Lock()
	defer l.reading.Unlock()
	for _, f := range l.open {
		faults = append(faults, f.Close())
	}
	return errors.Join(faults...)
}
