-- What the workbooks and the page are made from, out of tonight's published
-- datasets (schema published) and the words of officers.* that Go has put in.
-- Nothing here is published itself: the schema is dropped when all is written.

-- A row a finding: its facts in one text, taken apart again in Go, which sorts
-- and words them; two characters that no cell needs stand between.
create table officers.packed as
select
    finding_id,
    string_agg(
        concat_ws(
            chr(31),
            coalesce(roll, ''),
            field,
            case when value is null then '' else '=' || translate(value, chr(30) || chr(31), '  ') end,
            coalesce(file, ''),
            coalesce(sheet, ''),
            coalesce(row, 0),
            coalesce(cast(as_of as varchar), '')
        ),
        chr(30)
    ) as facts
from published.finding_fields
group by finding_id;

-- A row a finding that rests on a link other than an equal ID: between two of
-- its records, or, where its two households are known, between their members
-- when none of them is linked by an equal ID. Such links are few: begin there.
create table officers.weaker as
select
    'dibao_persons' as a_roll, dibao_file as a_file, coalesce(dibao_sheet, '') as a_sheet, dibao_row as a_row,
    'register' as b_roll, register_file as b_file, coalesce(register_sheet, '') as b_sheet, register_row as b_row,
    method, probability
from published.links
where decision = 'linked' and method <> 'exact_id'
union all
select
    a_roll, a_file, coalesce(a_sheet, ''), a_row,
    b_roll, b_file, coalesce(b_sheet, ''), b_row,
    method, probability
from published.links_other
where decision = 'linked' and method <> 'exact_id';

-- The pairs of households of findings that share a member by such a link.
create table officers.weaker_households as
with members as (
    select roll, file, coalesce(sheet, '') as sheet, row, household
    from published.persons
    where roll in ('dibao_persons', 'register') and household is not null
)

select distinct
    dibao.household as dibao_household,
    register.household as register_household,
    weaker.method,
    weaker.probability
from officers.weaker as weaker
inner join members as dibao
    on weaker.a_roll = dibao.roll and weaker.a_file = dibao.file
    and weaker.a_sheet = dibao.sheet and weaker.a_row = dibao.row
inner join members as register
    on weaker.b_roll = register.roll and weaker.b_file = register.file
    and weaker.b_sheet = register.sheet and weaker.b_row = register.row
semi join officers.findings as findings
    on dibao.household = findings.dibao_household
    and register.household = findings.register_household
where weaker.a_roll = 'dibao_persons' and weaker.b_roll = 'register';

create table officers.ties as
with members as (
    select persons.roll, persons.file, coalesce(persons.sheet, '') as sheet, persons.row, persons.household
    from published.persons as persons
    where
        (persons.roll = 'dibao_persons'
            and persons.household in (select dibao_household from officers.weaker_households))
        or (persons.roll = 'register'
            and persons.household in (select register_household from officers.weaker_households))
),

certain as (
    select distinct
        dibao.household as dibao_household,
        register.household as register_household
    from published.links as links
    inner join members as dibao
        on dibao.roll = 'dibao_persons' and links.dibao_file = dibao.file
        and coalesce(links.dibao_sheet, '') = dibao.sheet and links.dibao_row = dibao.row
    inner join members as register
        on register.roll = 'register' and links.register_file = register.file
        and coalesce(links.register_sheet, '') = register.sheet and links.register_row = register.row
    where links.decision = 'linked' and links.method = 'exact_id'
),

between_records as (
    select a.finding_id, weaker.method, weaker.probability
    from officers.weaker as weaker
    inner join published.finding_fields as a
        on weaker.a_roll = a.roll and weaker.a_file = a.file
        and weaker.a_sheet = coalesce(a.sheet, '') and weaker.a_row = a.row
    inner join published.finding_fields as b
        on weaker.b_roll = b.roll and weaker.b_file = b.file
        and weaker.b_sheet = coalesce(b.sheet, '') and weaker.b_row = b.row
        and a.finding_id = b.finding_id
),

between_households as (
    select findings.finding_id, weaker.method, weaker.probability
    from officers.findings as findings
    inner join officers.weaker_households as weaker using (dibao_household, register_household)
    anti join certain
        on certain.dibao_household = findings.dibao_household
        and certain.register_household = findings.register_household
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
-- sides, 6 holds what an exception, a waiver or a verdict suppresses. The surer
-- comes first, then the larger sum, then what is open the longest; what is gone
-- stands at the end.
create table officers.rows as
with numbered as (
    select
        findings.*,
        case
            when is_suppressed then 6
            else list_position(['should_enter', 'should_exit', 'should_pay', 'conflict', 'data_error'], side)
        end as sheet_no
    from officers.findings as findings
),

ordered as (
    select
        *,
        row_number() over (
            partition by county, place, sheet_no
            order by
                is_gone, certainty, abs(month_fen) desc nulls last, nights_open desc, village, rule_pos, rule, finding_id
        ) as no
    from numbered
)

select
    ordered.*,
    cast((no - 1) // (select rows_a_sheet from officers.settings) + 1 as integer) as part,
    packed.facts,
    before.facts as facts_before,
    ties.text as tie
from ordered
left join officers.packed as packed using (finding_id)
left join officers.before as before using (finding_id)
left join officers.ties as ties using (finding_id)
order by county, place, part, sheet_no, no;

-- A row a household with its findings, as it stands in a town's workbook
-- (一户一案): the household with the surest finding comes first, then the larger
-- sum, then what is open the longest; what is suppressed altogether last. A
-- side's findings are one text, a line each, with the number under which the
-- finding stands in its sheet, and the town where that is in another workbook.
create table officers.cases as
with placed as (
    select
        cases.*,
        coalesce('d' || cases.dibao_household, 'r' || cases.register_household) as household,
        case when settings.above_county then left(coalesce(cases.area_code, ''), 6) else '' end as county,
        case
            when coalesce(cases.town, '') = '' then ''
            when length(cases.area_code) >= 9 then left(cases.area_code, 9)
            else ''
        end || '/' || coalesce(cases.town, '') as place
    from published.cases as cases
    cross join officers.settings as settings
),

lines as (
    select
        placed.case_id,
        rows.side,
        rows.certainty,
        rows.nights_open,
        rows.is_suppressed,
        rows.no,
        rows.title || '（' || rows.certainty || '，'
        || case when rows.is_suppressed then '已抑制' else '' end || '第' || rows.no || '条'
        || case when rows.county = placed.county and rows.place = placed.place then '' else '，见' || coalesce(nullif(rows.town, ''), '未知乡镇') end
        || '）' as line
    from placed
    inner join officers.rows as rows on rows.household = placed.household and not rows.is_gone
),

listed as (
    select
        case_id,
        min(certainty) filter (where not is_suppressed) as certainty,
        max(nights_open) filter (where not is_suppressed) as nights_open,
        string_agg(line, chr(10) order by is_suppressed, no) filter (where side = 'should_enter') as enter_lines,
        string_agg(line, chr(10) order by is_suppressed, no) filter (where side = 'should_exit') as exit_lines,
        string_agg(line, chr(10) order by is_suppressed, no) filter (where side = 'should_pay') as pay_lines,
        string_agg(line, chr(10) order by is_suppressed, no) filter (where side = 'conflict') as conflict_lines,
        string_agg(line, chr(10) order by is_suppressed, no) filter (where side = 'data_error') as data_lines
    from lines
    group by case_id
),

ordered as (
    select
        placed.*,
        listed.* exclude (case_id),
        row_number() over (
            partition by county, place
            order by certainty nulls last, abs(month_fen) desc nulls last, nights_open desc nulls last, coalesce(village, ''), case_id
        ) as no
    from placed
    inner join listed using (case_id)
)

select
    *,
    cast((no - 1) // (select rows_a_sheet from officers.settings) + 1 as integer) as part
from ordered
order by county, place, no;
