package fetch

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Names that no file here may have come from every protocol; they stop the
// source where they are wanted, and nothing else.
func TestNamesFromServers(t *testing.T) {
	long := strings.Repeat("a", 400) + ".dat"
	names := map[string]string{
		"a\nb.dat": "控制字符", `..\c.dat`: "不是一个文件名", "..": "不是一个文件名", long: "超过 200 字节", "d\u2028.dat": "控制字符",
	}
	page, objects := `<a href="sound.csv">`, map[string]string{"rolls/sound.csv": "s"}
	for name := range names {
		if name != ".." { // a link to the folder above
			page += fmt.Sprintf(`<a href="%s">`, strings.NewReplacer("\n", "%0A", `\`, "%5C").Replace(name))
		}
		objects["rolls/"+name] = "x"
	}
	web := served(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			fmt.Fprint(w, page)
			return
		}
		http.ServeContent(w, r, "x", tonight, strings.NewReader("s"))
	})
	store := &fakeS3{objects: objects}
	for what, source := range map[string]func() Source{
		"http": func() Source { return sourceAt(t, web+"/") },
		"s3":   func() Source { return store.source(t, "/rolls") },
	} {
		t.Run(what, func(t *testing.T) {
			for name, cause := range names {
				if what == "http" && name == ".." {
					continue
				}
				s := source()
				s.Pick = strings.NewReplacer("\n", "?", `\`, "?").Replace(name)
				r := fails(t, s, cause)
				if strings.ContainsAny(r.Failed, "\n\u2028") || len(r.Failed) > 300 {
					t.Errorf("%q is no line for a log", r.Failed)
				}
				wantHere(t, s)
			}
			s := source()
			s.Pick = "*.csv"
			pulled(t, s)
			wantHere(t, s, "sound.csv")
		})
	}
}

// A page that asks for a password where an index page is expected is told from
// one that has no such file.
func TestLoginPageForIndex(t *testing.T) {
	s := sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `<html><form><input name=u><INPUT TYPE="Password"></form><a href="help.html">?</a></html>`)
	})+"/")
	s.Pick = "*.csv"
	fails(t, s, "可能是登录页")
}

// An index page that names more files than are ever pulled is refused before
// each of them costs a question.
func TestHugeIndex(t *testing.T) {
	asked := 0
	s := sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		for i := range 100_000 {
			fmt.Fprintf(w, "<a href=%d.csv>", i)
		}
	})+"/")
	s.Pick = "*.csv"
	limits := quick
	limits.Listing = time.Minute
	if r, _ := Pull(context.Background(), s, tonight, limits, nil); !strings.Contains(r.Failed, "有 100000 个，超过上限 10000") {
		t.Error(r.Failed)
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

// Whatever a server answers, what it was told in secret is in no message.
func TestSecretsThatServersTellBack(t *testing.T) {
	const secret = "pass+Word-1"
	echo := map[string]http.HandlerFunc{
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://"+secret+".test/?"+secret)
			w.WriteHeader(http.StatusFound)
		},
		"status": func(w http.ResponseWriter, r *http.Request) {
			_, word, _ := r.BasicAuth()
			http.Error(w, word, http.StatusTeapot)
		},
		"no HTTP": func(w http.ResponseWriter, r *http.Request) {
			_, word, _ := r.BasicAuth()
			c, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			fmt.Fprintf(c, "%s %s\r\n\r\n", word, r.Header.Get("Authorization"))
			c.Close()
		},
		"a list instead of an answer": func(w http.ResponseWriter, r *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			fmt.Fprint(c, "示范人,990101196001150018\r\n\r\n")
			c.Close()
		},
		"broken header": func(w http.ResponseWriter, r *http.Request) {
			_, word, _ := r.BasicAuth()
			c, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\n%s\r\n\r\n", r.Header.Get("Authorization")+word)
			c.Close()
		},
		"S3": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", secret, r.Header.Get("Authorization"))
		},
	}
	for name, h := range echo {
		t.Run(name, func(t *testing.T) {
			s := sourceAt(t, strings.Replace(served(t, h), "http://", "http://u@", 1)+"/a.csv")
			s.Password, s.Secrets = secret, []string{secret}
			if name == "S3" {
				s = (&fakeS3{}).source(t, "/a.csv")
				s.Endpoint, s.Key, s.Password, s.Secrets = served(t, h), "AKID", secret, []string{secret}
			}
			r := fails(t, s, "")
			for _, shown := range []string{r.Failed, strings.Join(r.Notes, " "), r.From} {
				for _, part := range []string{secret, "Basic", base64.StdEncoding.EncodeToString([]byte("u:" + secret)), "9901", "示范"} {
					if strings.Contains(shown, part) {
						t.Errorf("%q shows a secret", shown)
					}
				}
			}
		})
	}
}

// A line that breaks while the sender's checksum is asked for does not do away
// with the check.
func TestChecksumBehindABrokenLine(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"a.csv": "a", "a.csv.sha256": shaOf("b")})
	files := http.FileServer(http.Dir(dir))
	for times, cause := range map[int32]string{2: "与发送方的 a.csv.sha256 不符", 99: "连接中断"} {
		var broken atomic.Int32
		s := sourceAt(t, served(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/a.csv.sha256" && broken.Add(1) <= times {
				panic(http.ErrAbortHandler)
			}
			files.ServeHTTP(w, r)
		})+"/a.csv")
		fails(t, s, cause)
		wantHere(t, s)
	}
	// Over SFTP the line breaks at every question in turn.
	server := sftpServed(t, "secret", nil)
	for after := int64(1000); after < 6000; after += 150 {
		var n atomic.Int32
		server.breaks(func() int64 {
			if n.Add(1) > 1 {
				return 0
			}
			return after
		})
		s := server.source(t, dir+"/a.csv")
		s.Password = "secret"
		fails(t, s, "与发送方的 a.csv.sha256 不符")
		wantHere(t, s)
	}
}
