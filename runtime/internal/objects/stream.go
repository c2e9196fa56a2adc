package objects

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// itemMemory is how much memory the items of a Map may take unless [asl.ItemMemory] says otherwise, in bytes.
const itemMemory = 160 << 20

// gathering is the items of a Map as they are read.
type gathering struct {
	items []value.Value
	most  int64 // how many are wanted; 0 is all
	room  int64 // bytes
}

// errEnough ends the reading of items of which there are as many as are wanted.
var errEnough = errors.New("runtime: there are enough items")

// add takes one more item. It returns errEnough after the last that is wanted.
func (g *gathering) add(item value.Value) error {
	if g.room -= footprint(item); g.room < 0 {
		return ReaderFailed("After %d items there is no more memory for items: MaxItems reads fewer, and the option ItemMemory gives more.", len(g.items))
	}
	g.items = append(g.items, item)
	if g.enough() {
		return errEnough
	}
	return nil
}

func (g *gathering) enough() bool { return g.most > 0 && int64(len(g.items)) >= g.most }

// footprint is about how many bytes of memory a value takes.
func footprint(v value.Value) int64 {
	const scalar, container, element, member = 48, 112, 8, 24
	n := int64(scalar)
	switch v.Kind() {
	case value.ArrayKind:
		n += container
		for _, e := range v.Elements() {
			n += element + footprint(e)
		}
	case value.ObjectKind:
		n += container
		for _, m := range v.Members() { // whose names are mostly those of the other items
			n += member + footprint(m)
		}
	default:
		n += int64(v.Size())
	}
	return n
}

// longestPart is how many bytes an item may be written in, or what stands before the items of a JSON text.
const longestPart = 16 << 20

// parts reads the contents of an object of which only one part at a time is held.
type parts struct {
	ctx  context.Context
	from io.Reader
	left int
}

var errLongPart = fmt.Errorf("there are more than %d bytes without an item", longestPart)

// next is called when a part begins.
func (p *parts) next() { p.left = longestPart }

func newParts(ctx context.Context, contents io.Reader) *parts {
	return &parts{ctx, contents, longestPart}
}

func (p *parts) Read(b []byte) (int, error) {
	if p.ctx.Err() != nil {
		return 0, context.Cause(p.ctx)
	}
	if p.left <= 0 {
		return 0, errLongPart
	}
	n, err := p.from.Read(b[:min(len(b), p.left)])
	p.left -= n
	return n, err
}

// unzip has the contents be those before gzip compressed them, if it did.
func (p *parts) unzip() error {
	buffered := bufio.NewReader(p.from)
	p.from = buffered
	if start, _ := buffered.Peek(2); !bytes.Equal(start, []byte{0x1f, 0x8b}) {
		return nil
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		return err
	}
	p.from = z
	return nil
}
