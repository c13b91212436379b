package main

// The levels of a comparison of two texts, as in pipeline/link: the higher the
// better, unknown told apart from differing.
const (
	differs = iota
	unknown
	alike // a third of the characters differ, or two
	near  // one character differs, or two are swapped
	equal
	crossed // both names are equal or near once given name and surname are swapped
)

// text compares two texts.
func text(a, b string) int {
	switch {
	case a == "" || b == "":
		return unknown
	case a == b:
		return equal
	}
	switch d := distance(a, b); {
	case d <= 1:
		return near
	case d <= max(2, min(len(a), len(b))/3):
		return alike
	}
	return differs
}

// distance is how many characters are to be put in, taken out, changed or swapped
// with the next to make b of a.
func distance(a, b string) int {
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		now[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			now[j+1] = min(change, last[j+1]+1, now[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				now[j+1] = min(now[j+1], before[j-1]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
