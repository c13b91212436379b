package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"doudi/fixtures"
)

// Every bad list is another one than the county made.
func TestBadLists(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "county")
	if _, err := fixtures.Generate(context.Background(), dir, fixtures.Options{Households: 150, Seed: 7, Errors: 1}); err != nil {
		t.Fatal(err)
	}
	for n, b := range bad {
		if b.gate == "闸门 findings" { // made of what is published
			continue
		}
		spoilt := filepath.Join(t.TempDir(), "inbox")
		if err := os.CopyFS(spoilt, os.DirFS(filepath.Join(dir, "inbox"))); err != nil {
			t.Fatal(err)
		}
		if err := b.spoil(nil, spoilt); err != nil {
			t.Errorf("night %d: %s: %v", n, b.what, err)
		}
		same := true
		for _, pattern := range []string{"register/*", "dibao_persons/*", "dibao_payments/*"} {
			files, err := filepath.Glob(filepath.Join(dir, "inbox", pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				rel, _ := filepath.Rel(filepath.Join(dir, "inbox"), file)
				was, _ := os.ReadFile(file)
				is, err := os.ReadFile(filepath.Join(spoilt, rel))
				same = same && err == nil && string(is) == string(was)
			}
		}
		if same {
			t.Errorf("night %d: %s, but nothing is changed", n, b.what)
		}
	}
}
