package decode

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// file lays out a file and gives its one member.
func file(t testing.TB, name string, content []byte) Member {
	t.Helper()
	members := unpacked(t, name, content)
	if len(members) != 1 {
		t.Fatalf("%s: %d members, want 1", name, len(members))
	}
	return members[0]
}

func unpacked(t testing.TB, name string, content []byte) []Member {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	members, err := Unpack(context.Background(), path, name, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return members
}

// everything opens a member and reads all its records from a row on.
func everything(t testing.TB, m Member, sheet int, from int64, width int) []Record {
	t.Helper()
	b, err := Open(context.Background(), m)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return records(t, b, sheet, from, width)
}

// records reads all records of a sheet from a row on, checking that both counts
// agree.
func records(t testing.TB, b *Book, sheet int, from int64, width int) []Record {
	t.Helper()
	var all []Record
	for chunk, err := range b.Chunks(context.Background(), sheet, from, width) {
		if err != nil {
			t.Fatalf("chunks: %v", err)
		}
		for r := range chunk.Records() {
			all = append(all, r.clone())
		}
	}
	if got := b.Physical(sheet); got != int64(len(all)) {
		t.Errorf("the cutter counted %d records, the chunks hold %d", got, len(all))
	}
	return all
}

// shown writes records one a line: row, reject, cells.
func shown(rs []Record) string {
	var b strings.Builder
	for _, r := range rs {
		b.WriteString(describe(r))
		b.WriteByte('\n')
	}
	return b.String()
}
