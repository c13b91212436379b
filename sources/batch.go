package sources

import (
	"sync"
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
)

// A batch collects the rows of one chunk, column by column, until they are
// written as one row group of one Parquet file. It is used again for the next
// chunk: its buffers keep their size.
type batch struct {
	table   string
	fields  []Field
	columns []columnBuffer // one a field, in order
	byName  map[string]columnBuffer
	rows    int
	nulls   []int16 // as many zeros as the longest chunk had rows
}

// A columnBuffer is one column of a batch. A column to which nothing was
// appended is null in every row.
type columnBuffer interface {
	reset()
	// asDictionary says whether the column is to be written over a dictionary.
	asDictionary() bool
	write(w file.ColumnChunkWriter, nulls []int16) error
}

// batches keeps the batches of finished sheets by table: their buffers have
// grown to the size of a chunk.
var batches sync.Map // table → *sync.Pool

// takeBatch gives an empty batch for a table of the given columns.
func takeBatch(table string, fields []Field) *batch {
	if pool, ok := batches.Load(table); ok {
		if b, ok := pool.(*sync.Pool).Get().(*batch); ok {
			return b
		}
	}
	b := newBatch(fields)
	b.table = table
	return b
}

// giveBack lets another sheet use the batch.
func (b *batch) giveBack() {
	b.reset()
	pool, _ := batches.LoadOrStore(b.table, &sync.Pool{})
	pool.(*sync.Pool).Put(b)
}

func newBatch(fields []Field) *batch {
	b := &batch{fields: fields, byName: make(map[string]columnBuffer, len(fields))}
	for _, f := range fields {
		var c columnBuffer
		switch f.SQL {
		case "VARCHAR":
			c = &textBuffer{}
		case "BIGINT":
			c = &int64Buffer{}
		case "BOOLEAN":
			c = &boolBuffer{}
		default: // DATE, INTEGER, DECIMAL(9,2)
			c = &int32Buffer{}
		}
		b.columns = append(b.columns, c)
		b.byName[f.Name] = c
	}
	return b
}

func (b *batch) text(name string) *textBuffer  { return b.byName[name].(*textBuffer) }
func (b *batch) long(name string) *int64Buffer { return b.byName[name].(*int64Buffer) }
func (b *batch) int(name string) *int32Buffer  { return b.byName[name].(*int32Buffer) }
func (b *batch) bool(name string) *boolBuffer  { return b.byName[name].(*boolBuffer) }

func (b *batch) reset() {
	b.rows = 0
	for _, c := range b.columns {
		c.reset()
	}
}

// nullLevels is a definition level 0 for each row.
func (b *batch) nullLevels() []int16 {
	for len(b.nulls) < b.rows {
		b.nulls = append(b.nulls, 0)
	}
	return b.nulls[:b.rows]
}

// dictionaryLimit is how many distinct values a column of a chunk may have and
// still be written over a dictionary. Arrow would intern every value once more,
// so the words are numbered here.
const dictionaryLimit = 2000

// A textBuffer is a VARCHAR column. It numbers its distinct values as long as
// they are few; after that it holds them one by one. Its values share the
// memory of the texts they came from.
type textBuffer struct {
	levels []int16 // 1 a value, 0 null
	plain  bool
	values []parquet.ByteArray // plain: the values, without the nulls

	words   []string
	numbers map[string]int32
	indices []int32 // one a row, 0 for nulls
	last    int32   // the number of the value before
}

func (c *textBuffer) null() {
	c.levels = append(c.levels, 0)
	if !c.plain {
		c.indices = append(c.indices, 0)
	}
}

// add appends s.
func (c *textBuffer) add(s string) {
	c.levels = append(c.levels, 1)
	if c.plain {
		c.values = append(c.values, bytesOf(s))
		return
	}
	if len(c.words) > 0 && c.words[c.last] == s {
		c.indices = append(c.indices, c.last)
		return
	}
	n, ok := c.numbers[s]
	if !ok {
		if len(c.words) >= dictionaryLimit {
			c.turnPlain()
			c.values = append(c.values, bytesOf(s))
			return
		}
		n = int32(len(c.words))
		c.words = append(c.words, s)
		if c.numbers == nil {
			c.numbers = make(map[string]int32, 64)
		}
		c.numbers[s] = n
	}
	c.last = n
	c.indices = append(c.indices, n)
}

// again appends the value that add numbered n in this chunk; s is that value.
// It spares the search where the caller has kept the number.
func (c *textBuffer) again(n int32, s string) {
	if c.plain {
		c.add(s)
		return
	}
	c.levels = append(c.levels, 1)
	c.indices = append(c.indices, n)
	c.last = n
}

// repeat appends what was appended before it in this chunk, null too.
func (c *textBuffer) repeat() {
	switch end := len(c.levels) - 1; {
	case c.levels[end] == 0:
		c.null()
	case c.plain:
		c.levels = append(c.levels, 1)
		c.values = append(c.values, c.values[len(c.values)-1])
	default:
		c.levels = append(c.levels, 1)
		c.indices = append(c.indices, c.last)
	}
}

// addOr appends s, or null where it is empty.
func (c *textBuffer) addOr(s string) {
	if s == "" {
		c.null()
		return
	}
	c.add(s)
}

func (c *textBuffer) turnPlain() {
	for i, n := range c.indices {
		if c.levels[i] == 1 {
			c.values = append(c.values, bytesOf(c.words[n]))
		}
	}
	c.plain = true
	c.forgetWords()
}

func (c *textBuffer) forgetWords() {
	clear(c.words)
	c.words = c.words[:0]
	clear(c.numbers)
	c.indices, c.last = c.indices[:0], 0
}

func (c *textBuffer) reset() {
	c.forgetWords()
	clear(c.values)
	c.levels, c.values, c.plain = c.levels[:0], c.values[:0], false
}

func (c *textBuffer) asDictionary() bool { return !c.plain && len(c.words) > 0 }

func (c *textBuffer) write(w file.ColumnChunkWriter, nulls []int16) error {
	column := w.(*file.ByteArrayColumnChunkWriter)
	switch {
	case len(c.levels) == 0:
		_, err := column.WriteBatch(nil, nulls, nil)
		return err
	case !c.asDictionary():
		_, err := column.WriteBatch(c.values, c.levels, nil)
		return err
	}
	dictionary := stringArray(c.words)
	defer dictionary.Release()
	encoder := column.CurrentEncoder().(interface{ PutDictionary(arrow.Array) error })
	if err := encoder.PutDictionary(dictionary); err != nil {
		return err
	}
	indices := indexArray(c.indices, c.levels)
	defer indices.Release()
	return column.WriteDictIndices(indices, c.levels, nil)
}

// bytesOf is the bytes of s without a copy. Nothing writes to them.
func bytesOf(s string) parquet.ByteArray {
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

func stringArray(words []string) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	b.AppendValues(words, nil)
	return b.NewArray()
}

// indexArray is the indices with the nulls that levels has, over their memory.
func indexArray(indices []int32, levels []int16) arrow.Array {
	bits := make([]byte, bitutil.BytesForBits(int64(len(levels))))
	nulls := 0
	for i, level := range levels {
		if level == 0 {
			nulls++
		} else {
			bits[i/8] |= 1 << (i % 8)
		}
	}
	data := array.NewData(arrow.PrimitiveTypes.Int32, len(indices), []*memory.Buffer{
		memory.NewBufferBytes(bits),
		memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(indices)),
	}, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

// An int64Buffer is a BIGINT column.
type int64Buffer struct {
	levels []int16
	values []int64
}

func (c *int64Buffer) null() { c.levels = append(c.levels, 0) }

func (c *int64Buffer) add(v int64) {
	c.levels = append(c.levels, 1)
	c.values = append(c.values, v)
}

func (c *int64Buffer) reset()             { c.levels, c.values = c.levels[:0], c.values[:0] }
func (c *int64Buffer) asDictionary() bool { return false }

func (c *int64Buffer) write(w file.ColumnChunkWriter, nulls []int16) error {
	column := w.(*file.Int64ColumnChunkWriter)
	_, err := column.WriteBatch(c.values, levelsOr(c.levels, nulls), nil)
	return err
}

// An int32Buffer is a column of dates (days since 1970), of hundredths or of
// small integers.
type int32Buffer struct {
	levels []int16
	values []int32
}

func (c *int32Buffer) null() { c.levels = append(c.levels, 0) }

func (c *int32Buffer) add(v int32) {
	c.levels = append(c.levels, 1)
	c.values = append(c.values, v)
}

func (c *int32Buffer) reset()             { c.levels, c.values = c.levels[:0], c.values[:0] }
func (c *int32Buffer) asDictionary() bool { return false }

func (c *int32Buffer) write(w file.ColumnChunkWriter, nulls []int16) error {
	column := w.(*file.Int32ColumnChunkWriter)
	_, err := column.WriteBatch(c.values, levelsOr(c.levels, nulls), nil)
	return err
}

// A boolBuffer is a BOOLEAN column.
type boolBuffer struct {
	levels []int16
	values []bool
}

func (c *boolBuffer) null() { c.levels = append(c.levels, 0) }

func (c *boolBuffer) add(v bool) {
	c.levels = append(c.levels, 1)
	c.values = append(c.values, v)
}

func (c *boolBuffer) reset()             { c.levels, c.values = c.levels[:0], c.values[:0] }
func (c *boolBuffer) asDictionary() bool { return false }

func (c *boolBuffer) write(w file.ColumnChunkWriter, nulls []int16) error {
	column := w.(*file.BooleanColumnChunkWriter)
	_, err := column.WriteBatch(c.values, levelsOr(c.levels, nulls), nil)
	return err
}

func levelsOr(levels, nulls []int16) []int16 {
	if len(levels) == 0 {
		return nulls
	}
	return levels
}
