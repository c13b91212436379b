package link

import (
	"context"
	"slices"

	"doudi/pipeline/duck"
)

// Forest joins numbered things into groups (union-find). The zero value has
// none.
type Forest struct {
	parent map[int64]int64
}

// Join puts a and b, and all that is joined to either, into one group.
func (f *Forest) Join(a, b int64) {
	if f.parent == nil {
		f.parent = map[int64]int64{}
	}
	a, b = f.root(a), f.root(b)
	f.parent[max(a, b)] = min(a, b)
}

// Group is the smallest member of n's group: n itself where nothing was
// joined to it. It does not depend on the order of the joins.
func (f *Forest) Group(n int64) int64 {
	if _, known := f.parent[n]; !known {
		return n
	}
	return f.root(n)
}

// Members are all that were joined to something, ascending.
func (f *Forest) Members() []int64 {
	all := make([]int64, 0, len(f.parent))
	for n := range f.parent {
		all = append(all, n)
	}
	slices.Sort(all)
	return all
}

// root follows n up to the smallest of its group and shortens the way there.
func (f *Forest) root(n int64) int64 {
	if _, known := f.parent[n]; !known {
		f.parent[n] = n
	}
	for f.parent[n] != n {
		f.parent[n] = f.parent[f.parent[n]]
		n = f.parent[n]
	}
	return n
}

// group makes a table of (member, group) out of the columns a_node and b_node
// of edges.
func group(edges, table string) func(ctx context.Context, db *duck.DB) error {
	return func(ctx context.Context, db *duck.DB) error {
		var forest Forest
		rows, err := db.Query(ctx, "select a_node, b_node from "+edges)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a, b int64
			if err := rows.Scan(&a, &b); err != nil {
				return err
			}
			forest.Join(a, b)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		return db.Append(ctx, "link", table, func(add func(...any) error) error {
			for _, n := range forest.Members() {
				if err := add(n, forest.Group(n)); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
