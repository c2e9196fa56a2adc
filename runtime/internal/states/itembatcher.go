package states

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// ItemBatcher puts items into batches, each the input of one iteration (R151).
type ItemBatcher struct {
	BatchInput                *query.Template
	MaxItemsPerBatch          int    // 0 is none
	MaxItemsPerBatchPath      string // in a JSONata state the expression for MaxItemsPerBatch
	MaxInputBytesPerBatch     int    // 0 is none
	MaxInputBytesPerBatchPath string // in a JSONata state the expression for MaxInputBytesPerBatch

	itemsPath, bytesPath query.Path
}

func (b *ItemBatcher) prepare() error {
	var faults [3]error
	b.itemsPath, faults[0] = query.ParsePath("ItemBatcher/MaxItemsPerBatchPath", b.MaxItemsPerBatchPath)
	b.bytesPath, faults[1] = query.ParsePath("ItemBatcher/MaxInputBytesPerBatchPath", b.MaxInputBytesPerBatchPath)
	faults[2] = prepareTemplates(b.BatchInput)
	return errors.Join(faults[:]...)
}

// batchLimits are the most items and bytes of a batch.
type batchLimits struct{ items, bytes int }

func (b *ItemBatcher) limits(r *run, effective value.Value) (l batchLimits, err error) {
	if b == nil {
		return l, nil
	}
	if l.items, err = r.positive("MaxItemsPerBatchPath", b.itemsPath, b.MaxItemsPerBatch, math.MaxInt, effective); err != nil {
		return l, err
	}
	l.bytes, err = r.positive("MaxInputBytesPerBatchPath", b.bytesPath, b.MaxInputBytesPerBatch, asl.DataLimit, effective)
	return l, err
}

// batches returns the inputs that hold the items. A batch has no more items and bytes than it may have, but one item at
// least.
func (b *ItemBatcher) batches(r *run, effective value.Value, items []value.Value, most batchLimits) (batches []value.Value, err error) {
	var common value.Value
	if b.BatchInput != nil {
		if common, err = r.template(b.BatchInput, "ItemBatcher/BatchInput", effective); err != nil {
			return nil, err
		}
	}
	form := func(items []value.Value) value.Value {
		return value.Object(value.Field("BatchInput", common), value.Field("Items", value.Array(items...)))
	}
	empty := form(nil).Size()
	for len(items) > 0 {
		n, size := 1, empty+items[0].Size()
		for n < len(items) && n < most.items && size+1+items[n].Size() <= most.bytes {
			size += 1 + items[n].Size()
			n++
		}
		batches = append(batches, form(items[:n:n]))
		items = items[n:]
	}
	return batches, nil
}

// positive reads a limit of a batch: that of the path if there is one, else the literal, else the default; the default is
// also the most it can be.
func (r *run) positive(field string, p query.Path, literal, byDefault int, effective value.Value) (int, error) {
	n := int64(literal)
	if q := p.Query; q != nil {
		var err error
		if n, err = r.evaluateInteger(q, "ItemBatcher/"+strings.TrimSuffix(field, "Path"), 1, math.MaxInt64); err != nil {
			return 0, err
		}
	} else if p.IsSet() {
		var err error
		if n, err = r.integer(field, p, effective); err != nil {
			return 0, err
		}
		if n < 1 {
			return 0, r.fault(p.Field, fmt.Sprintf("The %s field refers to value \"%d\" which is out of range: %s", field, n, p.Path))
		}
	}
	if n == 0 {
		return byDefault, nil
	}
	return int(min(n, int64(byDefault))), nil
}
