-- A person on dibao with a disability certificate in force, of any level, who
-- draws no living allowance.
--
-- title: 困难残疾人生活补贴应补未补
-- subject: person
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(二)4 残疾人两项补贴应补尽补
-- needs: disability, disability_allowances, dibao_persons
-- exceptions: tekun, orphan, link_under_review
-- reason: {name}享受低保并持有效残疾人证，未享受困难残疾人生活补贴，请核实后按月补发。
-- facts: dibao_persons name id_no state start_month; disability name certificate_no disability level state valid_until;
--   disability_allowances name kind start_month stop_month state; tekun name state start_month;
--   children name kind state

with

drawn as (
    select record, person
    from normal.allowances
    where in_force and coalesce(kind = 'living', true)
),

certified as (
    select person, min(record) as record
    from normal.certificates
    where in_force
    group by person
),

judged as (
    select members.person, min(members.record) as record
    from normal.members
    semi join certified on certified.person = members.person
    anti join drawn on drawn.person = members.person
    where members.roll = 'dibao' and members.on_roll
    group by members.person
),

keyed as (
    select
        judged.person,
        judged.record,
        persons.household,
        person_key(judged.person, persons.id_no, persons.id_key, 'dibao', persons.household, persons.name_fold)
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

tekun_people as (
    select person, min(record) as record
    from normal.protections
    where roll = 'tekun'
    group by person
),

reviewed as (
    select distinct reviews.person
    from normal.reviews
    semi join drawn on drawn.record = reviews.record
),

findings as (
    select
        ranked.subject_key,
        ranked.person,
        ranked.record,
        ranked.household,
        certified.record as certificate_record,
        tekun_people.record as tekun_record,
        orphans.record as orphan_record,
        case
            when tekun_people.person is not null then 'tekun'
            when orphans.person is not null then 'orphan'
            when reviewed.person is not null then 'link_under_review'
        end as exception,
        places.living_allowance_fen
    from ranked
    inner join certified on certified.person = ranked.person
    inner join normal.dibao on dibao.record = ranked.record
    left join normal.places on places.area_code = dibao.area_code
    left join tekun_people on tekun_people.person = ranked.person
    left join normal.orphans on orphans.person = ranked.person
    left join reviewed on reviewed.person = ranked.person
    where ranked.place = 1
),

evidence as (
    select subject_key, record from findings
    union all
    select subject_key, certificate_record as record from findings
    union all
    select subject_key, tekun_record as record from findings where exception = 'tekun'
    union all
    select subject_key, orphan_record as record from findings where exception = 'orphan'
    union
    select findings.subject_key, reviews.record
    from findings
    inner join normal.reviews on reviews.person = findings.person
    semi join drawn on drawn.record = reviews.record
    where findings.exception = 'link_under_review'
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.household as dibao_household,
    findings.exception,
    findings.living_allowance_fen as month_fen,
    evidence.record as evidence_record
from findings
inner join evidence on evidence.subject_key = findings.subject_key
