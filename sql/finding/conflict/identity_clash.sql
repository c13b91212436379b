-- A valid ID that stands beside names which are not compatible, on two lists or
-- twice on one, and whose records are not held to be one person. A head of a
-- families' or payments' list is whoever has that ID under that name.
--
-- title: 同一身份证号姓名不同
-- subject: person
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: any
-- reason: 身份证号在不同名册或记录中对应不同姓名（{names}），请核实身份，更正错登或冒用的记录。
-- facts: dibao_persons name id_no birth; register name id_no birth; tekun name id_no birth; edge name id_no birth;
--   rigid_spending name id_no birth; disability name id_no; disability_allowances name id_no; children name id_no;
--   deaths name id_no died; insurance name id_no; medical name id_no; temporary_relief name id_no;
--   vehicles name id_no plate; houses name id_no location; enterprises name id_no company;
--   dibao_families head_name head_id_no; dibao_payments head_name head_id_no;
--   fiscal_payroll name id_no unit; social_insurance name id_no unit; provident_fund name id_no unit;
--   approvals name id_no application_no; homes name id_no home
-- label: names 各处姓名

with

entries as (
    select record, roll, name, name_fold, id_no, id_key, area_code, town, village
    from normal.persons
    where id_key is not null and name_fold is not null
    union all
    select record, roll, name, name_fold, id_no, id_key, area_code, town, village
    from raw.records
    where headed and id_key is not null and name_fold is not null
),

shared as (
    select id_key
    from entries
    group by id_key
    having min(name_fold) <> max(name_fold)
),

suspects as (
    select entries.record, entries.roll, entries.name_fold, entries.id_key, people.person
    from entries
    semi join shared on shared.id_key = entries.id_key
    left join link.people on people.record = entries.record
),

holders as (
    select id_key, name_fold, min(person) as person
    from suspects
    where person is not null
    group by id_key, name_fold
),

named as (
    select
        suspects.id_key,
        suspects.name_fold,
        coalesce(suspects.person, holders.person, 'head:' || suspects.name_fold) as person,
        min(suspects.record) as record
    from suspects
    left join holders on holders.id_key = suspects.id_key and holders.name_fold = suspects.name_fold
    group by
        suspects.id_key,
        suspects.name_fold,
        coalesce(suspects.person, holders.person, 'head:' || suspects.name_fold)
),

clashes as (
    select distinct one.id_key
    from named as one
    inner join named as other on other.id_key = one.id_key
    where one.name_fold < other.name_fold
    and one.person <> other.person
    and name_level(one.name_fold, other.name_fold) = 0
),

names as (
    select named.id_key, list_text(array_agg(distinct entries.name)) as names
    from named
    semi join clashes on clashes.id_key = named.id_key
    inner join entries on entries.record = named.record
    group by named.id_key
),

evidence as (
    select suspects.id_key, suspects.record, suspects.roll, suspects.name_fold, true as is_person
    from suspects
    semi join clashes on clashes.id_key = suspects.id_key
    where suspects.person is not null
    union all
    select suspects.id_key, min(suspects.record) as record, suspects.roll, suspects.name_fold, false as is_person
    from suspects
    semi join clashes on clashes.id_key = suspects.id_key
    where suspects.person is null
    group by suspects.id_key, suspects.roll, suspects.name_fold
),

-- Shown is who stands on the rolls, before other lists, and of these the name that
-- comes first, whatever the order of the files.
placed as (
    select
        id_key, record, is_person,
        row_number() over (
            partition by id_key
            order by
                is_person desc,
                case roll when 'dibao_persons' then 1 when 'register' then 2 when 'tekun' then 3 else 4 end nulls last,
                name_fold nulls last,
                record nulls last
        ) as place
    from evidence
),

findings as (
    select id_key, record, case when is_person then record end as person_record
    from placed
    where place = 1
)

select
    subjects.id_no as subject_key,
    findings.person_record as subject_record,
    evidence.record as evidence_record,
    subjects.name,
    subjects.id_no,
    subjects.area_code,
    subjects.town,
    subjects.village,
    names.names
from findings
inner join names on names.id_key = findings.id_key
inner join entries as subjects on subjects.record = findings.record
inner join evidence on evidence.id_key = findings.id_key
