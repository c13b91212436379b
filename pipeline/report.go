package pipeline

import (
	"context"
	"path/filepath"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/publish"
	"doudi/pipeline/report"
)

// Report writes the workbooks and the page of a published night (zero: the
// latest) again, from what is published alone, as a new snapshot. It gives the
// path of the page.
func Report(ctx context.Context, n Night) (string, error) {
	w, err := openWorkspace(n.Dir)
	if err != nil {
		return "", err
	}
	if err := mustBePublished(w, n.Date); err != nil {
		return "", err
	}
	n.Offline = true
	r, err := begin(ctx, n)
	if err != nil {
		return "", err
	}
	defer r.end()
	if err := r.again(ctx); err != nil {
		return "", err
	}
	return reportPath(r.snapshot.Dir, r.Date), nil
}

// again makes the reports of r.Date anew.
func (r *run) again(ctx context.Context) error {
	current, nights, err := publish.Current(r.workspace.Publish)
	if err != nil {
		return err
	}
	if !r.asked {
		r.Date = nights[len(nights)-1]
	}
	if !detailed(current, r.Date) {
		return &Refused{r.Date.Format(time.DateOnly) + " 这一晚的明细已按 retain 不再保留，报表做不出来；保留的是 findings、rules、sources"}
	}
	fingerprint, err := publish.Fingerprint(r.workspace.Publish, r.Date)
	if err != nil {
		return err
	}
	if err := r.openDatabase(ctx); err != nil {
		return err
	}
	sets := append(r.datasets(), runsDataset)
	if err := viewPublished(ctx, r.db, current, r.Date, sets); err != nil {
		return err
	}
	in := reportInput(r.workspace, r.policy, r.graph, r.Date, r.spill())
	for _, night := range nights {
		if night.Before(r.Date) {
			in.LastNight = night
			if in.LastFields = ""; detailed(current, night) {
				in.LastFields = readPart(current, "finding_fields", night)
			}
		}
	}
	if r.snapshot, err = r.beginSnapshot(ctx, true); err != nil {
		return err
	}
	for _, d := range sets {
		if err := r.snapshot.Describe(ctx, r.db, d, "select * from published."+d.Name); err != nil {
			return err
		}
	}
	if err := r.snapshot.Clear("reports"); err != nil {
		return err
	}
	if _, err := report.Write(ctx, r.db, in, filepath.Join(r.snapshot.Dir, r.snapshot.Partition("reports"))); err != nil {
		return err
	}
	return r.snapshot.Finish(ctx, publish.Night{Program: r.Program, Fingerprint: fingerprint, Seconds: time.Since(r.began).Seconds()})
}

// partPath is a night's file of a dataset in a snapshot.
func partPath(snapshot, dataset string, night time.Time) string {
	return filepath.Join(snapshot, dataset, "night="+night.Format(time.DateOnly), "part-0.parquet")
}

// readPart reads a night's file of a dataset, as SQL.
func readPart(snapshot, dataset string, night time.Time) string {
	return "read_parquet(" + duck.Text(partPath(snapshot, dataset, night)) + ", hive_partitioning = false)"
}

// readNights reads files of one dataset with the nights in their paths, as SQL;
// a column that a night does not have is null.
func readNights(files []string) string {
	return "read_parquet(" + duck.List(files) + ", hive_partitioning = true, hive_types = {'night': date}, union_by_name = true)"
}
