// Command fuzz runs every fuzz target of the module for a while each: go test
// takes one target at a time.
package main

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

var target = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

func main() {
	long := flag.String("for", "1m", "how long each target")
	flag.Parse()
	failed := false
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range target.FindAllStringSubmatch(string(text), -1) {
			c := exec.Command("go", "test", "./"+filepath.Dir(path), "-run", "^$", "-fuzz", "^"+m[1]+"$",
				"-fuzztime", *long, "-fuzzminimizetime", "5x")
			c.Stdout, c.Stderr = os.Stdout, os.Stderr
			fmt.Println(filepath.Dir(path), m[1])
			if c.Run() != nil {
				failed = true
			}
		}
		return nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil || failed {
		os.Exit(1)
	}
}
