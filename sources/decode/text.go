package decode

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
)

// textContent is a file of separated text.
type textContent struct {
	path     string
	encoding string
	grammar  grammar
	size     int // of a chunk
}

// openText looks for the separator of a text file.
func openText(m Member) (*textContent, error) {
	t := &textContent{path: m.Path, encoding: m.Encoding, size: chunkSize}
	t.grammar = grammar{quotes: true, gb: m.Encoding == gb18030e}
	f, err := os.Open(t.path)
	if err != nil {
		return nil, fmt.Errorf("%s: open: %w", m.Name, err)
	}
	defer f.Close()
	sample := make([]byte, 64<<10)
	n, err := io.ReadFull(textReader(f, t.encoding), sample)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return nil, fmt.Errorf("%s: read: %w", m.Name, err)
	}
	t.grammar.sep = separatorOf(sample[:n])
	return t, nil
}

func (t *textContent) head(sheet, n int) ([]Record, []Range, error) {
	var count int64
	head, err := firstRecords(t.chunks(context.Background(), sheet, 1, 0, &count), n)
	return head, nil, err
}

func (t *textContent) chunks(ctx context.Context, _ int, from int64, width int, count *int64) iter.Seq2[*Chunk, error] {
	g := t.grammar
	g.width = width
	return pieces(ctx, t.path, t.encoding, g, t.size, from, count, func(p piece) iter.Seq[*Record] {
		return splitPiece(p, g)
	})
}

// pieces cuts a text file from line from on and makes each piece a chunk.
func pieces(ctx context.Context, path, encoding string, g grammar, size int, from int64, count *int64,
	records func(piece) iter.Seq[*Record]) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(nil, fmt.Errorf("open text: %w", err))
			return
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			yield(nil, fmt.Errorf("open text: %w", err))
			return
		}
		// A unit of UTF-16 is at most three bytes of UTF-8.
		c := cutter{in: textReader(f, encoding), grammar: g, size: size, total: 2 * info.Size(), row: 1}
		if err := c.skip(from); err != nil {
			yield(nil, fmt.Errorf("read text: %w", err))
			return
		}
		for {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			p, ok, err := c.next()
			if err != nil {
				yield(nil, fmt.Errorf("read text: %w", err))
				return
			}
			if !ok {
				return
			}
			*count += p.records
			if !yield(&Chunk{records: records(p)}, nil) {
				return
			}
		}
	}
}
