package main

import (
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"

	"doudi/sql"
)

// way is the linker with some of its models changed.
type way struct {
	name  string
	edits []edit
}

// edit puts another text in a model's; a text that is not there is an error, for
// the model has moved on and the way must follow.
type edit struct{ file, old, new string }

// candidates publishes the candidates of dibao and the register in the place of
// the links between other lists.
var candidates = []edit{
	{"report/links_other.sql", "from link.links as links", `from (
		select 'dibao_persons' as a_roll, 'register' as b_roll, a_record, b_record, 'candidate' as method,
			cast(0 as decimal(9, 4)) as weight, cast(0 as decimal(9, 8)) as probability,
			0 as ground, pattern, 'review' as decision, cast(null as varchar) as repair
		from link.candidates) as links`},
	{"report/links_other.sql", "where not (links.a_roll = 'dibao_persons' and links.b_roll = 'register')", ""},
}

const (
	agreement = "name_agreement(a.name_fold, b.name_fold, a.surname, b.surname)"
	// byteAgreement is agreement by a distance over bytes, as DuckDB has it and
	// as Splink uses it by default: from 0.92 and 0.88 on two names are alike.
	byteAgreement = `case when a.name_fold = b.name_fold then 6
		when jaro_winkler_similarity(a.name_fold, b.name_fold) >= 0.92 then 4
		when jaro_winkler_similarity(a.name_fold, b.name_fold) >= 0.88 then 3
		when a.surname = b.surname then 1 else 0 end`
)

// ablations are the linker with one part off at a time.
var ablations = []way{
	{"no household", []edit{
		{"link/household_pairs.sql", "group by possible.dibao_household", "where false group by possible.dibao_household"},
	}},
	{"no ID repair", []edit{
		{"link/met_by_number.sql", "where repairs.kind <> 'excel'", "where false"},
		{"link/met_by_number.sql", "where repairs.kind = 'excel'", "where false"},
		{"link/troubled.sql", "from link.repairs", "from link.repairs where false"},
		{"link/outsider_candidates.sql", "where repairs.kind <> 'excel'", "where false"},
	}},
	{"names compared by bytes", []edit{
		{"link/alike_names.sql", "name_level(a.name_fold, b.name_fold) > 0", "jaro_winkler_similarity(a.name_fold, b.name_fold) >= 0.88"},
		{"link/met_by_place.sql", "persons.name_sound = unnumbered.name_sound", "persons.name_fold = unnumbered.name_fold"},
		{"link/candidates.sql", agreement, byteAgreement},
		{"link/lessons.sql", agreement, byteAgreement},
		{"link/links.sql", agreement, byteAgreement},
	}},
	{"no term frequency", []edit{
		{"link/candidates.sql", "coalesce(village_surnames.share_millionths, surnames.share_millionths) as surname_millionths", "cast(null as bigint) as surname_millionths"},
		{"link/candidates.sql", "given_names.share_millionths as given_millionths", "cast(null as bigint) as given_millionths"},
	}},
	// Rivals share an identity: where each candidate has two of its own there are none.
	{"no one-to-one", []edit{
		{"link/candidates.sql", "a.identity as a_node", "2 * row_number() over (order by compared.a_record, compared.b_record) as a_node"},
		{"link/candidates.sql", "b.identity as b_node", "2 * row_number() over (order by compared.a_record, compared.b_record) + 1 as b_node"},
		{"link/edges.sql", "decided.a_node, decided.b_node,", "a.identity, b.identity,"},
		{"link/edges.sql", "from link.decided\n", `from link.decided
			inner join link.identities as a on a.record = decided.a_record
			inner join link.identities as b on b.record = decided.b_record
			`},
	}},
}

// models are those built in, with the edits of the way, and the candidates.
func (w way) models() (fs.FS, error) {
	files := fstest.MapFS{}
	err := fs.WalkDir(sql.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(sql.Files, path)
		files[path] = &fstest.MapFile{Data: text, Mode: 0o400}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, e := range append(candidates[:len(candidates):len(candidates)], w.edits...) {
		file := files[e.file]
		if file == nil || !strings.Contains(string(file.Data), e.old) {
			return nil, fmt.Errorf("%s no longer says %q", e.file, e.old)
		}
		file.Data = []byte(strings.ReplaceAll(string(file.Data), e.old, e.new))
	}
	return files, nil
}
