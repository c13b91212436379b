package pipeline

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"doudi/pipeline/publish"
	"doudi/sources"
)

// keptAlways are the datasets whose partitions never go: what was found, by
// which rules, from which files. States and the gates' history rest on them.
var keptAlways = []string{"findings", "rules", "sources"}

// keeps says whether tonight's snapshot has an earlier night's partition of a
// dataset: all of them where `retain` is not given. The night before tonight's is
// kept whatever its age, for tonight is compared with it. Nights after tonight
// are none of its business.
func (r *run) keeps(dataset string, night, before time.Time) bool {
	return r.workspace.Retain == 0 || slices.Contains(keptAlways, dataset) ||
		!night.Before(r.Date.AddDate(0, 0, -r.workspace.Retain)) || night.Equal(before)
}

// restsOn says on which partitions of the nights before it tonight rests, of
// those that it keeps: findings, rules and sources of all, the lists of the one
// before it, which the bridge compares, and those who were on dibao as far back
// as an exit counts.
func (r *run) restsOn() (func(dataset string, night time.Time) bool, error) {
	_, nights, err := publish.Current(r.workspace.Publish)
	if err != nil {
		return nil, err
	}
	before := nightBefore(nights, r.Date)
	since := r.Date.AddDate(0, -r.leftMonths(), 0)
	return func(dataset string, night time.Time) bool {
		_, isList := sources.KindOf(dataset)
		switch {
		case !night.Before(r.Date) || !r.keeps(dataset, night, before):
			return false
		case slices.Contains(keptAlways, dataset):
			return true
		case dataset == "dibao_persons" && !night.Before(since):
			return true
		}
		return night.Equal(before) && (isList || dataset == "persons" || dataset == "gates")
	}, nil
}

// leftMonths are the months for which an exit counts anywhere in the workspace,
// rounded up by one: days of a month are counted differently in SQL.
func (r *run) leftMonths() int {
	most := 0.0
	for _, p := range r.policy.Parameters {
		if months, err := strconv.ParseFloat(p.Value, 64); err == nil && p.Name == "left_months" && p.InForce(r.Date) {
			most = max(most, months)
		}
	}
	return int(most) + 1
}

// nightBefore is the latest of some nights, in order, before another; zero where
// there is none.
func nightBefore(nights []time.Time, night time.Time) (before time.Time) {
	for _, n := range nights {
		if n.Before(night) {
			before = n
		}
	}
	return before
}

// detailed says whether a snapshot still has a night's details, which `retain`
// lets go.
func detailed(snapshot string, night time.Time) bool {
	_, err := os.Stat(partPath(snapshot, "finding_fields", night))
	return err == nil
}

// tellRetired writes into the ledger what went of earlier nights, a row a
// dataset.
func (r *run) tellRetired(gone []publish.Retired) {
	for _, g := range gone {
		r.ledger = append(r.ledger, ledgerRow{
			Step: "retain." + g.Dataset, Rows: g.Rows,
			Note: fmt.Sprintf("按 retain: %d 不再保留 %d 晚的分区：%s", r.workspace.Retain, len(g.Nights), strings.Join(g.Nights, "、")),
		})
	}
	if len(gone) > 0 {
		r.Log.Info("retain", "days", r.workspace.Retain, "datasets", len(gone))
	}
}
