package clean

import "unicode/utf8"

// The levels of NameLevel.
const (
	Incompatible = iota
	Shortened    // one character is missing from a name of three or more
	LookAlike    // a character stands for one that looks like it
	Homophone    // a character stands for one that is read alike, tones apart
	Missing      // a mark stands for a character
	Equal
)

// NameLevel compares two folded names (Name.Fold) and says how alike they are;
// names of any level but Incompatible are compatible as rules.md has it: equal;
// or of one length, every differing character a homophone (any reading in
// common counts), a look-alike or a mark for a missing character; or equal but
// for one character lost from a name of three or more. It is the lowest level
// of their characters. An empty name is compatible with none.
func NameLevel(foldA, foldB string) int {
	switch {
	case foldA == "" || foldB == "":
		return Incompatible
	case foldA == foldB:
		return Equal
	}
	switch nA, nB := utf8.RuneCountInString(foldA), utf8.RuneCountInString(foldB); {
	case nA == nB:
		return characterLevel(foldA, foldB)
	case nA == nB+1 && nA >= 3 && lostOne(foldA, foldB),
		nB == nA+1 && nB >= 3 && lostOne(foldB, foldA):
		return Shortened
	}
	return Incompatible
}

// characterLevel is the lowest level of two names of one length.
func characterLevel(a, b string) int {
	t := han()
	lowest := Equal
	for a != "" {
		rA, sizeA := utf8.DecodeRuneInString(a)
		rB, sizeB := utf8.DecodeRuneInString(b)
		a, b = a[sizeA:], b[sizeB:]
		level := Incompatible
		switch {
		case rA == rB:
			continue
		case isMark(rA) || isMark(rB):
			level = Missing
		case t.soundAlike(rA, rB):
			level = Homophone
		case t.lookAlike(rA, rB):
			level = LookAlike
		default:
			return Incompatible
		}
		lowest = min(lowest, level)
	}
	return lowest
}

// lostOne reports whether short is long without one of its characters.
func lostOne(long, short string) bool {
	at := 0
	for at < len(short) && long[at] == short[at] {
		at++
	}
	// Back to the beginning of the character in which they part.
	for at > 0 && !utf8.RuneStart(long[at]) {
		at--
	}
	_, size := utf8.DecodeRuneInString(long[at:])
	return long[at+size:] == short[at:]
}

// soundAlike reports whether two characters have a reading in common.
func (t *hanTable) soundAlike(a, b rune) bool {
	firstA, firstB := t.soundOf(a), t.soundOf(b)
	if firstA == 0 || firstB == 0 {
		return false
	}
	if firstA == firstB {
		return true
	}
	allA, allB := t.readings[a], t.readings[b]
	if allA == nil {
		allA = []uint16{firstA}
	}
	if allB == nil {
		allB = []uint16{firstB}
	}
	for _, x := range allA {
		for _, y := range allB {
			if x == y {
				return true
			}
		}
	}
	return false
}

// lookAlike reports whether two characters are in each other's list.
func (t *hanTable) lookAlike(a, b rune) bool {
	for _, r := range t.alike[a] {
		if r == b {
			return true
		}
	}
	return false
}
