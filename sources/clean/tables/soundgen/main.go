// Soundgen writes sound.txt, the toneless syllables of Han characters, out of
// the dictionary of github.com/mozillazg/go-pinyin (MIT). Run it by
//
//	go generate ./sources/clean
//
// A line is a syllable, the characters whose first reading it is, and those
// that can be read so too; "-" stands for none.
package main

import (
	"bufio"
	"log"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

func main() {
	log.SetFlags(0)
	if err := write("tables/sound.txt"); err != nil {
		log.Fatal(err)
	}
}

// write makes the table at path.
func write(path string) error {
	first, other := map[string][]rune{}, map[string][]rune{}
	for _, r := range slices.Sorted(maps.Keys(pinyin.PinyinDict)) {
		var seen []string
		for _, reading := range strings.Split(pinyin.PinyinDict[r], ",") {
			s := toneless(reading)
			if s == "" || slices.Contains(seen, s) {
				continue
			}
			if len(seen) == 0 {
				first[s] = append(first[s], rune(r))
			} else {
				other[s] = append(other[s], rune(r))
			}
			seen = append(seen, s)
		}
	}
	syllables := map[string]bool{}
	for s := range first {
		syllables[s] = true
	}
	for s := range other {
		syllables[s] = true
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for _, s := range slices.Sorted(maps.Keys(syllables)) {
		w.WriteString(s + " " + orNone(first[s]) + " " + orNone(other[s]) + "\n")
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

func orNone(runes []rune) string {
	if len(runes) == 0 {
		return "-"
	}
	return string(runes)
}

// toneless is a reading without its tone, ü as v; empty for the few readings
// that are no syllable (ê, hm, ng).
func toneless(reading string) string {
	var b strings.Builder
	vowel := false
	for _, r := range norm.NFD.String(strings.ReplaceAll(norm.NFC.String(strings.TrimSpace(reading)), "ü", "v")) {
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
			vowel = vowel || strings.ContainsRune("aeiouv", r)
		case r == 0x308: // ü under a tone: u, diaeresis, tone
			s := strings.TrimSuffix(b.String(), "u") + "v"
			b.Reset()
			b.WriteString(s)
		case r == 0x302: // ê
			return ""
		}
	}
	if s := b.String(); vowel && len(s) <= 6 {
		return s
	}
	return ""
}
