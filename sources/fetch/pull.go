package fetch

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"
)

// Result is what became of one source.
type Result struct {
	Name, From        string // From: where it lies, as it may be shown
	Pulled, Unchanged int    // files
	Bytes             int64  // that came tonight
	Notes             []string
	// Failed is why tonight's pull failed, in Chinese; "" where all is whole.
	Failed string
	// Files are the receipts of what now lies in the source's folder: tonight's
	// files, or those of the last whole pull where tonight's failed. None where
	// there is no whole copy.
	Files []Receipt
}

// Pull brings the source's folder to what lies at its place. The files change
// only when all of them have come whole: until then they are `.part`. now
// stands in the receipts. The error is ctx's alone; what went wrong with the
// source is in Result.Failed.
func Pull(ctx context.Context, s Source, now time.Time, limits Limits, progress func(bytes int64)) (Result, error) {
	p := &pull{Source: s, Limits: limits, now: now, progress: progress, result: Result{Name: s.Name, From: location(s)}}
	p.before = readLedger(s.Into)
	budget, stop := p.budget(ctx)
	err := p.do(budget)
	stop()
	p.hangUp()
	p.clear()
	if ctx.Err() != nil {
		return p.result, ctx.Err()
	}
	if err != nil {
		if cut := context.Cause(budget); errors.Is(cut, errBudget) {
			err = cut
		}
		p.result.Failed = s.cause(err)
		p.result.Pulled, p.result.Unchanged = 0, 0
		p.result.Files = p.lastWhole()
	}
	return p.result, nil
}

// pull is one source on its way.
type pull struct {
	Source
	Limits
	now      time.Time
	progress func(int64)
	before   ledger
	remote   remote
	came     atomic.Int64
	result   Result
}

// taken is a file that lies beside its place as `.part`.
type taken struct {
	item    Item
	receipt Receipt
}

func (p *pull) do(ctx context.Context) error {
	if err := os.MkdirAll(p.Into, 0o700); err != nil {
		return err
	}
	p.clear()
	var there []Item
	err := p.try(ctx, p.Listing, func(ctx context.Context) (err error) {
		there, err = p.remote.list(ctx)
		return err
	})
	if err != nil {
		return err
	}
	looked := time.Now()
	wanted, err := p.choose(there)
	if err != nil {
		return err
	}
	var news []taken
	var all []Receipt
	for _, w := range wanted {
		if r, ok := p.unchanged(w.Item); ok {
			all = append(all, r)
			p.result.Unchanged++
			continue
		}
		r, err := p.take(ctx, w)
		if err != nil && w.frozen {
			return err // the file is ours: nobody there knows its name
		}
		if err != nil {
			return &fileError{w.Name, err}
		}
		news, all = append(news, taken{w.Item, r}), append(all, r)
	}
	if slices.ContainsFunc(news, func(n taken) bool { return !n.item.frozen }) {
		if err := sleep(ctx, p.Settle-time.Since(looked)); err != nil {
			return err
		}
	}
	for _, n := range news {
		if n.item.frozen {
			continue
		}
		if err := p.lookAgain(ctx, n.item); err != nil {
			return &fileError{n.item.Name, err}
		}
	}
	p.result.Pulled, p.result.Bytes = len(news), p.came.Load()
	p.result.Files = all
	return p.settle(news, all)
}

// try does something with a connection, and again with another where that
// breaks. limit bounds one try; 0 leaves it to what is done.
func (p *pull) try(ctx context.Context, limit time.Duration, do func(context.Context) error) error {
	pause := p.Pause
	for n := 1; ; n++ {
		err := p.once(ctx, limit, do)
		if err == nil {
			return nil
		}
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		p.hangUp()
		if lasting(err) || n >= p.Tries {
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		pause *= 2
	}
}

// once does something once, over the connection that is open or a new one.
func (p *pull) once(ctx context.Context, limit time.Duration, do func(context.Context) error) error {
	if limit > 0 {
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		ctx = limited
	}
	if p.remote == nil {
		type dialled struct {
			remote remote
			err    error
		}
		answer := make(chan dialled, 1)
		go func() {
			dialling, cancel := context.WithTimeout(ctx, p.Stall)
			defer cancel()
			r, err := dial(dialling, p.Source)
			answer <- dialled{r, err}
		}()
		select {
		case d := <-answer:
			if d.err != nil {
				return d.err
			}
			p.remote = d.remote
		case <-ctx.Done():
			go func() {
				if d := <-answer; d.remote != nil {
					d.remote.close()
				}
			}()
			return context.Cause(ctx)
		}
	}
	// Some libraries know no context: closing the connection ends what they do.
	remote := p.remote
	defer context.AfterFunc(ctx, remote.close)()
	err := do(ctx)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func (p *pull) hangUp() {
	if p.remote != nil {
		p.remote.close()
		p.remote = nil
	}
}

// take copies one file beside its place and checks it against what the server
// and the sender say of it.
func (p *pull) take(ctx context.Context, w wanted) (Receipt, error) {
	if w.Size > p.Limits.Bytes {
		return Receipt{}, permanent("有 %d 字节，超过一个文件的上限 %d", w.Size, p.Limits.Bytes)
	}
	f, err := os.OpenFile(p.part(w.Name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return Receipt{}, err
	}
	defer f.Close()
	c := &copying{pull: p, file: f, item: w.Item}
	for _, check := range w.checks {
		c.wantMD5 = c.wantMD5 || check.kind == "md5"
	}
	c.restart()
	if err := p.try(ctx, 0, c.run); err != nil {
		return Receipt{}, err
	}
	sum := hex.EncodeToString(c.sha.Sum(nil))
	r := Receipt{File: w.Name, Bytes: c.n, Modified: w.Time, Tag: w.Tag, SHA256: sum, Pulled: p.now}
	if w.done {
		r.Checked = "ok"
	}
	for _, check := range w.checks {
		got := sum
		if check.kind == "md5" {
			got = hex.EncodeToString(c.md5.Sum(nil))
		}
		want, err := p.said(ctx, check.Item, w.Name, len(got))
		if err != nil {
			return Receipt{}, err
		}
		if want == "" {
			continue
		}
		if want != got {
			return Receipt{}, permanent("与发送方的 %s 不符", check.Name)
		}
		r.Checked = check.kind
	}
	if old, ok := p.before.find(w.Name); ok && r.Modified.IsZero() && old.SHA256 == sum {
		r.Modified = old.Modified // no news: the server names no time, and the bytes are the same
	}
	if r.Modified.IsZero() {
		r.Modified = p.now
	}
	if err := f.Sync(); err != nil {
		return Receipt{}, err
	}
	if err := f.Close(); err != nil {
		return Receipt{}, err
	}
	return r, os.Chtimes(f.Name(), r.Modified, r.Modified)
}

// copying is one file on its way, over as many connections as it takes.
type copying struct {
	pull     *pull
	file     *os.File
	item     Item
	n        int64 // bytes in file
	sha, md5 hash.Hash
	wantMD5  bool // it costs more than all the rest
}

// restart forgets what came so far.
func (c *copying) restart() { c.n, c.sha, c.md5 = 0, sha256.New(), md5.New() }

// run reads on from where the last connection broke.
func (c *copying) run(ctx context.Context) error {
	p := c.pull
	if c.n > 0 {
		// The rest of another file must not follow the beginning of this one.
		if err := p.lookOnce(ctx, c.item); err != nil {
			return err
		}
	}
	from := c.n
	if c.item.Tag == "" && c.item.Time.IsZero() {
		from = 0 // nothing would tell whether it is still the same file
	}
	opening, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	late := time.AfterFunc(p.Stall, func() { cancel(errStall) })
	stopped := context.AfterFunc(opening, p.remote.close)
	defer stopped()
	body, at, err := p.remote.open(opening, c.item, from)
	if !late.Stop() && err == nil {
		err = errStall
	}
	if err != nil {
		if opening.Err() != nil {
			return context.Cause(opening)
		}
		return err
	}
	defer body.Close()
	if at != c.n {
		if at != 0 {
			return permanent("服务器从第 %d 字节续传，要的是第 %d 字节", at, c.n)
		}
		c.restart()
		if err := c.file.Truncate(0); err != nil {
			return err
		}
		if _, err := c.file.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	// Under StallBytes in Stall is a broken connection, even while single bytes come.
	var window atomic.Int64
	var watch *time.Timer
	watch = time.AfterFunc(p.Stall, func() {
		if window.Swap(0) < StallBytes {
			cancel(errStall)
			body.Close()
			return
		}
		watch.Reset(p.Stall)
	})
	defer watch.Stop()
	buffer := make([]byte, 256<<10)
	for {
		n, err := body.Read(buffer)
		if n > 0 {
			window.Add(int64(n))
			if _, werr := c.file.Write(buffer[:n]); werr != nil {
				return werr
			}
			c.sha.Write(buffer[:n])
			if c.wantMD5 {
				c.md5.Write(buffer[:n])
			}
			c.n += int64(n)
			p.came.Add(int64(n))
			if p.progress != nil {
				p.progress(int64(n))
			}
			if c.n > p.Limits.Bytes {
				return permanent("超过一个文件的上限 %d 字节", p.Limits.Bytes)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			if cause := context.Cause(opening); cause != nil {
				return cause
			}
			return err
		}
	}
	if c.item.Size >= 0 && c.n < c.item.Size {
		return io.ErrUnexpectedEOF
	}
	if c.item.Size >= 0 && c.n > c.item.Size {
		return permanent(changedWords)
	}
	return nil
}

const changedWords = "读取时文件在变化（大小或时间前后不一），请等发送方写完"

// lookAgain wants the item to be as it was.
func (p *pull) lookAgain(ctx context.Context, item Item) error {
	return p.try(ctx, p.Stall, func(ctx context.Context) error { return p.lookOnce(ctx, item) })
}

func (p *pull) lookOnce(ctx context.Context, item Item) error {
	now, err := p.remote.look(ctx, item)
	if err != nil {
		return err
	}
	if !now.same(item) {
		return permanent(changedWords)
	}
	return nil
}

// settle puts all files that came under their names, takes away those that the
// sender no longer has, and replaces the receipts. What somebody else laid into
// the folder stays.
func (p *pull) settle(news []taken, all []Receipt) error {
	now := ledger{From: p.asked(), Files: all}
	if err := now.lay(p.Source); err != nil {
		return err
	}
	for _, n := range news {
		if err := os.Rename(p.part(n.receipt.File), filepath.Join(p.Into, n.receipt.File)); err != nil {
			return err
		}
	}
	for _, old := range p.before.Files {
		if _, still := now.find(old.File); !still {
			if err := os.Remove(filepath.Join(p.Into, old.File)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
	}
	if err := syncFolder(p.Into); err != nil {
		return err
	}
	return now.replace(p.Source)
}

func (p *pull) part(name string) string { return filepath.Join(p.Into, name+".part") }

// clear takes away what a pull that ended early left.
func (p *pull) clear() {
	entries, _ := os.ReadDir(p.Into)
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".part" {
			os.Remove(filepath.Join(p.Into, e.Name()))
		}
	}
}

// budget ends the source after its time: that of the limits, and a second for
// every MiB that came, so that a big file on a slow line comes and a trickle
// does not.
func (p *pull) budget(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	began := time.Now()
	var timer *time.Timer
	timer = time.AfterFunc(p.Budget, func() {
		left := p.Budget + time.Duration(p.came.Load()>>20)*time.Second - time.Since(began)
		if left <= 0 {
			cancel(errBudget)
			return
		}
		timer.Reset(left)
	})
	return ctx, func() { timer.Stop(); cancel(nil) }
}

// sleep waits, or returns why it must not.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(max(d, 0)):
		return nil
	}
}
