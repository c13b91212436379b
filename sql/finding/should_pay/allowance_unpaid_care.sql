-- A person with a disability certificate in force of level 1 or 2 who draws no
-- care allowance.
--
-- title: 重度残疾人护理补贴应补未补
-- subject: person
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(二)4 残疾人两项补贴应补尽补
-- needs: disability, disability_allowances
-- exceptions: tekun, orphan, work_injury_care, link_under_review
-- reason: {name}持有效的{level}级残疾人证，未享受重度残疾人护理补贴，请核实后按月补发。
-- facts: disability name id_no certificate_no disability level state valid_until remark;
--   disability_allowances name kind start_month stop_month state work_injury; tekun name state start_month;
--   children name kind state
-- word: level 1 一
-- word: level 2 二
-- label: level 残疾等级

with

drawn as (
    select record, person
    from normal.allowances
    where in_force and coalesce(kind = 'care', true)
),

keyed as (
    select
        certificates.person,
        certificates.record,
        certificates.level,
        certificates.area_code,
        person_key(
            certificates.person, persons.id_no, persons.id_key, 'disability',
            coalesce(persons.village, persons.town, ''), persons.name_fold
        ) as subject_key,
        persons.id_key is not null as has_id
    from normal.certificates
    inner join normal.persons on persons.record = certificates.record
    anti join drawn on drawn.person = certificates.person
    where certificates.in_force and certificates.level in ('1', '2')
),

one_each as (
    select
        person, record, level, area_code, subject_key, has_id,
        row_number() over (
            partition by person order by has_id desc, level nulls last, record nulls last
        ) as place
    from keyed
),

ranked as (
    select
        person, record, level, area_code, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from one_each
    where place = 1
),

tekun_people as (
    select person, min(record) as record
    from normal.protections
    where roll = 'tekun'
    group by person
),

injured as (
    select person, record from normal.certificates where work_injury
    union all
    select person, record from normal.allowances where work_injury
),

injured_people as (
    select person, min(record) as record
    from injured
    group by person
),

reviewed as (
    select reviews.person, min(reviews.record) as record
    from normal.reviews
    semi join drawn on drawn.record = reviews.record
    group by reviews.person
),

findings as (
    select
        ranked.subject_key,
        ranked.record,
        ranked.level,
        ranked.area_code,
        households_of.dibao_household,
        households_of.register_household,
        households_of.area_code as home_area_code,
        households_of.town,
        households_of.village,
        case
            when tekun_people.person is not null then 'tekun'
            when orphans.person is not null then 'orphan'
            when injured_people.person is not null then 'work_injury_care'
            when reviewed.person is not null then 'link_under_review'
        end as exception,
        coalesce(tekun_people.record, orphans.record, injured_people.record, reviewed.record) as why_record
    from ranked
    left join normal.households_of on households_of.person = ranked.person
    left join tekun_people on tekun_people.person = ranked.person
    left join normal.orphans on orphans.person = ranked.person
    left join injured_people on injured_people.person = ranked.person
    left join reviewed on reviewed.person = ranked.person
    where ranked.place = 1
),

evidence as (
    select subject_key, record from findings
    union
    select subject_key, why_record as record from findings where why_record is not null
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.dibao_household,
    findings.register_household,
    findings.home_area_code as area_code,
    findings.town,
    findings.village,
    findings.exception,
    places.care_allowance_fen as month_fen,
    evidence.record as evidence_record,
    findings.level
from findings
inner join evidence on evidence.subject_key = findings.subject_key
left join normal.places on places.area_code = coalesce(findings.home_area_code, findings.area_code)
