package sources

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/schema"
	"github.com/klauspost/compress/zstd"
)

// pooledZstd is arrow's zstd codec over pools: arrow itself makes an encoder a
// page, which is most of the garbage of a run.
type pooledZstd struct{ compress.Codec }

var (
	encoders = sync.Pool{New: func() any {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1),
			zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithZeroFrames(true), zstd.WithWindowSize(1<<20))
		if err != nil {
			panic(err) // the options are constants
		}
		return e
	}}
)

func (z pooledZstd) Encode(dst, src []byte) []byte {
	e := encoders.Get().(*zstd.Encoder)
	defer encoders.Put(e)
	return e.EncodeAll(src, dst[:0])
}

func (z pooledZstd) EncodeLevel(dst, src []byte, _ int) []byte { return z.Encode(dst, src) }

func init() {
	zstdOfArrow, err := compress.GetCodec(compress.Codecs.Zstd)
	if err != nil {
		panic(err) // arrow registers it before any of ours runs
	}
	compress.RegisterCodec(compress.Codecs.Zstd, pooledZstd{zstdOfArrow})
}

// write lays the batch down as one Parquet file with one row group: zstd, no
// statistics, a dictionary only where the values are few. Which columns have
// one depends on the rows alone, so the same rows give the same bytes.
func (b *batch) write(path string) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("raw parquet: create part: %w", err)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = fmt.Errorf("raw parquet: %w", err)
		}
	}()
	buffered := bufio.NewWriterSize(f, 1<<18)
	if err := b.encode(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

// encode writes the batch as Parquet to w. What arrow panics with is an error:
// one of writing, since the columns are ours.
func (b *batch) encode(w io.Writer) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("encode columns: %v", r)
		}
	}()
	options := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithStats(false),
		parquet.WithDictionaryDefault(false),
		// Small pages keep arrow's buffers small and in the cache: page limits are
		// looked at once a batch.
		parquet.WithBatchSize(1 << 12),
		parquet.WithDataPageSize(96 << 10),
		parquet.WithCreatedBy("doudi"),
		// The batch's own limit keeps dictionaries small: never fall back halfway.
		parquet.WithDictionaryPageSizeLimit(1 << 30),
	}
	for i, f := range b.fields {
		if b.columns[i].asDictionary() {
			options = append(options, parquet.WithDictionaryFor(f.Name, true))
		}
	}
	root, err := schemaOf(b.fields)
	if err != nil {
		return err
	}
	// Closing the file is the caller's: hide it from the writer.
	writer := file.NewParquetWriter(struct{ io.Writer }{w}, root,
		file.WithWriterProps(parquet.NewWriterProperties(options...)))
	group := writer.AppendRowGroup()
	nulls := b.nullLevels()
	for i, c := range b.columns {
		column, err := group.NextColumn()
		if err != nil {
			return err
		}
		if err := c.write(column, nulls); err != nil {
			return fmt.Errorf("column %s: %w", b.fields[i].Name, err)
		}
	}
	if err := group.Close(); err != nil {
		return err
	}
	return writer.FlushWithFooter()
}

// schemaOf is the Parquet schema of fields: every column may be null.
func schemaOf(fields []Field) (*schema.GroupNode, error) {
	nodes := make(schema.FieldList, 0, len(fields))
	for _, f := range fields {
		node, err := nodeOf(f)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, node)
	}
	return schema.NewGroupNode("schema", parquet.Repetitions.Required, nodes, -1)
}

func nodeOf(f Field) (schema.Node, error) {
	var logical schema.LogicalType = schema.NoLogicalType{}
	var physical parquet.Type
	switch f.SQL {
	case "VARCHAR":
		logical, physical = schema.StringLogicalType{}, parquet.Types.ByteArray
	case "BIGINT":
		physical = parquet.Types.Int64
	case "INTEGER":
		physical = parquet.Types.Int32
	case "BOOLEAN":
		physical = parquet.Types.Boolean
	case "DATE":
		logical, physical = schema.DateLogicalType{}, parquet.Types.Int32
	case "DECIMAL(9,2)":
		logical, physical = schema.NewDecimalLogicalType(9, 2), parquet.Types.Int32
	default:
		return nil, fmt.Errorf("column %s: no Parquet type for %s", f.Name, f.SQL)
	}
	return schema.NewPrimitiveNodeLogical(f.Name, parquet.Repetitions.Optional, logical, physical, 0, -1)
}
