package main

import (
	"flag"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the wanted output of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"doudi": main})
}

// TestScript runs the scripts of testdata/script against the real program.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"hook": hook},
		Setup: func(e *testscript.Env) error {
			e.Setenv("TMPDIR", e.Getenv("WORK")+"/.tmp")
			return os.MkdirAll(e.Getenv("WORK")+"/.tmp", 0o700)
		},
	})
}
