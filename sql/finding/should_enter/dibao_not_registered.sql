-- A person on dibao who is not on the register, while the area's rule runs that
-- all dibao people are put there.
--
-- title: 低保对象未纳入建档立卡名册
-- subject: person
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)3 所有低保对象纳入扶贫对象
-- needs: dibao_persons, register
-- parameters: all_dibao_registered
-- exceptions: urban, link_under_review
-- reason: {name}在低保名册在保，脱贫人口和监测对象名册中没有此人，请核对两个系统，应纳入的及时录入。
-- facts: dibao_persons name id_no relation benefit state start_month registered;
--   register name id_no state left_reason

with

registered as (
    select distinct person
    from normal.members
    where roll = 'register'
),

-- Who is on dibao twice is shown in the household whose key comes first.
placed as (
    select
        members.person,
        members.record,
        places.all_dibao_registered,
        row_number() over (
            partition by members.person order by members.household nulls last, members.record nulls last
        ) as place
    from normal.members
    inner join normal.dibao on dibao.record = members.record
    left join normal.places on places.area_code = dibao.area_code
    anti join registered on registered.person = members.person
    where members.roll = 'dibao' and members.on_roll
),

judged as (
    select person, min(record) filter (where place = 1) as record, max(all_dibao_registered) as runs
    from placed
    group by person
),

keyed as (
    select
        judged.person,
        judged.record,
        dibao.urban,
        persons.household,
        person_key(judged.person, persons.id_no, persons.id_key, 'dibao', persons.household, persons.name_fold)
            as subject_key
    from judged
    inner join normal.dibao on dibao.record = judged.record
    inner join normal.persons on persons.record = judged.record
    where judged.runs = 1
),

single as (
    select
        person, record, urban, household, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
),

reviewed as (
    select distinct reviews.person
    from normal.reviews
    inner join normal.members on members.record = reviews.record
    where members.roll = 'register'
),

findings as (
    select
        single.subject_key,
        single.person,
        single.record,
        single.household,
        case
            when single.urban then 'urban'
            when reviewed.person is not null then 'link_under_review'
        end as exception
    from single
    left join reviewed on reviewed.person = single.person
    where single.place = 1
),

evidence as (
    select subject_key, record
    from findings
    union all
    select findings.subject_key, reviews.record
    from findings
    inner join normal.reviews on reviews.person = findings.person
    inner join normal.members on members.record = reviews.record
    where findings.exception = 'link_under_review' and members.roll = 'register'
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.household as dibao_household,
    findings.exception,
    evidence.record as evidence_record
from findings
inner join evidence on evidence.subject_key = findings.subject_key
