package link_test

import (
	"testing"

	"doudi/pipeline/link"

	"pgregory.net/rapid"
)

// TestForest compares groups with a search over the edges, joined in any
// order.
func TestForest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type edge struct{ a, b int64 }
		n := rapid.Int64Range(1, 30).Draw(t, "nodes")
		edges := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) edge {
			return edge{rapid.Int64Range(-n, n).Draw(t, "a"), rapid.Int64Range(-n, n).Draw(t, "b")}
		}), 0, 40).Draw(t, "edges")
		var forest, shuffled link.Forest
		next := map[int64][]int64{}
		for _, e := range edges {
			forest.Join(e.a, e.b)
			next[e.a] = append(next[e.a], e.b)
			next[e.b] = append(next[e.b], e.a)
		}
		for _, e := range rapid.Permutation(edges).Draw(t, "order") {
			shuffled.Join(e.b, e.a)
		}
		for node := -n; node <= n; node++ {
			smallest, seen := node, map[int64]bool{node: true}
			for queue := []int64{node}; len(queue) > 0; queue = queue[1:] {
				smallest = min(smallest, queue[0])
				for _, o := range next[queue[0]] {
					if !seen[o] {
						seen[o] = true
						queue = append(queue, o)
					}
				}
			}
			if got := forest.Group(node); got != smallest || shuffled.Group(node) != got {
				t.Fatalf("group of %d is %d, in another order %d, want %d", node, got, shuffled.Group(node), smallest)
			}
		}
		for _, m := range forest.Members() {
			if len(next[m]) == 0 {
				t.Fatalf("%d is a member and was never joined", m)
			}
		}
	})
}
