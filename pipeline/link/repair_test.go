package link_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"doudi/pipeline/link"
	"doudi/sources/clean"
)

// valid makes the n-th valid number of nobody.
func valid(r *rand.Rand) string {
	born := time.Date(1930, time.January, 1+r.IntN(80*365), 0, 0, 0, 0, time.UTC)
	n := fmt.Sprintf("9901%02d%s%03d", 1+r.IntN(20), born.Format("20060102"), r.IntN(1000))
	return n + string(clean.CheckChar(n))
}

func holds(all []link.Candidate, key int64, kinds ...string) bool {
	return slices.ContainsFunc(all, func(c link.Candidate) bool { return c.Key == key && slices.Contains(kinds, c.Kind) })
}

// TestCandidatesHoldTheOriginal makes every single error, swap, loss and
// addition of right numbers: the right one is always among the candidates.
func TestCandidatesHoldTheOriginal(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		id := valid(r)
		key := clean.ParseID(id).Key
		for i := range 18 {
			for _, c := range "0123456789X" {
				if wrong := id[:i] + string(c) + id[i+1:]; wrong != id && (c != 'X' || i == 17) &&
					!holds(link.Candidates(wrong), key, link.Single) && wrong[15:] != "000" {
					t.Errorf("%s: %s is not among the candidates", wrong, id)
				}
			}
			if lost := id[:i] + id[i+1:]; !holds(link.Candidates(lost), key, link.Lost) {
				t.Errorf("%s: %s is not among the candidates", lost, id)
			}
			if added := id[:i] + "7" + id[i:]; !holds(link.Candidates(added), key, link.Added) {
				t.Errorf("%s: %s is not among the candidates", added, id)
			}
		}
		for i := range 17 {
			d := []byte(id)
			d[i], d[i+1] = d[i+1], d[i]
			if d[i] != d[i+1] && d[i] != 'X' && string(d[15:]) != "000" && !holds(link.Candidates(string(d)), key, link.Swap, link.Single) {
				t.Errorf("%s: %s is not among the candidates", d, id)
			}
		}
		hidden := id[:9] + "?" + id[10:]
		if got := link.Candidates(hidden); !holds(got, key, link.Single) || len(got) != 1 {
			t.Errorf("%s: candidates %v, want %s alone", hidden, got, id)
		}
	}
}

// TestCandidatesAgainstBruteForce compares with trying all digits in all
// places: the same numbers, none twice.
func TestCandidatesAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		d := []byte(valid(r))
		at := r.IntN(17)
		d[at] = '0' + (d[at]-'0'+byte(1+r.IntN(9)))%10
		wrong := string(d)
		if wrong[15:] == "000" {
			continue
		}
		want := map[int64]bool{}
		try := func(s string) {
			if id := clean.ParseID(s); id.Kind == clean.Valid && s[6:10] >= "1900" && s[6:10] < "2100" {
				want[id.Key] = true
			}
		}
		for i := range 18 {
			for _, c := range "0123456789X" {
				try(wrong[:i] + string(c) + wrong[i+1:])
			}
		}
		for i := range 17 {
			s := []byte(wrong)
			s[i], s[i+1] = s[i+1], s[i]
			try(string(s))
		}
		got := map[int64]bool{}
		for _, c := range link.Candidates(wrong) {
			if got[c.Key] {
				t.Errorf("%s: a candidate twice", wrong)
			}
			got[c.Key] = true
		}
		for k := range want {
			if !got[k] {
				t.Errorf("%s: %d is missing", wrong, k)
			}
		}
		for k := range got {
			if s := fmt.Sprintf("%017d", k); clean.ParseID(s+string(clean.CheckChar(s))).Kind != clean.Valid {
				t.Errorf("%s: candidate %d is no valid number", wrong, k)
			}
		}
	}
}

func TestCandidates(t *testing.T) {
	for _, c := range []struct {
		name, id string
		want     []link.Candidate
	}{
		{"a right number needs none", "99010119800101001" + string(clean.CheckChar("99010119800101001")), nil},
		{"a spreadsheet keeps fifteen digits", "990101198001011000", []link.Candidate{{Key: 99010119800101100, Kind: link.Excel}}},
		{"scientific notation has lost too much", "9.90101E+17", nil},
		{"hidden digits", "990101********0017", nil},
		{"two signs that are no digits", "99010119??01010017", nil},
		{"too short", "9901011980010100", nil},
		{"too long", "99010119800101001712", nil},
		{"nothing", "", nil},
		{"letters", "无身份证号码无身份证号码无身份证号", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := link.Candidates(c.id); !slices.Equal(got, c.want) {
				t.Errorf("Candidates(%q) = %v, want %v", c.id, got, c.want)
			}
		})
	}
}

func FuzzCandidates(f *testing.F) {
	for _, seed := range []string{"990101198001010017", "99010119800101001", "9901011980010100177", "990101198001011000", "99010119800101001x", "X", "٣"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		for _, c := range link.Candidates(id) {
			s := fmt.Sprintf("%017d", c.Key)
			if c.Kind != link.Excel && clean.ParseID(s+string(clean.CheckChar(s))).Kind != clean.Valid {
				t.Errorf("%q: candidate %d is no valid number", id, c.Key)
			}
		}
	})
}

func BenchmarkCandidates(b *testing.B) {
	for b.Loop() {
		link.Candidates("990101198001010027")
	}
}
