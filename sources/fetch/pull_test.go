package fetch

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// quick are limits that a test can wait for.
var quick = Limits{
	Tries: 3, Pause: time.Millisecond, Stall: time.Second, Budget: 6 * time.Second, Settle: 20 * time.Millisecond,
	Bytes: 8 << 20, Files: 50, Listing: time.Second,
}

var tonight = time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)

// sourceAt is a source at an address, into a new folder.
func sourceAt(t *testing.T, address string) Source {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return Source{Name: "dibao", URL: u, Into: filepath.Join(t.TempDir(), "pulled", "dibao")}
}

// pulled pulls a source that must come whole.
func pulled(t *testing.T, s Source) Result {
	t.Helper()
	r := tried(t, s)
	if r.Failed != "" {
		t.Fatalf("failed: %s", r.Failed)
	}
	return r
}

func tried(t *testing.T, s Source) Result {
	t.Helper()
	r, err := Pull(context.Background(), s, tonight, quick, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fails wants the pull to fail for a cause, and no `.part` to be left.
func fails(t *testing.T, s Source, cause string) Result {
	t.Helper()
	r := tried(t, s)
	if !strings.Contains(r.Failed, cause) || r.Failed == "" {
		t.Errorf("failed because %q, want %q", r.Failed, cause)
	}
	for _, name := range here(t, s) {
		if strings.HasSuffix(name, ".part") {
			t.Errorf("%s is left", name)
		}
	}
	return r
}

// here are the files in the source's folder.
func here(t *testing.T, s Source) []string {
	t.Helper()
	entries, err := os.ReadDir(s.Into)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func wantHere(t *testing.T, s Source, names ...string) {
	t.Helper()
	if got := here(t, s); !slices.Equal(got, names) {
		t.Errorf("there are %q, want %q", got, names)
	}
}

func wantText(t *testing.T, s Source, name, text string) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(s.Into, name))
	if err != nil || string(got) != text {
		t.Errorf("%s holds %d bytes (%v), want %d", name, len(got), err, len(text))
	}
}

// lay writes files of a sender, all of one time.
func lay(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 11, 18, 1, 2, 3, 0, time.UTC)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func shaOf(text string) string { s := sha256.Sum256([]byte(text)); return hex.EncodeToString(s[:]) }
func md5Of(text string) string { s := md5.Sum([]byte(text)); return hex.EncodeToString(s[:]) }

func TestShare(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{
		"人员查询.csv": "a", "人员查询2.csv": "b", "家庭.csv": "c", ".hidden": "", "~$人员查询.csv": "", "x.csv.part": "", "old/人员查询3.csv": "d",
	})
	s := sourceAt(t, "file://"+dir)
	s.Pick = "人员*.csv"
	r := pulled(t, s)
	wantHere(t, s, "人员查询.csv", "人员查询2.csv")
	if r.Pulled != 2 || r.Bytes != 2 || len(r.Files) != 2 || len(r.Notes) != 2 {
		t.Errorf("%+v", r)
	}
	info, err := os.Stat(filepath.Join(s.Into, "人员查询.csv"))
	if err != nil || info.Mode().Perm() != 0o600 || !info.ModTime().Equal(time.Date(2026, 11, 18, 1, 2, 3, 0, time.UTC)) {
		t.Errorf("%v %v %v", info.Mode(), info.ModTime(), err)
	}
	if r := pulled(t, s); r.Pulled != 0 || r.Unchanged != 2 || r.Bytes != 0 {
		t.Errorf("the same again: %+v", r)
	}
	// What was damaged here comes again; what the sender took away goes; what
	// somebody laid here stays.
	os.WriteFile(filepath.Join(s.Into, "人员查询.csv"), []byte("x"), 0o600)
	os.WriteFile(filepath.Join(s.Into, "by hand.csv"), []byte("x"), 0o600)
	os.Remove(filepath.Join(dir, "人员查询2.csv"))
	if r := pulled(t, s); r.Pulled != 1 {
		t.Errorf("%+v", r)
	}
	wantHere(t, s, "by hand.csv", "人员查询.csv")
	wantText(t, s, "人员查询.csv", "a")
}

func TestOneFileOfAShare(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"a.csv": "a", "b.csv": "b", "a.csv.sha256": shaOf("a") + "  a.csv\n"})
	s := sourceAt(t, "file://"+dir+"/a.csv")
	if r := pulled(t, s); r.Files[0].Checked != "sha256" {
		t.Errorf("%+v", r.Files)
	}
	wantHere(t, s, "a.csv")
}

func TestLastWholeCopy(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"a.csv": "a", "b.csv": "b"})
	s := sourceAt(t, "file://"+dir)
	first := pulled(t, s)
	lay(t, dir, map[string]string{"a.csv": "a new", "b.csv": "b new", "b.csv.md5": md5Of("something else")})
	r := fails(t, s, "b.csv：与发送方的 b.csv.md5 不符")
	if fmt.Sprint(r.Files) != fmt.Sprint(first.Files) {
		t.Errorf("the last whole copy is %+v", r.Files)
	}
	wantText(t, s, "a.csv", "a") // not half of tonight's
	os.WriteFile(filepath.Join(s.Into, "a.csv"), []byte("damaged"), 0o600)
	if r := fails(t, s, "不符"); r.Files != nil {
		t.Error("a damaged copy is no whole one")
	}
	other := s
	other.Pick = "*.csv"
	if r := fails(t, other, "不符"); r.Files != nil {
		t.Error("the answer to another question is no copy")
	}
}

func TestWhatTheSenderSays(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		cause string
	}{
		{"sha256", map[string]string{"a.csv": "a", "a.csv.sha256": strings.ToUpper(shaOf("a"))}, ""},
		{"by the stem", map[string]string{"a.csv": "a", "a.md5": md5Of("a") + " *a.csv\r\n"}, ""},
		{"the line of the name", map[string]string{"a.csv": "a", "a.csv.sha256": shaOf("b") + "  b.csv\n" + shaOf("a") + "  a.csv\n"}, ""},
		{"another sha256", map[string]string{"a.csv": "a", "a.csv.sha256": shaOf("b")}, "不符"},
		{"no sum", map[string]string{"a.csv": "a", "a.csv.md5": "later"}, "没有校验值"},
		{"one of two finished", map[string]string{"a.csv": "a", "a.csv.ok": "", "b.csv": "b"}, "b.csv 还没有 .ok"},
		{"both finished", map[string]string{"a.csv": "a", "a.csv.ok": "", "b.csv": "b", "b.ok": ""}, ""},
		{"nothing", map[string]string{"a.csv.ok": ""}, "没有文件"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			lay(t, dir, c.files)
			s := sourceAt(t, "file://"+dir)
			if c.cause == "" {
				pulled(t, s)
			} else if r := fails(t, s, c.cause); r.Files != nil {
				t.Errorf("kept %+v", r.Files)
			}
		})
	}
}

func TestNamesFromOutside(t *testing.T) {
	for name, cause := range map[string]string{
		"a\nb.csv": "控制字符", `..\a.csv`: "不是一个文件名", strings.Repeat("长", 80) + ".csv": "超过 200 字节", "\xff.csv": "不是 UTF-8",
	} {
		dir := t.TempDir()
		lay(t, dir, map[string]string{name: "a", "sound.csv": "b"})
		s := sourceAt(t, "file://"+dir)
		fails(t, s, cause)
		wantHere(t, s)
		s.Pick = "sound*"
		pulled(t, s)
	}
}

func TestLinksAndPipesOfAShare(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"a.csv": "a"})
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "b.csv")); err != nil {
		t.Fatal(err)
	}
	fails(t, sourceAt(t, "file://"+dir), "b.csv 是一个指向别处的链接")
	fails(t, sourceAt(t, "file:///dev/zero"), "是管道或设备")
	fails(t, sourceAt(t, "file://"+dir+"/none"), "没有这个文件或文件夹")
}

func TestNewestAlone(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"20261001.csv": "a", "20261101.csv": "b"})
	s := sourceAt(t, "file://"+dir)
	s.Date = func(name string, _ time.Time) time.Time {
		d, _ := time.Parse("20060102", strings.TrimSuffix(name, ".csv"))
		return d
	}
	pulled(t, s)
	wantHere(t, s, "20261101.csv")
}

func TestGrowsWhileRead(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"a.csv": "a"})
	s := sourceAt(t, "file://"+dir)
	limits := quick
	limits.Settle = 300 * time.Millisecond
	time.AfterFunc(100*time.Millisecond, func() {
		f, _ := os.OpenFile(filepath.Join(dir, "a.csv"), os.O_APPEND|os.O_WRONLY, 0)
		f.WriteString("b")
		f.Close()
	})
	r, err := Pull(context.Background(), s, tonight, limits, nil)
	if err != nil || !strings.Contains(r.Failed, "a.csv：读取时文件在变化") {
		t.Errorf("%v %q", err, r.Failed)
	}
	wantHere(t, s)
}

func TestTooMuch(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"a.csv": strings.Repeat("a", 100), "b.csv": "b"})
	s := sourceAt(t, "file://"+dir)
	small := quick
	small.Bytes = 99
	if r, _ := Pull(context.Background(), s, tonight, small, nil); !strings.Contains(r.Failed, "a.csv：有 100 字节，超过") {
		t.Error(r.Failed)
	}
	few := quick
	few.Files = 1
	if r, _ := Pull(context.Background(), s, tonight, few, nil); !strings.Contains(r.Failed, "有 2 个，超过上限 1") {
		t.Error(r.Failed)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	dir := t.TempDir()
	lay(t, dir, map[string]string{"a.csv": "a"})
	if _, err := Pull(ctx, sourceAt(t, "file://"+dir), tonight, quick, nil); err == nil {
		t.Error("an interrupted pull says nothing")
	}
}
