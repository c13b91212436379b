package fetch

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// fakeS3 speaks as much of S3 as a pull needs: one bucket, lists in pages of
// two, ranges, signatures by the access key alone.
type fakeS3 struct {
	objects map[string]string
	key     string // "" for anybody
	cut     atomic.Int32
	after   int
}

func (f *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fail := func(status int, code string) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>m</Message></Error>`, code)
	}
	if f.key != "" && !strings.Contains(r.Header.Get("Authorization"), "Credential="+f.key+"/") {
		fail(http.StatusForbidden, "InvalidAccessKeyId")
		return
	}
	name, object, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if name != "rolls" {
		fail(http.StatusNotFound, "NoSuchBucket")
		return
	}
	if _, asked := r.URL.Query()["location"]; asked {
		fmt.Fprint(w, `<?xml version="1.0"?><LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>`)
		return
	}
	at := time.Date(2026, 11, 18, 1, 2, 3, 456e6, time.UTC)
	if object != "" {
		text, there := f.objects[object]
		if !there {
			fail(http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Header().Set("ETag", `"`+md5Of(text)+`"`)
		if r.Method == http.MethodGet && f.cut.Add(-1) >= 0 {
			w = &cutWriter{ResponseWriter: w, left: f.after}
		}
		http.ServeContent(w, r, object, at, strings.NewReader(text))
		return
	}
	type content struct {
		Key, LastModified, ETag string
		Size                    int
	}
	var page struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []content
	}
	var keys []string
	for key := range f.objects {
		if strings.HasPrefix(key, r.URL.Query().Get("prefix")) && key > r.URL.Query().Get("continuation-token") {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	if len(keys) > 2 {
		keys, page.IsTruncated, page.NextContinuationToken = keys[:2], true, keys[1]
	}
	for _, key := range keys {
		page.Contents = append(page.Contents, content{key, at.Format("2006-01-02T15:04:05.000Z"), `"` + md5Of(f.objects[key]) + `"`, len(f.objects[key])})
	}
	xml.NewEncoder(w).Encode(page)
}

func (f *fakeS3) source(t *testing.T, path string) Source {
	s := sourceAt(t, "s3://rolls"+path)
	s.Endpoint = served(t, f.ServeHTTP)
	s.Key, s.Password = f.key, "secret key"
	return s
}

func TestS3(t *testing.T) {
	f := &fakeS3{key: "AKID", objects: map[string]string{
		"dibao/人员1.csv": "a", "dibao/人员2.csv": "bb", "dibao/人员2.csv.sha256": shaOf("bb"), "dibao/other.csv": "c",
		"dibao/old/人员3.csv": "d", "dibao2/人员4.csv": "e", "dibao/": "",
	}}
	s := f.source(t, "/dibao")
	s.Pick = "人员*"
	r := pulled(t, s)
	wantHere(t, s, "人员1.csv", "人员2.csv")
	if r.Files[1].Checked != "sha256" || !r.Files[0].Modified.Equal(time.Date(2026, 11, 18, 1, 2, 3, 0, time.UTC)) {
		t.Errorf("%+v", r.Files)
	}
	if r := pulled(t, s); r.Unchanged != 2 {
		t.Errorf("%+v", r)
	}
	one := f.source(t, "/dibao/人员1.csv")
	pulled(t, one)
	wantHere(t, one, "人员1.csv")
	begins := f.source(t, "/dibao/人")
	pulled(t, begins)
	wantHere(t, begins, "人员1.csv", "人员2.csv")
	all := f.source(t, "/dibao/")
	pulled(t, all)
	wantHere(t, all, "other.csv", "人员1.csv", "人员2.csv")

	fails(t, f.source(t, "/none"), "那里没有文件")
	other := f.source(t, "/dibao")
	other.Key = "OTHER"
	fails(t, other, "对象存储不让取（InvalidAccessKeyId）")
	other = f.source(t, "/dibao")
	other.URL.Host = "nobucket"
	fails(t, other, "没有这个存储桶")
}

func TestS3CutAndResumed(t *testing.T) {
	text := strings.Repeat("0123456789\n", 30_000)
	for _, after := range []int{1, 50_000, len(text) - 1} {
		f := &fakeS3{objects: map[string]string{"a.csv": text}, after: after}
		f.cut.Store(2)
		s := f.source(t, "/a.csv")
		r := pulled(t, s)
		wantText(t, s, "a.csv", text)
		if r.Files[0].SHA256 != shaOf(text) {
			t.Errorf("cut after %d bytes: another hash", after)
		}
	}
	f := &fakeS3{objects: map[string]string{"a.csv": text}, after: 50_000}
	f.cut.Store(99)
	fails(t, f.source(t, "/a.csv"), "a.csv：连接中断")
}
