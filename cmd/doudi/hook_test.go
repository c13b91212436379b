package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
)

// hook is the script command `hook NAME`: a server on loopback, its address in
// $NAME, that writes what is posted to it, in order, into the files NAME.1,
// NAME.2 … It answers as a robot does; under /refuse it refuses as one does, and
// under /away it is not there while the file NAME.away is.
func hook(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hook NAME")
	}
	name := ts.MkAbs(args[0])
	var posted atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := os.Stat(name + ".away"); err == nil && strings.HasPrefix(r.URL.Path, "/away") {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = os.WriteFile(fmt.Sprintf("%s.%d", name, posted.Add(1)), append(body, '\n'), 0o600)
		}
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/refuse") {
			fmt.Fprintf(w, `{"errcode":93000,"errmsg":"no %s"}`, r.URL.RawQuery)
			return
		}
		fmt.Fprint(w, `{"errcode":0,"errmsg":"ok"}`)
	}))
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}
