package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/publish"
	"doudi/sources/clean"
)

// leaver is a person as an earlier night had them on dibao.
type leaver struct {
	night                   time.Time
	person, household, name duck.Null[string]
	idNo, town, village     duck.Null[string]
	birth                   duck.Null[time.Time]
}

// onDibao is true of a row of dibao_persons that is on dibao in a month: the
// same as normal.dibao says of tonight's, of a row as it is published.
const onDibao = `coalesce(covered, true) and coalesce(state in ('active', 'paid', 'normal'), true)
	and coalesce(stop_month > date_trunc('month', %s), true)`

// loadLeavers gives tonight who was on dibao in an earlier night, as far back
// as an exit counts, with the last such night. Those whom tonight's roll still
// has in that household, by ID and name, have left nothing: the table is as
// small as they are few. Nights on which nothing had changed are read once.
// Where tonight has no roll of dibao, nobody has left it.
func (r *run) loadLeavers(ctx context.Context, snapshot string, earlier []time.Time) error {
	since, err := duck.Value[time.Time](ctx, r.db, `
		select cast(night() - to_months(cast(coalesce(max(value), 0) as integer)) as date)
		from policy.parameters
		where name = 'left_months' and (valid_from is null or valid_from <= night()) and (valid_to is null or night() < valid_to)`)
	if err != nil {
		return err
	}
	files, err := distinctParts(snapshot, "dibao_persons", since, earlier)
	if err != nil || len(files) == 0 {
		return err
	}
	leavers, err := duck.Collect(ctx, r.db, fmt.Sprintf(`
		select max(night), person, household, name, id_no, town, village, birth
		from %s past
		anti join (select id_no, name, household_no from raw.dibao_persons where %s) tonight
			on tonight.id_no = past.id_no and tonight.name = past.name
			and tonight.household_no is not distinct from past.household_no
		where %s and exists (from raw.dibao_persons)
		group by all order by all`,
		readNights(files), fmt.Sprintf(onDibao, "night()"), fmt.Sprintf(onDibao, "night")),
		func(rows *duck.Rows) (l leaver, err error) {
			return l, rows.Scan(&l.night, &l.person, &l.household, &l.name, &l.idNo, &l.town, &l.village, &l.birth)
		})
	if err != nil {
		return err
	}
	return r.db.Append(ctx, "past", "leavers", func(add func(...any) error) error {
		for i, l := range leavers {
			id, birth := clean.ParseID(l.idNo.V), any(nil)
			if l.birth.Valid {
				birth = l.birth.V
			} else if id.Birth != clean.NoDate {
				year, month, date := id.Birth.Civil()
				birth = time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
			}
			key := any(nil)
			if id.Key != 0 {
				key = id.Key
			}
			if err := add(int64(i+1), l.night, textOrNull(l.person.V), textOrNull(l.household.V),
				textOrNull(clean.ParseName(l.name.V).Fold), key, birth, textOrNull(l.town.V), textOrNull(l.village.V)); err != nil {
				return err
			}
		}
		return nil
	})
}

// distinctParts are the files of a dataset from a night on; of nights of one
// month that are the same to the byte, the latest.
func distinctParts(snapshot, dataset string, since time.Time, nights []time.Time) ([]string, error) {
	manifest, err := publish.ReadManifest(snapshot)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for _, f := range manifest.Files {
		sums[filepath.Join(snapshot, filepath.FromSlash(f.Path))] = f.SHA256
	}
	var files []string
	seen := map[string]bool{}
	for _, night := range slices.Backward(nights) {
		if night.Before(since) {
			break
		}
		file := partPath(snapshot, dataset, night)
		if sums[file] == "" { // let go by retain
			continue
		}
		content := night.Format("2006-01 ") + sums[file]
		if !seen[content] {
			seen[content], files = true, append(files, file)
		}
	}
	return files, nil
}
