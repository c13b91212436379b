-- A person who the register says is on dibao, and who is not.
--
-- title: 名册标注享受低保，低保名册无此人
-- subject: person
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: dibao_persons, register
-- exceptions: household_covered, left_recently, link_under_review
-- reason: {name}在脱贫人口和监测对象名册标注享受低保，低保名册中不在保，请核对后更正标注，应保的及时纳入。
-- facts: register name id_no relation state flag_dibao measures;
--   dibao_persons name id_no household_no covered state stop_month stop_reason

with

flagged as (
    select members.person, min(members.record) as record
    from normal.members
    inner join normal.register on register.record = members.record
    where members.roll = 'register'
    and (register.flag_dibao in ('rural', 'urban') or register.measures_dibao)
    group by members.person
),

on_dibao as (
    select record, person
    from normal.protections
    where roll = 'dibao'
),

judged as (
    select flagged.person, flagged.record
    from flagged
    anti join on_dibao on on_dibao.person = flagged.person
),

keyed as (
    select
        judged.person,
        judged.record,
        persons.household,
        person_key(judged.person, persons.id_no, persons.id_key, 'register', persons.household, persons.name_fold)
            as subject_key
    from judged
    inner join normal.persons on persons.record = judged.record
),

ranked as (
    select
        person, record, household, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
),

covered_households as (
    select distinct members.household
    from normal.members
    semi join on_dibao on on_dibao.person = members.person
    where members.roll = 'register'
),

own_records as (
    select people.person, dibao.record, dibao.stop_month, dibao.present
    from normal.dibao
    inner join link.people on people.record = dibao.record
    semi join judged on judged.person = people.person
),

left_lately as (
    select distinct person
    from own_records
    where not present
    and stop_month >= month_start(months_after(night(), -2))
    and stop_month <= night()
),

reviewed as (
    select distinct reviews.person
    from normal.reviews
    semi join on_dibao on on_dibao.record = reviews.record
),

findings as (
    select
        ranked.subject_key,
        ranked.person,
        ranked.record,
        ranked.household,
        case
            when covered_households.household is not null then 'household_covered'
            when left_lately.person is not null then 'left_recently'
            when reviewed.person is not null then 'link_under_review'
        end as exception
    from ranked
    left join covered_households on covered_households.household = ranked.household
    left join left_lately on left_lately.person = ranked.person
    left join reviewed on reviewed.person = ranked.person
    where ranked.place = 1
),

evidence as (
    select subject_key, record from findings
    union
    select findings.subject_key, own_records.record
    from findings
    inner join own_records on own_records.person = findings.person
    union
    select findings.subject_key, reviews.record
    from findings
    inner join normal.reviews on reviews.person = findings.person
    semi join on_dibao on on_dibao.record = reviews.record
    where findings.exception = 'link_under_review'
    union
    select findings.subject_key, on_dibao.record
    from findings
    inner join normal.members on members.household = findings.household and members.roll = 'register'
    inner join on_dibao on on_dibao.person = members.person
    where findings.exception = 'household_covered'
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.household as register_household,
    findings.exception,
    evidence.record as evidence_record
from findings
inner join evidence on evidence.subject_key = findings.subject_key
