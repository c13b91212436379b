package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"doudi/sources/fetch/badline"

	"golang.org/x/crypto/ssh/knownhosts"
)

var quietLog = log.New(io.Discard, "", 0)

// patient are limits for real servers on a busy machine.
var patient = Limits{
	Tries: 3, Pause: time.Millisecond, Stall: 5 * time.Second, Budget: time.Minute, Settle: 10 * time.Millisecond,
	Bytes: 64 << 20, Files: 1000, Listing: 20 * time.Second,
}

func pullWith(t *testing.T, s Source, limits Limits) Result {
	t.Helper()
	r, err := Pull(context.Background(), s, tonight, limits, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// failsWith wants the pull to fail for a cause and to leave nothing half.
func failsWith(t *testing.T, s Source, limits Limits, cause string) {
	t.Helper()
	before := map[string]string{}
	for _, name := range here(t, s) {
		text, _ := os.ReadFile(filepath.Join(s.Into, name))
		before[name] = string(text)
	}
	r := pullWith(t, s, limits)
	if !strings.Contains(r.Failed, cause) || r.Failed == "" {
		t.Errorf("failed because %q, want %q", r.Failed, cause)
	}
	for _, name := range here(t, s) {
		if text, _ := os.ReadFile(filepath.Join(s.Into, name)); before[name] != string(text) {
			t.Errorf("%s is left, or was changed", name)
		}
	}
}

// lastNight lays a copy of a.csv into the source's folder as an earlier pull
// would have.
func lastNight(t *testing.T, s Source, text string) {
	t.Helper()
	if err := os.MkdirAll(s.Into, 0o700); err != nil {
		t.Fatal(err)
	}
	lay(t, s.Into, map[string]string{"a.csv": text})
	l := ledger{From: s.asked(), Files: []Receipt{{File: "a.csv", Bytes: int64(len(text)), Modified: tonight, SHA256: shaOf(text), Pulled: tonight}}}
	if err := errors.Join(l.lay(s), l.replace(s)); err != nil {
		t.Fatal(err)
	}
}

// party is a protocol with its server.
type party struct {
	name   string
	at     string // of the server
	source func(t *testing.T, at, path string) Source
	dir    string // where lay puts what it serves; "" for the bucket
	put    func(t *testing.T, files map[string]string)
}

// parties starts the three servers.
func parties(t *testing.T) []party {
	t.Helper()
	dir := t.TempDir()
	layThere := func(t *testing.T, files map[string]string) { t.Helper(); lay(t, dir, files) }
	sshd := openSSHServed(t)
	web := roots.served(t, http.FileServer(http.Dir(dir)), "127.0.0.1", -1, 24)
	s3, client := motoServed(t)
	return []party{
		{"sftp", sshd.at, func(t *testing.T, at, path string) Source { return sshd.source(t, at, dir+path) }, dir, layThere},
		{"https", strings.TrimPrefix(web, "https://"), func(t *testing.T, at, path string) Source { return sourceAt(t, "https://"+at+path) }, dir, layThere},
		{"s3", s3, s3At, "", func(t *testing.T, files map[string]string) {
			t.Helper()
			for name, text := range files {
				put(t, client, map[string]string{strings.TrimPrefix(name, "/"): text})
			}
		}},
	}
}

// rollOf is a list of some bytes whose every place is another.
func rollOf(lines int) string {
	var b strings.Builder
	for i := range lines {
		fmt.Fprintf(&b, "示范人%d,9901011950%08d,%d\n", i, i*7919, i%613)
	}
	return b.String()
}

// TestPullCutAnywhere breaks connections of each protocol at 200 random bytes
// of either direction, until one to four connections broke, over no copy and over
// last night's: no wrong or partial file is ever accepted, the last copy stays
// until the new one is whole, and the next pull gets it whole.
func TestPullCutAnywhere(t *testing.T) {
	needsParts(t)
	text, old := rollOf(6000), rollOf(10)
	for i, p := range parties(t) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			p.put(t, map[string]string{"a.csv": text})
			random := rand.New(rand.NewPCG(7, uint64(i)))
			var mutex sync.Mutex
			var line *badline.Line
			var breaks, down, up int64 // how many connections are yet to break, and over how many bytes
			line = badLine(t, p.at, func() badline.Fault {
				mutex.Lock()
				defer mutex.Unlock()
				if line.Broke.Load() >= breaks {
					return badline.Fault{}
				}
				// Some servers have a connection for every question: half of the
				// bytes lie where it is asked.
				most, mostUp := down, up
				if random.IntN(2) == 0 {
					most, mostUp = min(down, 6000), min(up, 3000)
				}
				if random.IntN(4) == 0 {
					return badline.Fault{Up: 1 + random.Int64N(mostUp)}
				}
				return badline.Fault{Down: 1 + random.Int64N(most)}
			})
			first := p.source(t, line.At, "/a.csv")
			if r := pullWith(t, first, patient); r.Failed != "" {
				t.Fatal(r.Failed)
			}
			down, up = line.Came.Load(), line.Went.Load()
			failed, resumed := 0, 0
			for trial := range 200 {
				s := first
				s.Into = filepath.Join(t.TempDir(), "pulled", "dibao")
				if trial%2 == 1 {
					lastNight(t, s, old)
				}
				mutex.Lock()
				plan := 1 + random.Int64N(4)
				breaks = line.Broke.Load() + plan
				mutex.Unlock()
				r := pullWith(t, s, patient)
				got, err := os.ReadFile(filepath.Join(s.Into, "a.csv"))
				switch {
				case r.Failed == "":
					if string(got) != text || r.Files[0].SHA256 != shaOf(text) {
						t.Fatalf("trial %d, %d breaks: a wrong file was accepted: %d bytes of %d", trial, plan, len(got), len(text))
					}
					if r.Bytes == int64(len(text)) {
						resumed++
					}
				case trial%2 == 1:
					failed++
					if string(got) != old || len(r.Files) != 1 || r.Files[0].SHA256 != shaOf(old) {
						t.Fatalf("trial %d, %d breaks: last night's copy did not stay (%s)", trial, plan, r.Failed)
					}
				default:
					failed++
					if !os.IsNotExist(err) || len(r.Files) != 0 {
						t.Fatalf("trial %d, %d breaks: %d bytes lie there though the pull failed (%s)", trial, plan, len(got), r.Failed)
					}
				}
				mutex.Lock()
				breaks = 0
				mutex.Unlock()
				if r := pullWith(t, s, patient); r.Failed != "" {
					t.Fatalf("trial %d: the next pull failed: %s", trial, r.Failed)
				}
				wantText(t, s, "a.csv", text)
				wantHere(t, s, "a.csv")
			}
			t.Logf("%s: 200 pulls cut at random bytes: %d failed for the night, %d came without a byte twice; %d connections broke; 0 wrong files, 0 nights lost", p.name, failed, resumed, line.Broke.Load())
		})
	}
}

// TestPullBadLine: slow lines bring the file, those that bring next to nothing
// are broken, and bytes sent twice are never taken for the file's.
func TestPullBadLine(t *testing.T) {
	needsParts(t)
	text := rollOf(2000)
	for _, p := range parties(t) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			p.put(t, map[string]string{"b.csv": text})
			var n atomic.Int32
			under := func(limits Limits, faults ...badline.Fault) (Source, Limits) {
				n.Store(0)
				line := badLine(t, p.at, func() badline.Fault {
					if i := int(n.Add(1)) - 1; i < len(faults) {
						return faults[i]
					}
					return badline.Fault{}
				})
				return p.source(t, line.At, "/b.csv"), limits
			}
			comes := func(what string, s Source, limits Limits) {
				t.Helper()
				if r := pullWith(t, s, limits); r.Failed != "" {
					t.Errorf("%s: %s", what, r.Failed)
				}
				wantText(t, s, "b.csv", text)
			}
			s, limits := under(patient, badline.Fault{Delay: 100 * time.Millisecond})
			comes("a slow line", s, limits)
			s, limits = under(patient, badline.Fault{Refuse: true}, badline.Fault{Refuse: true})
			comes("refused twice", s, limits)
			for _, at := range []int64{1, 3000, 20_000, 60_000} {
				s, limits = under(patient, badline.Fault{Repeat: at})
				comes(fmt.Sprintf("a piece twice at byte %d", at), s, limits)
			}
			short := patient
			short.Stall, short.Listing, short.Budget = 500*time.Millisecond, time.Second, 20*time.Second
			drip := badline.Fault{Drip: 20 * time.Millisecond}
			s, limits = under(short, drip)
			comes("one bad line, then a sound one", s, limits)
			s, limits = under(short, drip, drip, drip, drip, drip, drip)
			began := time.Now()
			failsWith(t, s, limits, "")
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("a trickle held the night for %v", took)
			}
			n.Store(1 << 10)
			comes("the next night", s, patient)
		})
	}
}

func TestPullOpenSSH(t *testing.T) {
	needsParts(t)
	dir := t.TempDir()
	lay(t, dir, map[string]string{
		"人员 1.csv": "a", "人员2.csv": "bb", "人员2.csv.sha256": shaOf("bb") + "  人员2.csv\n", "x.csv": "c", ".人员3.csv": "d",
		"old/人员4.csv": "e", "人员\n5.dat": "f", `..\人员6.dat`: "g", strings.Repeat("长", 80) + ".dat": "h",
	})
	server := openSSHServed(t)
	s := server.source(t, server.at, dir)
	s.Pick = "人员*.csv"
	r := pullWith(t, s, patient)
	if r.Failed != "" || r.Pulled != 2 || r.Files[1].Checked != "sha256" || !r.Files[0].Modified.Equal(time.Date(2026, 11, 18, 1, 2, 3, 0, time.UTC)) {
		t.Fatalf("%+v", r)
	}
	wantHere(t, s, "人员 1.csv", "人员2.csv")
	if r := pullWith(t, s, patient); r.Unchanged != 2 || r.Bytes != 0 {
		t.Errorf("%+v", r)
	}
	for pick, cause := range map[string]string{"人员*5.dat": "控制字符", `*人员6.dat`: "不是一个文件名", "长*.dat": "超过 200 字节"} {
		odd := server.source(t, server.at, dir)
		odd.Pick = pick
		failsWith(t, odd, patient, cause)
	}

	other, private := newKey(t)
	stranger := server.source(t, server.at, dir)
	stranger.Key = pemOf(t, private, "")
	failsWith(t, stranger, patient, "服务器不让登录")
	impostor := server.source(t, server.at, dir)
	os.WriteFile(impostor.KnownHosts, []byte(knownhosts.Line([]string{server.at}, other.PublicKey())+"\n"), 0o600)
	failsWith(t, impostor, patient, "与 known_hosts 里的不符")
	os.WriteFile(impostor.KnownHosts, nil, 0o600)
	failsWith(t, impostor, patient, "known_hosts 里没有")
	failsWith(t, server.source(t, server.at, dir+"/none"), patient, "没有这个文件或文件夹")

	// The sender is still writing.
	grows := server.source(t, server.at, dir+"/x.csv")
	slow := patient
	slow.Settle = 1500 * time.Millisecond
	time.AfterFunc(time.Second, func() {
		f, err := os.OpenFile(filepath.Join(dir, "x.csv"), os.O_APPEND|os.O_WRONLY, 0)
		if err == nil {
			f.WriteString("more")
			f.Close()
		}
	})
	failsWith(t, grows, slow, "读取时文件在变化")
}

func TestPullTLS(t *testing.T) {
	needsParts(t)
	dir := t.TempDir()
	lay(t, dir, map[string]string{"a.csv": "a"})
	files := http.FileServer(http.Dir(dir))
	sound := roots.served(t, files, "127.0.0.1", -1, 24)
	s := sourceAt(t, sound+"/a.csv")
	if r := pullWith(t, s, patient); r.Failed != "" {
		t.Fatal(r.Failed)
	}
	for _, c := range []struct{ name, at, cause string }{
		{"expired", roots.served(t, files, "127.0.0.1", -24, -1), "已过期或尚未生效"},
		{"not yet valid", roots.served(t, files, "127.0.0.1", 1, 24), "已过期或尚未生效"},
		{"of another host", roots.served(t, files, "elsewhere.test", -1, 24), "不是发给这个主机名的"},
		{"of another authority", newAuthority().served(t, files, "127.0.0.1", -1, 24), "不是由受信任的机构签发的"},
	} {
		t.Run(c.name, func(t *testing.T) { failsWith(t, sourceAt(t, c.at+"/a.csv"), patient, c.cause) })
	}
	plain := served(t, files.ServeHTTP)
	to := ""
	turning := roots.served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, to+"/a.csv?token=abc", http.StatusTemporaryRedirect)
	}), "127.0.0.1", -1, 24)
	for _, to = range []string{plain, sound, "ftp://127.0.0.1", strings.Replace(turning, "https", "http", 1)} {
		s := sourceAt(t, turning+"/a.csv")
		r := pullWith(t, s, patient)
		if !strings.Contains(r.Failed, "转到了另一个地址") || strings.Contains(r.Failed, "token") {
			t.Errorf("redirected to %s: %q", to, r.Failed)
		}
		wantHere(t, s)
	}
}

func TestPullS3(t *testing.T) {
	needsParts(t)
	at, client := motoServed(t)
	objects := map[string]string{
		"dibao/人员 1.csv": "a", "dibao/人员2.csv": "bb", "dibao/人员2.csv.md5": md5Of("bb"), "dibao/old/人员3.csv": "d", "dibao/": "",
		`odd/..\c.dat`: "x", "odd/" + strings.Repeat("长", 130) + ".dat": "x",
	}
	for i := range 105 {
		objects[fmt.Sprintf("many/%03d.csv", i)] = "m"
	}
	put(t, client, objects)
	s := s3At(t, at, "/dibao")
	s.Pick = "人员*"
	r := pullWith(t, s, patient)
	if r.Failed != "" || r.Pulled != 2 || r.Files[1].Checked != "md5" {
		t.Fatalf("%+v", r)
	}
	if r := pullWith(t, s, patient); r.Unchanged != 2 {
		t.Errorf("%+v", r)
	}
	put(t, client, map[string]string{"dibao/人员2.csv": "cc", "dibao/人员2.csv.md5": md5Of("cc")})
	if r := pullWith(t, s, patient); r.Unchanged != 1 || r.Pulled != 1 {
		t.Errorf("%+v", r)
	}
	wantText(t, s, "人员2.csv", "cc")
	many := s3At(t, at, "/many")
	few := patient
	few.Files = 100
	failsWith(t, many, few, "有 105 个，超过上限 100")
	many.Pick = "100.csv"
	if r := pullWith(t, many, patient); r.Pulled != 1 {
		t.Errorf("%+v", r)
	}
	for pick, cause := range map[string]string{`*c.dat`: "不是一个文件名", "长*.dat": "超过 200 字节"} {
		odd := s3At(t, at, "/odd")
		odd.Pick = pick
		failsWith(t, odd, patient, cause)
	}
	none := s3At(t, at, "/dibao")
	none.URL = &url.URL{Scheme: "s3", Host: "nobody", Path: "/"}
	failsWith(t, none, patient, "没有这个存储桶")
}

// TestPullHugeFolder: 100,000 files in a folder are listed, or refused, in
// bounded time; pick finds the one that is wanted.
func TestPullHugeFolder(t *testing.T) {
	needsParts(t)
	dir := t.TempDir()
	for i := range 100_000 {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("%06d.csv", i)), os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	lay(t, dir, map[string]string{"名册.csv": "a"})
	sshd := openSSHServed(t)
	for _, s := range []Source{
		sourceAt(t, "file://"+dir), sshd.source(t, sshd.at, dir),
		sourceAt(t, roots.served(t, http.FileServer(http.Dir(dir)), "127.0.0.1", -1, 24)+"/"),
	} {
		t.Run(s.URL.Scheme, func(t *testing.T) {
			limits := patient
			limits.Listing = DefaultLimits.Listing
			s.Pick = "*.csv"
			failsWith(t, s, limits, "有 100001 个，超过上限")
			s.Pick = "名册*"
			if r := pullWith(t, s, limits); r.Failed != "" || r.Pulled != 1 {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestPullDiskFull pulls into disks of every size from too small to just
// enough: the cause is said, what lay there stays whole, and with room again
// the files come.
func TestPullDiskFull(t *testing.T) {
	needsParts(t)
	if os.Geteuid() != 0 {
		t.Skip("only root may mount a small disk")
	}
	dir := t.TempDir()
	text, old := rollOf(2000), "" // nothing that goes makes room for what comes
	lay(t, dir, map[string]string{"a.csv": text, "b.csv": text})
	full := 0
	for pages := 4; pages < 60; pages++ {
		disk := t.TempDir()
		if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprintf("size=%d", pages*os.Getpagesize())); err != nil {
			t.Skipf("no small disk may be mounted here: %v", err)
		}
		unmounted := false
		unmount := func() {
			if !unmounted {
				unmounted = true
				if err := syscall.Unmount(disk, 0); err != nil {
					t.Errorf("unmount: %v", err)
				}
			}
		}
		t.Cleanup(unmount)
		s := sourceAt(t, "file://"+dir)
		s.Into = filepath.Join(disk, "pulled", "dibao")
		lastNight(t, s, old)
		r := pullWith(t, s, quick)
		if r.Failed == "" {
			wantText(t, s, "a.csv", text)
			wantText(t, s, "b.csv", text)
		} else {
			full++
			if !strings.Contains(r.Failed, "本机磁盘已满") {
				t.Errorf("%d pages: %s", pages, r.Failed)
			}
			wantText(t, s, "a.csv", old)
			wantHere(t, s, "a.csv")
			if len(r.Files) != 1 || r.Files[0].SHA256 != shaOf(old) {
				t.Errorf("%d pages: the last whole copy is %+v", pages, r.Files)
			}
			if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=4m"); err != nil {
				t.Fatal(err)
			}
			if r := pullWith(t, s, quick); r.Failed != "" {
				t.Errorf("with room again: %s", r.Failed)
			}
			wantText(t, s, "a.csv", text)
		}
		unmount()
	}
	t.Logf("%d pulls into a full disk", full)
}
