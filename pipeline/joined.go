package pipeline

import (
	"context"
	"fmt"
	"slices"

	"doudi/pipeline/duck"
	"doudi/pipeline/model"
)

// Joined does a night as far as the findings of its rules, who is who from
// nothing, and publishes nothing: look is given the database with every table
// that the models of normal, link and finding were given or have made. The table
// of a rule that is skipped is not there.
func Joined(ctx context.Context, n Night, look func(db *duck.DB, graph *model.Graph) error) error {
	r, err := begin(ctx, n)
	if err != nil {
		return err
	}
	defer r.end()
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"read", r.read},
		{"hold", r.hold},
		{"load", r.load},
		{"join", r.joinAll},
		{"look", func(context.Context) error { return look(r.db, r.graph.Graph) }},
	} {
		if err := r.step(ctx, step.name, step.do); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

// joinAll makes all that a night may join, whoever reads it, and keeps it.
func (r *run) joinAll(ctx context.Context) error {
	if err := r.decideRules(ctx); err != nil {
		return err
	}
	tables := slices.DeleteFunc(r.graph.Names(), func(table string) bool {
		return slices.ContainsFunc(r.summary.Rules, func(c RuleCount) bool {
			return "finding."+c.Rule == table && c.Status == "skipped"
		})
	})
	return r.make(ctx, nil, []string{"normal", "link", "finding"}, tables...)
}
