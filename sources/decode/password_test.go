package decode

import (
	"bytes"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/xuri/excelize/v2"
)

// lockedBook is a small workbook with a password.
func lockedBook(t testing.TB, password string) []byte {
	t.Helper()
	plain := book(t, func(f *excelize.File) { set(t, f, "Sheet1", "A1", "姓名") })
	locked, err := excelize.Encrypt(plain, &excelize.Options{Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return locked
}

func TestPassword(t *testing.T) {
	locked := lockedBook(t, "开门")
	for _, c := range []struct{ name, password, want string }{
		{"right", "开门", "= Sheet1\n1 [\"姓名\"]\n"},
		{"wrong", "关门", noteWrongPassword},
		{"none", "", noteWrongPassword},
	} {
		m := file(t, "a.xlsx", locked)
		if !m.Locked() || m.Format != "xlsx" {
			t.Fatalf("member %+v", m)
		}
		sum, scratch := m.SHA256, t.TempDir()
		if err := Unlock(t.Context(), &m, c.password, scratch); err != nil {
			t.Fatal(err)
		}
		if got := bookText(t, m); got != c.want || m.SHA256 != sum {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 && m.Refused != "" {
			t.Errorf("%s: left in scratch: %v %v", c.name, left, err)
		}
	}
}

// Torn or changed, a locked workbook is refused or read, and never a panic.
func TestBrokenPassword(t *testing.T) {
	locked := lockedBook(t, "x")
	try := func(content []byte) {
		m := file(t, "a", content)
		if !m.Locked() {
			return
		}
		if err := Unlock(t.Context(), &m, "x", t.TempDir()); err != nil {
			t.Fatal(err)
		}
		bookText(t, m)
	}
	for cut := 600; cut < len(locked); cut += len(locked) / 12 {
		try(locked[:cut])
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 12 {
		broken := bytes.Clone(locked)
		for range 4 {
			broken[8+random.IntN(len(broken)-8)] = byte(random.Uint32())
		}
		try(broken)
	}
}

// FuzzDecrypt takes any bytes for a locked workbook.
func FuzzDecrypt(f *testing.F) {
	f.Add(lockedBook(f, "x"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if open, note := decrypt(content, "x"); note == "" && !bytes.HasPrefix(open, []byte("PK")) {
			t.Error("neither opened nor refused")
		}
	})
}
