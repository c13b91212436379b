package workspace

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestDateInName(t *testing.T) {
	for name, want := range map[string]string{
		"人员查询_20261101.csv":      "2026-11-01",
		"人员查询2026-11-01.csv":     "2026-11-01",
		"低保2026年1月5日名册.xlsx":     "2026-01-05",
		"2026年02月.csv":           "2026-02-28",
		"发放_202402.csv":          "2024-02-29",
		"发放_2026-12.csv":         "2026-12-31",
		"202610_20261115.csv":    "2026-11-15",
		"20261115_202610.csv":    "2026-10-31",
		"20261101_20261332.csv":  "2026-11-01", // what is no date does not hide one
		"2026-11-01-2.csv":       "2026-11-01",
		"20260231.csv":           "",
		"202613.csv":             "",
		"人员查询.csv":               "",
		"2026.csv":               "",
		"990101202611010018.csv": "", // digits that run on are a number
		"13900002026110100.csv":  "",
		"批次18990101.csv":         "",
		"a20261101b.v2.tar.gz":   "2026-11-01",
		"2026年11月30日至12月1日.csv":  "2026-11-30",
		"（基础信息）户信息_20261110.csv": "2026-11-10",
	} {
		got, ok := dateInName(name)
		if text := got.Format(time.DateOnly); ok != (want != "") || ok && text != want {
			t.Errorf("%s: %s %v, want %q", name, text, ok, want)
		}
	}
}

// listed lists a workspace; a file stands as name, date, and ! where it is
// refused.
func listed(t *testing.T, w *Workspace) (files, notes []string) {
	t.Helper()
	l, err := w.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range l.Files {
		line := f.Roll + " " + f.Name + " " + f.AsOf.Format(time.DateOnly)
		if f.Refused != "" {
			line = f.Roll + " " + f.Name + " !"
		}
		files = append(files, line)
	}
	return files, l.Notes
}

func wantLines(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestListsFoldersPatternsAndPicks(t *testing.T) {
	w := opened(t, map[string]string{
		"doudi.yaml": `area: "990101"
sources:
  - {roll: register, from: inbox/register, as_of: filename}
  - {roll: register, from: inbox/register/b_20261102.csv, as_of: 2020-01-01}
  - {roll: dibao_persons, from: "inbox/*/低保_*.csv", as_of: filename, newest: true}
  - {roll: vehicles, from: inbox/mixed, as_of: 2026-11-03, pick: "*车*"}
`,
		"inbox/register/b_20261102.csv":             "",
		"inbox/register/2026年10月/towns/a.csv":       "",
		"inbox/register/2026年10月/a.csv":             "",
		"inbox/register/.hidden_20261101.csv":       "",
		"inbox/register/~$b_20261102.csv":           "",
		"inbox/register/c_20261102.csv.part":        "",
		"inbox/register/.git/20261101":              "",
		"inbox/mixed/低保_20261001.csv":               "",
		"inbox/mixed/低保_20261101.csv":               "",
		"inbox/mixed/低保_2026年11月1日.csv":             "",
		"inbox/mixed/机动车.csv":                       "",
		"inbox/mixed/不动产.csv":                       "",
		"inbox/register/2026年10月/~$opened.xlsx":     "",
		"elsewhere/register/not_asked_20261101.csv": "",
	})
	files, notes := listed(t, w)
	wantLines(t, "files", files,
		"dibao_persons inbox/mixed/低保_20261101.csv 2026-11-01",
		"dibao_persons inbox/mixed/低保_2026年11月1日.csv 2026-11-01",
		"vehicles inbox/mixed/机动车.csv 2026-11-03",
		"register inbox/register/2026年10月/a.csv 2026-10-31",
		"register inbox/register/2026年10月/towns/a.csv !",
		"register inbox/register/b_20261102.csv 2026-11-02",
	)
	slices.Sort(notes)
	var about []string
	for _, note := range notes {
		name, _, _ := strings.Cut(note, "：")
		about = append(about, name)
	}
	wantLines(t, "passed over", about,
		"inbox/mixed/低保_20261001.csv",
		"inbox/register/.git",
		"inbox/register/.hidden_20261101.csv",
		"inbox/register/2026年10月/~$opened.xlsx",
		"inbox/register/c_20261102.csv.part",
		"inbox/register/~$b_20261102.csv",
	)
}

func TestModifiedIsADayOfTheZone(t *testing.T) {
	w := opened(t, map[string]string{"doudi.yaml": "area: \"990101\"\n", "inbox/register/a.csv": ""})
	at := time.Date(2026, 11, 19, 16, 30, 0, 0, time.UTC) // past midnight in Shanghai
	if err := os.Chtimes(filepath.Join(w.Dir, "inbox/register/a.csv"), at, at); err != nil {
		t.Fatal(err)
	}
	files, _ := listed(t, w)
	wantLines(t, "files", files, "register inbox/register/a.csv 2026-11-20")
}

func TestLinksPipesAndCirclesAreNamed(t *testing.T) {
	w := opened(t, map[string]string{
		"doudi.yaml": `area: "990101"
sources: [{roll: register, from: inbox/register, as_of: 2026-11-01}]
`,
		"inbox/register/a.csv": "", "inbox/other/b.csv": "",
	})
	outside := t.TempDir()
	for name, to := range map[string]string{
		"out.csv": "/etc/hostname", "outdir": outside, "zero.csv": "/dev/zero", "gone.csv": "nowhere",
		"loop": ".", "in.csv": "../other/b.csv",
	} {
		if err := os.Symlink(to, filepath.Join(w.Dir, "inbox/register", name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(w.Dir, "inbox/register/pipe.csv"), 0o600); err != nil {
		t.Fatal(err)
	}
	files, _ := listed(t, w)
	wantLines(t, "files", files,
		"register inbox/register/a.csv 2026-11-01",
		"register inbox/register/gone.csv !",
		"register inbox/register/in.csv 2026-11-01",
		"register inbox/register/out.csv !",
		"register inbox/register/outdir !",
		"register inbox/register/pipe.csv !",
		"register inbox/register/zero.csv !",
	)
}

// A file of memos belongs to the table beside it; alone it is a file like any
// other.
func TestMemosBelongToTheirTable(t *testing.T) {
	w := opened(t, map[string]string{
		"doudi.yaml":             "area: \"990101\"\nsources:\n  - {roll: register, from: inbox/deaths, as_of: 2026-11-01}\n  - {roll: vehicles, from: inbox/deaths, pick: \"*.DBF\", as_of: 2026-11-01}\n",
		"inbox/deaths/a.DBF":     "t",
		"inbox/deaths/a.fpt":     "m",
		"inbox/deaths/b.fpt":     "m",
		"inbox/deaths/c.dbf":     "t",
		"inbox/deaths/sub/c.dbt": "m",
	})
	l, err := w.List()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range l.Files {
		got = append(got, f.Roll+" "+f.Name+" "+f.MemoName)
	}
	slices.Sort(got)
	wantLines(t, "files", got,
		"register inbox/deaths/a.DBF inbox/deaths/a.fpt", "register inbox/deaths/b.fpt ", "register inbox/deaths/c.dbf ", "register inbox/deaths/sub/c.dbt ",
		"vehicles inbox/deaths/a.DBF inbox/deaths/a.fpt")
}
