-- A valid ID that stands beside names which are not compatible, on two lists or
-- twice on one, and whose records are not held to be one person.
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
--   fiscal_payroll name id_no unit; social_insurance name id_no unit; provident_fund name id_no unit;
--   approvals name id_no application_no; homes name id_no home
-- label: names 各处姓名

with

shared as (
    select id_key
    from normal.persons
    where id_key is not null
    group by id_key
    having min(name_fold) <> max(name_fold)
),

named as (
    select persons.id_key, persons.name_fold, people.person, min(persons.record) as record
    from normal.persons
    semi join shared on shared.id_key = persons.id_key
    inner join link.people on people.record = persons.record
    where persons.name_fold is not null
    group by persons.id_key, persons.name_fold, people.person
),

clashes as (
    select distinct one.id_key
    from named as one
    inner join named as other on other.id_key = one.id_key
    where one.name_fold < other.name_fold
    and one.person <> other.person
    and name_level(one.name_fold, other.name_fold) = 0
),

findings as (
    select
        named.id_key,
        min(named.record) as record,
        list_text(array_agg(distinct persons.name)) as names
    from named
    semi join clashes on clashes.id_key = named.id_key
    inner join normal.persons on persons.record = named.record
    group by named.id_key
)

select
    subjects.id_no as subject_key,
    findings.record as subject_record,
    evidence.record as evidence_record,
    findings.names
from findings
inner join normal.persons as subjects on subjects.record = findings.record
inner join normal.persons as evidence on evidence.id_key = findings.id_key
