package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/workspace"
	"doudi/sources"
)

// list is how a kind of list stands tonight.
type list struct {
	roll   string
	files  int      // read, or there and empty
	broken []string // why it cannot be relied on: files refused, two states of one roll
	stale  string   // why an entry that is not required is too old; "" where none is
	wanted bool     // an entry of doudi.yaml, or the program, requires it
	late   string   // why an entry that is required is too old, of which the gate decides
	age    int      // in days of the required entry that is furthest over its limit; -1 where none has a file
	fresh  int      // the days that entry may be old, -1 where there is no limit
	blank  bool     // every file that was read has no record: there, and empty
	holds  []string // of broken, what an entry that is required brought
	absent []string // where a file should lie, by the entries that require one, and none does
}

// usable says whether rules may rest on the list.
func (l *list) usable() bool {
	return l != nil && l.files > 0 && len(l.broken) == 0 && l.stale == ""
}

// why says in Chinese why the list is not usable.
func (l *list) why(roll string) string {
	title := rollTitle(roll)
	switch {
	case l == nil || l.files == 0 && len(l.broken) == 0:
		return "缺名册：" + title
	case len(l.broken) > 0:
		return "名册读不了：" + title + "（" + l.broken[0] + "）"
	default:
		return "名册过期：" + title + "（" + l.stale + "）"
	}
}

func rollTitle(roll string) string {
	if kind, ok := sources.KindOf(roll); ok {
		return kind.Title
	}
	return roll
}

// lists tells how every kind of list stands tonight.
func (r *run) lists() map[string]*list {
	lists := map[string]*list{}
	of := func(roll string) *list {
		if lists[roll] == nil {
			lists[roll] = &list{roll: roll, age: -1, fresh: -1}
		}
		return lists[roll]
	}
	for _, roll := range []string{"dibao_persons", "register"} {
		if !slices.ContainsFunc(r.workspace.Sources, func(s workspace.Source) bool { return s.Roll == roll }) {
			of(roll).wanted, of(roll).absent = true, []string{"inbox/" + roll}
		}
	}
	latest := make([]time.Time, len(r.workspace.Sources)) // as_of of what an entry has
	beside := make([][]string, len(r.workspace.Sources))  // lists that came along with an entry's own: families with persons
	for _, f := range r.receipts() {
		l := of(f.Roll)
		if f.Status == "refused" {
			l.broken = append(l.broken, f.File+"："+f.Note)
			if r.workspace.Sources[f.input.Entry].IsRequired() {
				of(f.input.Roll).holds = append(of(f.input.Roll).holds, f.File+"："+f.Note)
			}
			if l.roll != f.input.Roll {
				entry := of(f.input.Roll)
				entry.broken = append(entry.broken, f.File+"："+f.Note)
			}
			continue
		}
		accepted := int64(0)
		for _, s := range f.Sheets {
			accepted += s.Accepted
		}
		l.blank = (l.files == 0 || l.blank) && accepted == 0
		l.files++
		if at := &latest[f.input.Entry]; f.input.AsOf.After(*at) {
			*at = f.input.AsOf
		}
		if f.Roll != f.input.Roll {
			beside[f.input.Entry] = append(beside[f.input.Entry], f.Roll)
		}
	}
	for i, s := range r.workspace.Sources {
		l := of(s.Roll)
		if s.IsRequired() && (r.listing.Found[i] == 0 || l.files == 0 && len(l.broken) == 0) {
			l.absent = append(l.absent, s.Label())
		}
		l.wanted = l.wanted || s.IsRequired()
		if !latest[i].IsZero() {
			l.grow(s.IsRequired(), latest[i], r.Date, r.freshDays(s))
		}
		for _, roll := range beside[i] {
			if !s.IsRequired() {
				of(roll).grow(false, latest[i], r.Date, r.freshDays(s))
			}
		}
	}
	return lists
}

// freshDays is how old an entry's latest file may be; -1 for no limit. Of those
// that are required the gate may set another limit.
func (r *run) freshDays(s workspace.Source) int {
	if limit := r.gate("fresh").Limit; s.IsRequired() && limit >= 0 {
		return int(limit / 100)
	}
	if s.FreshDays == nil {
		return -1
	}
	return *s.FreshDays
}

// grow counts an entry's age into its list's: of those required the one
// furthest over its limit stands for the list.
func (l *list) grow(required bool, asOf, night time.Time, fresh int) {
	age := max(int(night.Sub(asOf).Hours()/24), 0)
	why := ""
	if fresh >= 0 && age > fresh {
		why = fmt.Sprintf("数据日期 %s，已 %d 天，超过 %d 天", asOf.Format(time.DateOnly), age, fresh)
	}
	if !required {
		if why != "" {
			l.stale = why
		}
		return
	}
	over := func(age, fresh int) int {
		if fresh < 0 {
			return age - 1<<30
		}
		return age - fresh
	}
	if l.age < 0 || over(age, fresh) > over(l.age, l.fresh) {
		l.age, l.fresh, l.late = age, fresh, why
	}
}

// hold stops the night where a required list is absent or cannot be read whole:
// no gate can let that pass. A broken list that is not required costs only the
// rules that need it.
func (r *run) hold(ctx context.Context) error {
	if err := r.openDatabase(ctx); err != nil {
		return err
	}
	if err := r.refuseTwoStates(ctx); err != nil {
		return err
	}
	if reasons := r.heldBy(); len(reasons) > 0 {
		return &Held{Reasons: reasons}
	}
	return nil
}

// heldBy are the reasons for which tonight cannot be published; what an entry
// that is not required brought is no reason. A list that is there and empty is
// read as it is, and said.
func (r *run) heldBy() []string {
	lists := r.lists()
	var reasons, broken []string
	for _, roll := range rolls(lists) {
		l := lists[roll]
		broken = append(broken, l.broken...)
		if l.blank {
			r.summary.Notes = append(r.summary.Notes, fmt.Sprintf("%s（%s）：名册在，里面没有一条记录；按空名册核对，与没有放入名册不同", rollTitle(roll), roll))
		}
		reasons = append(reasons, l.holds...)
		if len(l.absent) > 0 {
			reasons = append(reasons, fmt.Sprintf("必需的名册没有文件：%s（%s），请放入 %s", rollTitle(roll), roll, strings.Join(l.absent, "、")))
		}
	}
	for _, why := range broken {
		if !slices.Contains(reasons, why) && !slices.Contains(r.summary.Refused, why) {
			r.summary.Refused = append(r.summary.Refused, why)
		}
	}
	return reasons
}

func rolls(lists map[string]*list) []string {
	names := make([]string, 0, len(lists))
	for roll := range lists {
		names = append(names, roll)
	}
	sort.Strings(names)
	return names
}

// ofOneState are the lists of which a folder must hold one state alone: two
// files of one entry with different dates that share over half of the smaller
// one's valid IDs are two states of one roll.
var ofOneState = []string{"dibao_persons", "dibao_families", "register", "tekun", "edge", "rigid_spending", "disability", "children"}

// refuseTwoStates refuses the lists of which two states lie side by side.
func (r *run) refuseTwoStates(ctx context.Context) error {
	type states struct {
		roll  string
		entry int
	}
	files := map[states][]receipt{}
	var order []states
	for _, f := range r.receipts() {
		s := states{f.Roll, f.input.Entry}
		if f.Status == "read" && slices.Contains(ofOneState, f.Roll) && !r.workspace.Sources[f.input.Entry].Newest {
			if files[s] == nil {
				order = append(order, s)
			}
			files[s] = append(files[s], f)
		}
	}
	for _, s := range order {
		if !slices.ContainsFunc(files[s], func(f receipt) bool { return !f.input.AsOf.Equal(files[s][0].input.AsOf) }) {
			continue
		}
		var parts, dates []string
		for _, f := range files[s] {
			for _, part := range f.Records {
				parts = append(parts, filepath.Join(r.store.entry(f.input.Key), part))
			}
			dates = append(dates, fmt.Sprintf("(%s, date %s)", duck.Text(f.File), duck.Text(f.input.AsOf.Format(time.DateOnly))))
		}
		if len(parts) == 0 {
			continue
		}
		pairs, err := duck.Collect(ctx, r.db, fmt.Sprintf(`
			with dates(file, as_of) as (values %s),
			ids as (select distinct file, as_of, id_key from read_parquet(%s) join dates using (file) where id_key is not null),
			sizes as (select file, count(*) as ids from ids group by file)
			select a.file, b.file
			from ids a
			join ids b on b.id_key = a.id_key and b.as_of > a.as_of
			join sizes sa on sa.file = a.file
			join sizes sb on sb.file = b.file
			group by a.file, b.file
			having count(*) * 2 > min(least(sa.ids, sb.ids))
			order by a.file, b.file`, strings.Join(dates, ", "), duck.List(parts)),
			func(rows *duck.Rows) (p [2]string, err error) { return p, rows.Scan(&p[0], &p[1]) })
		if err != nil {
			return err
		}
		for _, p := range pairs {
			note := fmt.Sprintf("与 %s 是同一名册的两期，请移走旧的一期，或在 doudi.yaml 里写 newest: true", p[1])
			r.refuse(p[0], s.roll, note)
			r.refuse(p[1], s.roll, fmt.Sprintf("与 %s 是同一名册的两期，请移走旧的一期，或在 doudi.yaml 里写 newest: true", p[0]))
		}
	}
	return nil
}

// refuse turns what was read of a file into a refusal.
func (r *run) refuse(file, roll, note string) {
	for i := range r.inputs {
		for j := range r.inputs[i].Receipts {
			if got := &r.inputs[i].Receipts[j]; got.File == file && got.Roll == roll {
				refused := *got
				refused.Status, refused.Note, refused.Sheets, refused.Records, refused.Rejects = "refused", note, nil, nil, nil
				r.inputs[i].Receipts[j] = refused
			}
		}
	}
}
