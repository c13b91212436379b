-- What the workbooks and the page are made from, out of tonight's published
-- datasets (schema published) and the words of officers.* that Go has put in.
-- Nothing here is published itself: the schema is dropped when all is written.

-- A row a finding: where it is shown, in which order, whose money it is.
create table officers.findings as
select
    findings.finding_id,
    findings.rule,
    findings.side,
    findings.certainty,
    findings.state,
    findings.first_night,
    findings.nights_open,
    findings.suppressed_by,
    findings.subject,
    coalesce(findings.town, '') as town,
    coalesce(findings.village, '') as village,
    findings.name,
    findings.id_no,
    findings.dibao_household,
    findings.register_household,
    findings.month_fen,
    findings.total_fen,
    findings.reason,
    findings.basis,
    coalesce(findings.area_code, '') as area_code,
    -- The workbook: a town, told apart by its code where two share a name.
    case when settings.above_county then left(coalesce(findings.area_code, ''), 6) else '' end as county,
    case
        when coalesce(findings.town, '') = '' then ''
        when length(findings.area_code) >= 9 then left(findings.area_code, 9)
        else ''
    end || '/' || coalesce(findings.town, '') as place,
    findings.state = 'gone' as is_gone,
    findings.suppressed_by is not null as is_suppressed,
    coalesce('d' || findings.dibao_household, 'r' || findings.register_household) as household,
    case
        when findings.subject not in ('household', 'area')
            then coalesce(
                findings.id_no,
                concat_ws('|', findings.name, findings.dibao_household, findings.register_household)
            )
    end as person,
    -- Owed to a household, or paid too much: both as positive amounts.
    case
        when coalesce(rules.overpays, findings.side = 'should_exit') then 0
        else greatest(coalesce(findings.month_fen, 0), 0)
    end as owed_fen,
    case
        when coalesce(rules.overpays, findings.side = 'should_exit')
            then abs(coalesce(findings.month_fen, 0))
        else greatest(-coalesce(findings.month_fen, 0), 0)
    end as over_fen,
    coalesce(rules.title, findings.rule) as title,
    coalesce(rules.pos, 1000) as rule_pos
from published.findings as findings
cross join officers.settings as settings
left join officers.rules as rules using (rule);

-- A row a fact as an officer reads it: 标签：值, marked where the last night
-- said something else.
create table officers.facts as
with tonight as (
    select
        fields.finding_id,
        findings.rule,
        findings.state = 'changed' as is_changed,
        coalesce(fields.roll, '') as roll,
        fields.field,
        coalesce(fields.value, '') as value,
        coalesce(fields.file, '') as file,
        coalesce(fields.sheet, '') as sheet,
        coalesce(fields.row, 0) as row,
        fields.as_of
    from published.finding_fields as fields
    inner join officers.findings as findings using (finding_id)
),

fell_away as (
    select
        before.finding_id,
        before.roll,
        before.field,
        string_agg(before.value, '、' order by before.value) as value
    from officers.before as before
    anti join tonight
        on before.finding_id = tonight.finding_id
        and before.roll = tonight.roll
        and before.field = tonight.field
        and before.value = tonight.value
    group by all
),

marked as (
    select
        tonight.*,
        tonight.is_changed
            and before.finding_id is null
            and (select count(*) from officers.before) > 0 as is_marked
    from tonight
    left join officers.before as before
        on tonight.finding_id = before.finding_id
        and tonight.roll = before.roll
        and tonight.field = before.field
        and tonight.value = before.value
),

shown as (
    select
        marked.finding_id, marked.rule, marked.roll, marked.field, marked.value,
        marked.file, marked.sheet, marked.row, marked.as_of, marked.is_marked,
        case when marked.is_marked then fell_away.value end as value_before
    from marked
    left join fell_away using (finding_id, roll, field)
    union all
    -- A fact that is no longer there at all.
    select
        fell_away.finding_id, findings.rule, fell_away.roll, fell_away.field, null,
        '', '', 0, null, true, fell_away.value
    from fell_away
    inner join officers.findings as findings using (finding_id)
    anti join marked
        on marked.finding_id = fell_away.finding_id
        and marked.roll = fell_away.roll
        and marked.field = fell_away.field
        and marked.is_marked
),

worded as (
    select
        shown.*,
        coalesce(rolls.cell, 'other') as cell,
        coalesce(rolls.title, case when shown.roll = '' then '核算' else shown.roll end) as roll_title,
        coalesce(rolls.pos, 1000) as roll_pos,
        coalesce(fields.pos, 1000) as field_pos,
        coalesce(own.label, labels.label, shown.field) as label,
        case
            when shown.value is null then '无'
            when shown.value = '' then '（空）'
            when shown.value = 'true' then '是'
            when shown.value = 'false' then '否'
            else coalesce(words.word, replace(shown.value, chr(10), ' '))
        end as text,
        case
            when shown.value_before = '' then '（空）'
            when shown.value_before = 'true' then '是'
            when shown.value_before = 'false' then '否'
            else coalesce(words_before.word, replace(shown.value_before, chr(10), ' '))
        end as text_before
    from shown
    left join officers.rolls as rolls using (roll)
    left join officers.fields as fields using (rule, roll, field)
    left join officers.labels as labels using (roll, field)
    left join officers.labels as own on own.roll = 'rule ' || shown.rule and own.field = shown.field
    left join officers.words as words
        on words.rule = shown.rule and words.field = shown.field and words.code = shown.value
    left join officers.words as words_before
        on words_before.rule = shown.rule
        and words_before.field = shown.field
        and words_before.code = shown.value_before
)

select
    finding_id, cell, roll, roll_title, roll_pos, file, sheet, row, as_of, field_pos, label,
    case when is_marked then '▲' else '' end
        || label || '：' || text
        || coalesce('（原：' || text_before || '）', '') as text
from worded;

-- A row a finding: the facts of the two sides and of all other rolls, one text
-- a cell. One record of a roll is a line a fact; of several each is a line.
create table officers.cells as
with records as (
    select
        finding_id, cell, roll, roll_title, roll_pos, file, sheet, row,
        max(as_of) as as_of,
        string_agg(text, chr(10) order by field_pos, label, text) as lines,
        string_agg(text, '；' order by field_pos, label, text) as line
    from officers.facts
    group by all
),

counted as (
    select
        *,
        count(*) over (partition by finding_id, roll) as records,
        row_number() over (partition by finding_id, roll order by file, sheet, row) as no
    from records
),

blocks as (
    select
        finding_id, cell, roll, roll_pos,
        '【' || roll_title || coalesce(' ' || strftime(max(as_of), '%Y-%m-%d'), '') || '】' || chr(10)
            || case
                when max(records) = 1 then max(lines)
                else string_agg(no || '）' || line, chr(10) order by no) filter (where no <= 12)
            end
            || case
                when max(records) > 12
                    then chr(10) || '……共' || max(records) || '条，余见数据集 finding_fields'
                else ''
            end as text
    from counted
    group by finding_id, cell, roll, roll_pos, roll_title
)

select
    finding_id,
    string_agg(text, chr(10) order by roll_pos, roll) filter (where cell = 'dibao') as dibao,
    string_agg(text, chr(10) order by roll_pos, roll) filter (where cell = 'register') as register,
    string_agg(text, chr(10) order by roll_pos, roll) filter (where cell = 'other') as other
from blocks
group by finding_id;

-- A row a finding that rests on a link other than an equal ID: between two of
-- its records, or, where its two households are known, between their members
-- when none of them is linked by an equal ID.
create table officers.ties as
with evidence as (
    select distinct
        finding_id,
        roll,
        file,
        coalesce(sheet, '') as sheet,
        row
    from published.finding_fields
    where file is not null
),

links as (
    select
        'dibao_persons' as a_roll, dibao_file as a_file, coalesce(dibao_sheet, '') as a_sheet, dibao_row as a_row,
        'register' as b_roll, register_file as b_file, coalesce(register_sheet, '') as b_sheet, register_row as b_row,
        method, probability
    from published.links
    where decision = 'linked'
),

others as (
    select
        a_roll, a_file, coalesce(a_sheet, '') as a_sheet, a_row,
        b_roll, b_file, coalesce(b_sheet, '') as b_sheet, b_row,
        method, probability
    from published.links_other
    where decision = 'linked'
),

weaker as (
    select * from links where method <> 'exact_id'
    union all
    select * from others where method <> 'exact_id'
),

between_records as (
    select a.finding_id, weaker.method, weaker.probability
    from weaker
    inner join evidence as a
        on weaker.a_roll = a.roll and weaker.a_file = a.file
        and weaker.a_sheet = a.sheet and weaker.a_row = a.row
    inner join evidence as b
        on weaker.b_roll = b.roll and weaker.b_file = b.file
        and weaker.b_sheet = b.sheet and weaker.b_row = b.row
        and a.finding_id = b.finding_id
),

members as (
    select roll, file, coalesce(sheet, '') as sheet, row, household
    from published.persons
    where roll in ('dibao_persons', 'register') and household is not null
),

household_links as (
    select
        dibao.household as dibao_household,
        register.household as register_household,
        links.method,
        links.probability
    from links
    inner join members as dibao
        on dibao.roll = 'dibao_persons' and links.a_file = dibao.file
        and links.a_sheet = dibao.sheet and links.a_row = dibao.row
    inner join members as register
        on register.roll = 'register' and links.b_file = register.file
        and links.b_sheet = register.sheet and links.b_row = register.row
),

between_households as (
    select findings.finding_id, household_links.method, household_links.probability
    from officers.findings as findings
    inner join household_links using (dibao_household, register_household)
    anti join household_links as certain
        on certain.dibao_household = findings.dibao_household
        and certain.register_household = findings.register_household
        and certain.method = 'exact_id'
    anti join between_records
        on between_records.finding_id = findings.finding_id
    where findings.subject in ('household', 'payment')
),

all_ties as (
    select * from between_records
    union all
    select * from between_households
),

methods as (
    select
        all_ties.finding_id,
        coalesce(words.word, all_ties.method) as method,
        min(all_ties.probability) as probability
    from all_ties
    left join officers.methods as words using (method)
    group by all
)

select
    finding_id,
    string_agg(
        method || coalesce('（概率' || cast(cast(probability * 100 as decimal(9, 2)) as varchar) || '%）', ''),
        chr(10)
        order by method
    ) as text
from methods
group by finding_id;

-- Counts and sums at every level that a table or chart shows. Findings that
-- are gone or suppressed are counted apart; households and persons are each
-- counted once a level, so they do not add up over sides.
create table officers.figures as
select
    grouping(county, place, village, side, rule) as level,
    county, place, village, side, rule,
    count(*) filter (where state = 'new' and not is_suppressed) as new,
    count(*) filter (where state = 'changed' and not is_suppressed) as changed,
    count(*) filter (where state = 'reopened' and not is_suppressed) as reopened,
    count(*) filter (where state = 'open' and not is_suppressed) as open,
    count(*) filter (where is_gone and not is_suppressed) as gone,
    count(*) filter (where is_suppressed and not is_gone) as suppressed,
    count(*) filter (where state in ('open', 'changed', 'gone')) as last_all,
    count(*) filter (where state = 'new') as new_all,
    count(*) filter (where state = 'reopened') as reopened_all,
    count(*) filter (where state = 'changed') as changed_all,
    count(*) filter (where is_gone) as gone_all,
    count(distinct household) filter (where not is_gone and not is_suppressed) as households,
    count(distinct person) filter (where not is_gone and not is_suppressed) as persons,
    cast(coalesce(sum(owed_fen) filter (where not is_gone and not is_suppressed), 0) as bigint) as owed_fen,
    cast(coalesce(sum(over_fen) filter (where not is_gone and not is_suppressed), 0) as bigint) as over_fen,
    cast(coalesce(sum(total_fen) filter (where not is_gone and not is_suppressed), 0) as bigint) as total_fen
from officers.findings
group by grouping sets (
    (), (side), (side, rule), (county), (county, side),
    (county, place), (county, place, side), (county, place, side, rule), (county, place, village)
);

-- A row a finding as it stands in a town's workbook: sheets 1 to 5 are the
-- sides, 6 holds what an exception, a waiver or a verdict suppresses. What is
-- new comes first, what is gone last; then the surer, then the larger sum.
create table officers.rows as
with numbered as (
    select
        findings.*,
        case
            when is_suppressed then 6
            else list_position(['should_enter', 'should_exit', 'should_pay', 'conflict', 'data_error'], side)
        end as sheet_no,
        list_position(['new', 'changed', 'reopened', 'open', 'gone'], state) as state_no
    from officers.findings as findings
),

ordered as (
    select
        *,
        row_number() over (
            partition by county, place, sheet_no
            order by state_no, certainty, abs(month_fen) desc nulls last, village, rule_pos, rule, finding_id
        ) as no
    from numbered
)

select
    ordered.*,
    cast((no - 1) // (select rows_a_sheet from officers.settings) + 1 as integer) as part,
    cells.dibao,
    cells.register,
    cells.other,
    ties.text as tie
from ordered
left join officers.cells as cells using (finding_id)
left join officers.ties as ties using (finding_id)
order by county, place, part, sheet_no, no;
