package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"doudi/pipeline/workspace"
	"doudi/sources"
	"doudi/sources/fetch"
)

// fetchAtOnce is how many sources are pulled side by side.
const fetchAtOnce = 4

// Fetched is what became of one source that was pulled.
type Fetched struct {
	fetch.Result
	Roll  string
	entry int
}

// Fetch pulls what doudi.yaml names and stops.
func Fetch(ctx context.Context, n Night) ([]Fetched, error) {
	r, err := enter(ctx, n)
	if err != nil {
		return nil, err
	}
	defer r.end()
	err = r.fetch(ctx)
	return r.fetched, err
}

// fetch pulls every source that lies on a server. What cannot be pulled is no
// error here: the last whole copy may serve.
func (r *run) fetch(ctx context.Context) error {
	pulls, err := r.workspace.Pulls()
	if err != nil {
		return err
	}
	r.fetched = make([]Fetched, len(pulls))
	var came atomic.Int64
	return parallel(fetchAtOnce, len(pulls), func(i int) error {
		p := pulls[i]
		result, err := fetch.Pull(ctx, fetchSource(p, r.workspace.Zone), r.Now, fetch.DefaultLimits, func(bytes int64) {
			if n := came.Add(bytes); n>>20 != (n-bytes)>>20 {
				r.progress("fetch", n, 0)
			}
		})
		r.fetched[i] = Fetched{Result: result, Roll: p.Roll, entry: p.Entry}
		if err != nil {
			return err
		}
		if result.Failed != "" {
			r.Log.Warn("fetch", "source", p.Name, "from", result.From, "failed", result.Failed)
		} else {
			r.Log.Info("fetch", "source", p.Name, "from", result.From, "files", result.Pulled, "unchanged", result.Unchanged, "bytes", result.Bytes)
		}
		return nil
	})
}

func fetchSource(p workspace.Pull, zone *time.Location) fetch.Source {
	return fetch.Source{
		Name: p.Name, URL: p.URL, Pick: p.Pick, Password: p.Password, Key: p.Key, KnownHosts: p.KnownHosts,
		Endpoint: p.Endpoint, Into: p.Into, Date: p.Date, Secrets: p.Secrets,
		Query: p.Query, Table: p.Table, Zone: zone,
		IsID: func(column string) bool { return sources.IsID(p.Roll, p.Columns, column) },
	}
}

// pulledSums are the hashes of the files that the last whole pull of each source
// brought, by name: a kill between two renames leaves a folder of two states.
func (r *run) pulledSums() map[string]string {
	sums := map[string]string{}
	for _, s := range r.workspace.Sources {
		if s.IsPulled() {
			for _, got := range fetch.Receipts(filepath.Join(r.workspace.Dir, s.Place())) {
				sums[s.Published(got.File)] = got.SHA256
			}
		}
	}
	return sums
}

// tellFetched says of the files whose pull failed that they are those of an
// earlier one, or refuses them where that is no whole copy or an old one.
func (r *run) tellFetched() {
	for _, f := range r.fetched {
		for _, note := range f.Notes {
			r.summary.Notes = append(r.summary.Notes, f.Name+"："+note)
		}
		if f.Failed == "" {
			continue
		}
		s := r.workspace.Sources[f.entry]
		refused := ""
		if len(f.Files) == 0 {
			refused = "今晚取数失败（" + f.Failed + "），也没有上次的完整副本"
		} else if age := r.age(f.entry); s.FreshDays != nil && age > *s.FreshDays {
			refused = fmt.Sprintf("今晚取数失败（%s），上次的副本已 %d 天，超过 %d 天", f.Failed, age, *s.FreshDays)
		}
		if refused != "" {
			r.listing.Files = slices.DeleteFunc(r.listing.Files, func(file workspace.File) bool { return file.Entry == f.entry })
			r.listing.Files = append(r.listing.Files, workspace.File{Roll: s.Roll, Name: s.Label(), Entry: f.entry, Refused: refused})
			r.listing.Found[f.entry] = 1
			continue
		}
		r.summary.Notes = append(r.summary.Notes, f.Name+"：今晚取数失败（"+f.Failed+"），用的是上次取回的完整副本")
		for i := range r.listing.Files {
			if file := &r.listing.Files[i]; file.Entry == f.entry {
				file.Note = "今晚取数失败，用的是上次取回的完整副本" + r.pulledOn(f, file.Name)
			}
		}
	}
	slices.SortStableFunc(r.listing.Files, func(a, b workspace.File) int { return strings.Compare(a.Name, b.Name) })
}

// age is how many days old the newest file of an entry is.
func (r *run) age(entry int) int {
	var latest time.Time
	for _, f := range r.listing.Files {
		if f.Entry == entry && f.AsOf.After(latest) {
			latest = f.AsOf
		}
	}
	return max(int(r.Date.Sub(latest).Hours()/24), 0)
}

// pulledOn says on which day a file came.
func (r *run) pulledOn(f Fetched, name string) string {
	for _, got := range f.Files {
		if r.workspace.Sources[f.entry].Published(got.File) == name {
			return "（取于 " + got.Pulled.In(r.workspace.Zone).Format(time.DateOnly) + "）"
		}
	}
	return ""
}

// fileNote is what the dataset sources says of a file beside how it was read.
func (r *run) fileNote(f workspace.File) string {
	return strings.Join(slices.DeleteFunc([]string{f.Note, r.lateNote(f)}, func(s string) bool { return s == "" }), "；")
}
