package sources

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"doudi/sources/decode"
)

// chunkResult is what became of one chunk: its part of the Parquet and its share
// of the receipt.
type chunkResult struct {
	physical, accepted, rejected, other, parts int64

	records, rejects []string // file names, none or one each
	spans            []span   // one more than totals
	totals           []totalRow
	words            map[[2]string]wordUse
	coded            map[string]int64
	places           map[string]bool
	privateUse       int64
	twice            string
	otherTable       int64 // row of another table's header, 0 for none
}

// readChunks reads the sheet from row from on, chunks in parallel. The results
// are in the order of the chunks, and hold the same whatever the number of
// goroutines.
func (r *memberReader) readChunks(ctx context.Context, book *decode.Book, sheet int, reading *reading, from int64) ([]*chunkResult, error) {
	type job struct {
		at, part int
		chunk    *decode.Chunk
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		jobs    = make(chan job)
		workers sync.WaitGroup
		mu      sync.Mutex
		results []*chunkResult
		firstAt int
		first   error // of the earliest chunk that failed
	)
	fail := func(at int, err error) {
		mu.Lock()
		defer mu.Unlock()
		// Once one has failed the others are only told to stop.
		if first == nil || at < firstAt && !errors.Is(err, context.Canceled) {
			firstAt, first = at, err
		}
		cancel()
	}
	for range max(1, r.set.Workers) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			var f *filler
			defer func() {
				if f != nil {
					f.done()
				}
			}()
			for j := range jobs {
				if f == nil {
					f = newFiller(reading)
				}
				result, err := r.readChunk(ctx, f, j.chunk, j.part)
				if err != nil {
					fail(j.at, err)
					continue
				}
				mu.Lock()
				results[j.at] = result
				mu.Unlock()
			}
		}()
	}
	at := 0
	for chunk, err := range book.Chunks(ctx, sheet, from, len(reading.header.Names)) {
		if err != nil {
			fail(at, err)
			break
		}
		mu.Lock()
		results = append(results, nil)
		mu.Unlock()
		select {
		case jobs <- job{at, r.nextPart(), chunk}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		at++
	}
	close(jobs)
	workers.Wait()
	if first != nil {
		return nil, first
	}
	return results, ctx.Err()
}

// readChunk reads one chunk with the goroutine's own filler.
func (r *memberReader) readChunk(ctx context.Context, f *filler, chunk *decode.Chunk, part int) (*chunkResult, error) {
	f.forget()
	result := &chunkResult{}
	open := span{} // since the last total
	for rec := range chunk.Records() {
		if result.physical++; result.physical%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		kind, reason, level := f.r.rows.kind(rec)
		switch kind {
		case rowAccepted:
			result.accepted++
			open.rows++
			f.accept(rec)
		case rowRejected:
			result.rejected++
			open.rejected++
			f.reject(rec, "", reason, cellsOf(rec))
		case rowOtherTable:
			result.otherTable = rec.Row
			return result, nil
		case rowTotal:
			result.other++
			result.totals = append(result.totals, f.r.totalOf(rec, level))
			result.spans = append(result.spans, f.close(&open))
		default:
			result.other++
		}
		if f.twice != "" {
			result.twice = f.twice
			return result, nil
		}
	}
	result.spans = append(result.spans, f.close(&open))
	result.words, result.coded, result.places = f.words, f.coded(), f.places
	result.privateUse = f.privateUse
	return result, r.writeParts(f, result, part)
}

// close ends a span of rows before a total.
func (f *filler) close(open *span) span {
	s := *open
	s.sums = f.sums
	f.sums = make([]int64, len(f.r.summed))
	*open = span{}
	return s
}

// writeParts lays the chunk's rows and rejects down, where it has any.
func (r *memberReader) writeParts(f *filler, result *chunkResult, part int) error {
	result.parts = int64(f.batch.rows)
	for _, one := range []struct {
		batch *batch
		what  string
		to    *[]string
	}{{f.batch, "records", &result.records}, {f.notes, "rejects", &result.rejects}} {
		if one.batch.rows == 0 {
			continue
		}
		name := fmt.Sprintf("%s-%03d-%05d.parquet", one.what, r.no, part)
		r.wrote(name)
		if err := one.batch.write(filepath.Join(r.into, name)); err != nil {
			return err
		}
		*one.to = append(*one.to, name)
	}
	return nil
}

// wrote remembers a file, to take it back if the member turns out unreadable.
func (r *memberReader) wrote(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.files = append(r.files, name)
}
