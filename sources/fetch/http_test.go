package fetch

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// served is a server that answers as its handler says; its address.
func served(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func TestOneFileOverHTTP(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"名册.csv": "a,b\n", "名册.csv.sha256": shaOf("a,b\n")})
	files := http.FileServer(http.Dir(dir))
	s := sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) {
		if name, word, ok := r.BasicAuth(); !ok || name != "u" || word != "secret word" {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		files.ServeHTTP(w, r)
	})+"/名册.csv")
	fails(t, s, "HTTP 401")
	s.URL.User, s.Password = nil, "other"
	fails(t, s, "HTTP 401")
	s.URL.User, s.Password = url.User("u"), "secret word"
	r := pulled(t, s)
	wantText(t, s, "名册.csv", "a,b\n")
	if r.Files[0].Checked != "sha256" || !r.Files[0].Modified.Equal(time.Date(2026, 11, 18, 1, 2, 3, 0, time.UTC)) {
		t.Errorf("%+v", r.Files)
	}
	if r := pulled(t, s); r.Unchanged != 1 {
		t.Errorf("%+v", r)
	}
}

func TestIndexPage(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"人员 1.csv": "a", "人员2.csv": "b", "other.csv": "c", "人员2.csv.md5": md5Of("b"), "sub/人员3.csv": "d"})
	files := http.FileServer(http.Dir(dir))
	s := sourceAt(t, served(t, files.ServeHTTP)+"/")
	s.Pick = "人员*.csv"
	r := pulled(t, s)
	wantHere(t, s, "人员 1.csv", "人员2.csv")
	if r.Files[1].Checked != "md5" {
		t.Errorf("%+v", r.Files)
	}
	s.Pick = "none*"
	fails(t, s, "没有符合 pick（none*）的文件")
}

func TestLinksOfAnotherServerAreNotFollowed(t *testing.T) {
	s := sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			fmt.Fprint(w, `<a href="http://192.0.2.1/a.csv">a</a> <A class=x HREF='b.csv#top'>b</A> <a href="b.csv">b</a>`)
			return
		}
		http.ServeContent(w, r, "b.csv", tonight, strings.NewReader("b"))
	})+"/")
	s.Pick = "*.csv"
	pulled(t, s)
	wantHere(t, s, "b.csv")
}

func TestRedirects(t *testing.T) {
	elsewhere := served(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "a") })
	s := sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/out.csv":
			http.Redirect(w, r, elsewhere+"/out.csv?token=abc", http.StatusFound)
		case "/in.csv":
			http.Redirect(w, r, "/a.csv", http.StatusFound)
		default:
			http.ServeContent(w, r, "a.csv", tonight, strings.NewReader("a"))
		}
	})+"/out.csv")
	r := fails(t, s, "转到了另一个地址")
	if strings.Contains(r.Failed, "token") {
		t.Errorf("%s shows a token", r.Failed)
	}
	s.URL.Path = "/in.csv"
	pulled(t, s)
	wantText(t, s, "in.csv", "a")
}

func TestLoginPage(t *testing.T) {
	page := `<!DOCTYPE html><html><form><input type="password"></form></html>`
	for name, cause := range map[string]string{"a.csv": "网页而不是文件", "a.xls": "网页而不是文件", "a.xlsx": "网页而不是文件"} {
		fails(t, sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, page) })+"/"+name), cause)
	}
	table := sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "a.xls", tonight, strings.NewReader("<html><table><tr><td>1</td></tr></table></html>"))
	})+"/a.xls")
	pulled(t, table)
}

// cutServer sends a file and breaks the connection after some bytes, the first
// few times.
func cutServer(t *testing.T, text string, after int, times int32, ranges bool) (string, *atomic.Int32) {
	var broken, started atomic.Int32
	return served(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/a.csv" {
			http.NotFound(w, r)
			return
		}
		if !ranges {
			r.Header.Del("Range")
		}
		if r.Method == http.MethodGet {
			if r.Header.Get("Range") == "" {
				started.Add(1)
			}
			if broken.Add(1) <= times {
				w = &cutWriter{ResponseWriter: w, left: after}
			}
		}
		w.Header().Set("Last-Modified", tonight.Format(http.TimeFormat))
		http.ServeContent(w, r, "a.csv", tonight, strings.NewReader(text))
	}), &started
}

type cutWriter struct {
	http.ResponseWriter
	left int
}

func (c *cutWriter) Write(p []byte) (int, error) {
	if len(p) >= c.left {
		c.ResponseWriter.Write(p[:c.left])
		panic(http.ErrAbortHandler)
	}
	c.left -= len(p)
	return c.ResponseWriter.Write(p)
}

func TestCutAndResumed(t *testing.T) {
	text := strings.Repeat("0123456789\n", 30_000)
	for _, after := range []int{0, 1, 4096, 100_000, len(text) - 1} {
		for _, ranges := range []bool{true, false} {
			at, started := cutServer(t, text, after, 2, ranges)
			s := sourceAt(t, at+"/a.csv")
			r := pulled(t, s)
			wantText(t, s, "a.csv", text)
			if r.Files[0].SHA256 != shaOf(text) {
				t.Errorf("cut after %d bytes: another hash", after)
			}
			if ranges && after >= 100_000 && started.Load() != 1 {
				t.Errorf("cut after %d bytes: begun %d times", after, started.Load())
			}
		}
	}
	at, _ := cutServer(t, text, 50_000, 9, true)
	fails(t, sourceAt(t, at+"/a.csv"), "a.csv：连接中断")
}

func TestAnotherFileAfterTheCut(t *testing.T) {
	var n atomic.Int32
	s := sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) {
		at := tonight
		if n.Load() > 0 {
			at = at.Add(time.Hour)
		}
		if r.Method == http.MethodGet && n.Add(1) == 1 {
			w = &cutWriter{ResponseWriter: w, left: 50_000}
		}
		http.ServeContent(w, r, "a.csv", at, strings.NewReader(strings.Repeat("a", 100_000)))
	})+"/a.csv")
	fails(t, s, "读取时文件在变化")
	wantHere(t, s)
}

func TestTrickleAndSilence(t *testing.T) {
	for name, every := range map[string]time.Duration{"trickle": 50 * time.Millisecond, "silence": time.Hour} {
		t.Run(name, func(t *testing.T) {
			s := sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", "1000000")
				if r.Method == http.MethodHead {
					return
				}
				for {
					select {
					case <-r.Context().Done():
						return
					case <-time.After(every):
						w.Write([]byte("a"))
						w.(http.Flusher).Flush()
					}
				}
			})+"/a.csv")
			began := time.Now()
			fails(t, s, "几乎没有数据")
			if took := time.Since(began); took > 6*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestBudget(t *testing.T) {
	s := sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(1<<22))
		if r.Method == http.MethodHead {
			return
		}
		for r.Context().Err() == nil { // over the stall's limit, and never done
			w.Write(make([]byte, 1000))
			w.(http.Flusher).Flush()
			time.Sleep(50 * time.Millisecond)
		}
	})+"/a.csv")
	fails(t, s, "超过了一个来源的时限")
}

func TestServersThatFail(t *testing.T) {
	var n atomic.Int32
	s := sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) <= 2 {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		http.ServeContent(w, r, "a.csv", tonight, strings.NewReader("a"))
	})+"/a.csv")
	pulled(t, s)
	gone := sourceAt(t, served(t, http.NotFound)+"/a.csv")
	fails(t, gone, "没有这个文件（HTTP 404）")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	fails(t, sourceAt(t, "http://"+l.Addr().String()+"/a.csv"), "拒绝连接")
}

func TestUnknownAuthority(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	server.Config.ErrorLog = nil
	fails(t, sourceAt(t, server.URL+"/a.csv"), "不是由受信任的机构签发的")
}

func TestNoSecretIsShown(t *testing.T) {
	s := sourceAt(t, "http://127.0.0.1:1/a.csv?token=tok+en/1")
	s.Secrets = []string{"tok en/1", "pw"}
	r := fails(t, s, "拒绝连接")
	receipts, _ := os.ReadFile(filepath.Join(s.Into + ".json"))
	if text := r.Failed + r.From + string(receipts); strings.Contains(text, "tok") {
		t.Errorf("%s shows a secret", text)
	}
}
