package workspace

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// File is a file that a source names.
type File struct {
	Roll     string
	Name     string // as published: relative to the workspace, with slashes
	Path     string // on disk
	Bytes    int64
	AsOf     time.Time
	Columns  map[string]string
	Entry    int    // which entry of Sources it came by
	Password string // opens it, where it is a workbook that asks for one
	Database bool   // a query's result, as fetch laid it down
	Memo     string // on disk: of a DBF, the file of its memos beside it; "" for none
	MemoName string // as Name
	Refused  string // why it is not read, in Chinese; "" where it is
	Note     string // what is to be said of it although it is read
}

// Listing is what lies where the sources say.
type Listing struct {
	Files []File   // by name; a file that two entries name stands once
	Found []int    // how many files each of Sources has
	Notes []string // what was passed over, in Chinese
}

// List finds the files of every source, in an order that does not depend on
// how they were laid down.
func (w *Workspace) List() (Listing, error) {
	var l Listing
	for i, s := range w.Sources {
		files, err := w.find(s, &l)
		if err != nil {
			return l, err
		}
		password, err := w.workbookPassword(s)
		if err != nil {
			return l, err
		}
		for j := range files {
			files[j].Roll, files[j].Entry, files[j].Columns, files[j].Password = s.Roll, i, s.Columns, password
			if s.isDatabase() && files[j].Name == s.Place()+"/"+s.rows() {
				files[j].Name, files[j].Database = s.Label(), true
			}
			w.date(&files[j], s)
		}
		if s.Newest {
			files = newest(files, &l)
		}
		l.Files = append(l.Files, files...)
		l.Found = append(l.Found, len(files))
	}
	sort.SliceStable(l.Files, func(i, j int) bool { return l.Files[i].Name < l.Files[j].Name })
	l.Files = slices.CompactFunc(l.Files, func(a, b File) bool { return a.Name == b.Name && a.Roll == b.Roll })
	return l, nil
}

// workbookPassword is what `password:` of files in the workspace stands for; of
// what is pulled it is the server's.
func (w *Workspace) workbookPassword(s Source) (string, error) {
	if s.Password == "" || s.IsPulled() {
		return "", nil
	}
	password, err := w.secret(s.Password)
	if err != nil {
		return "", &ConfigError{File: "doudi.yaml", Key: "password", What: err.Error()}
	}
	return password, nil
}

// find lists the files of one source: a file, a folder with its folders, or a
// pattern.
func (w *Workspace) find(s Source, l *Listing) ([]File, error) {
	from, err := filepath.Rel(w.Dir, mustInside(w, s.Place()))
	if err != nil {
		return nil, err
	}
	from = filepath.ToSlash(from)
	var starts []string
	if _, err := w.root.Lstat(from); err == nil {
		starts = []string{from}
	} else if strings.ContainsAny(from, "*?[") {
		if starts, err = fs.Glob(w.root.FS(), from); err != nil {
			return nil, err
		}
	}
	pick := s.Pick
	if s.IsPulled() {
		pick = "" // what was pulled was picked there
	}
	var files []File
	for _, start := range starts {
		if err := w.walk(start, start == from, pick, map[string]bool{}, &files, l); err != nil {
			return nil, err
		}
	}
	return w.withMemos(files), nil
}

// withMemos gives the tables of DBF the files of their memos, which lie beside
// them under the same stem and are no lists of their own.
func (w *Workspace) withMemos(files []File) []File {
	memos := map[string]bool{}
	for i := range files {
		f := &files[i]
		if !strings.EqualFold(path.Ext(f.Name), ".dbf") || f.Refused != "" {
			continue
		}
		for _, ext := range memoNames {
			name := strings.TrimSuffix(f.Name, path.Ext(f.Name)) + ext
			if info, err := w.root.Stat(name); err == nil && info.Mode().IsRegular() && f.Memo == "" {
				f.Memo, f.MemoName = filepath.Join(w.Dir, filepath.FromSlash(name)), name
				memos[name] = true
			}
		}
	}
	return slices.DeleteFunc(files, func(f File) bool { return memos[f.Name] })
}

// memoNames are how the file of memos beside a table may end.
var memoNames = []string{".fpt", ".dbt", ".FPT", ".DBT", ".Fpt", ".Dbt"}

func mustInside(w *Workspace, from string) string {
	p, err := w.inside(from, "")
	if err != nil {
		panic("from was checked when doudi.yaml was read")
	}
	return p
}

// walk adds name, or what lies below it. named says that doudi.yaml names it
// itself. above holds the real folders on the way, against links in a circle.
func (w *Workspace) walk(name string, named bool, pick string, above map[string]bool, files *[]File, l *Listing) error {
	if !named && passedOver(path.Base(name)) {
		l.Notes = append(l.Notes, name+"：隐藏文件或临时文件，未读")
		return nil
	}
	info, err := w.root.Stat(name)
	if err != nil {
		if link, lerr := w.root.Lstat(name); lerr == nil && link.Mode()&fs.ModeSymlink != 0 {
			*files = append(*files, File{Name: name, Refused: "是一个指向工作区之外或不存在之处的链接，请放入文件本身"})
			return nil
		}
		return err
	}
	if info.IsDir() {
		real, err := filepath.EvalSymlinks(filepath.Join(w.Dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if above[real] {
			return nil
		}
		above[real] = true
		defer delete(above, real)
		entries, err := fs.ReadDir(w.root.FS(), name)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := w.walk(path.Join(name, e.Name()), false, pick, above, files, l); err != nil {
				return err
			}
		}
		return nil
	}
	if ok, _ := path.Match(pick, path.Base(name)); pick != "" && !ok {
		return nil
	}
	f := File{Name: name, Path: filepath.Join(w.Dir, filepath.FromSlash(name)), Bytes: info.Size(), AsOf: info.ModTime()}
	if !info.Mode().IsRegular() {
		f.Refused = "是管道或设备，不是文件，请放入文件本身"
	}
	*files = append(*files, f)
	return nil
}

func passedOver(base string) bool {
	return strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~$") || strings.HasSuffix(base, ".part")
}

// date sets the date a file speaks of.
func (w *Workspace) date(f *File, s Source) {
	switch s.AsOf {
	case "", "modified":
		y, m, d := f.AsOf.In(w.Zone).Date()
		f.AsOf = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	case "filename":
		day, ok := dateInName(path.Base(f.Name))
		if !ok {
			day, ok = dateInName(path.Base(path.Dir(f.Name)))
		}
		if !ok && f.Refused == "" {
			f.Refused = "文件名和文件夹名里没有日期（as_of: filename），请在文件名里写上如 20261120，或在 doudi.yaml 里写明 as_of"
		}
		f.AsOf = day
	default:
		f.AsOf, _ = time.Parse(time.DateOnly, s.AsOf)
	}
}

var dateForms = regexp.MustCompile(`(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?|(\d{4})-(\d{2})(?:-(\d{2}))?|(\d{4})(\d{2})(\d{2})?`)

// dateInName reads the last date written in a name; a month is its last day.
// Digits that run on are no date.
func dateInName(name string) (time.Time, bool) {
	var last time.Time
	for at := 0; at < len(name); {
		m := dateForms.FindStringSubmatchIndex(name[at:])
		if m == nil {
			break
		}
		begin, end := at+m[0], at+m[1]
		at = end
		if begin > 0 && isDigit(name[begin-1]) || end < len(name) && isDigit(name[end]) {
			for at < len(name) && isDigit(name[at]) {
				at++
			}
			continue
		}
		var parts []int
		for i := 2; i+1 < len(m); i += 2 {
			if m[i] >= 0 {
				n, _ := strconv.Atoi(name[begin-m[0]+m[i] : begin-m[0]+m[i+1]])
				parts = append(parts, n)
			}
		}
		if day, ok := realDate(parts); ok {
			last = day
		}
	}
	return last, !last.IsZero()
}

func realDate(parts []int) (time.Time, bool) {
	if parts[0] < 1900 || parts[0] > 2200 || parts[1] < 1 || parts[1] > 12 {
		return time.Time{}, false
	}
	if len(parts) == 2 {
		return time.Date(parts[0], time.Month(parts[1])+1, 0, 0, 0, 0, 0, time.UTC), true
	}
	day := time.Date(parts[0], time.Month(parts[1]), parts[2], 0, 0, 0, 0, time.UTC)
	return day, day.Day() == parts[2]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// newest keeps the files with the latest date of the entry.
func newest(files []File, l *Listing) []File {
	var latest time.Time
	for _, f := range files {
		if f.Refused == "" && f.AsOf.After(latest) {
			latest = f.AsOf
		}
	}
	var kept []File
	for _, f := range files {
		if f.Refused == "" && f.AsOf.Before(latest) {
			l.Notes = append(l.Notes, f.Name+"：同一名册有更新的文件，未读")
			continue
		}
		kept = append(kept, f)
	}
	return kept
}

// Exists says whether a path of the workspace is there.
func (w *Workspace) Exists(name string) bool {
	_, err := os.Stat(filepath.Join(w.Dir, name))
	return !errors.Is(err, fs.ErrNotExist)
}
