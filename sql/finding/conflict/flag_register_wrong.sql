-- A person of the dibao roll, stopped or not, of whom it says wrongly that he is,
-- or is not, on the register. An empty cell says nothing.
--
-- title: 低保名册标注与脱贫监测名册不符
-- subject: person
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: dibao_persons, register
-- exceptions: left_register, link_under_review
-- reason: 低保名册标注{name}{how}，请核对后更正。
-- facts: dibao_persons name id_no registered state; register name id_no state left_reason
-- word: how not_found 为建档立卡对象，脱贫人口和监测对象名册中没有此人
-- word: how found 不是建档立卡对象，脱贫人口和监测对象名册中有此人
-- label: how 情形

with

registered as (
    select person, min(record) as record
    from normal.members
    where roll = 'register'
    group by person
),

judged as (
    select
        people.person,
        min(dibao.record) as record,
        min(registered.record) as register_record
    from normal.dibao
    inner join link.people on people.record = dibao.record
    left join registered on registered.person = people.person
    where dibao.registered and registered.person is null
    or not dibao.registered and registered.person is not null
    group by people.person
),

keyed as (
    select
        judged.person,
        judged.record,
        judged.register_record,
        persons.household,
        person_key(judged.person, persons.id_no, persons.id_key, 'dibao', persons.household, persons.name_fold)
            as subject_key
    from judged
    inner join normal.persons on persons.record = judged.record
),

ranked as (
    select
        person, record, register_record, household, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
),

gone as (
    select people.person, min(register.record) as record
    from normal.register
    inner join link.people on people.record = register.record
    where not register.present
    group by people.person
),

reviewed as (
    select reviews.person, min(reviews.record) as record
    from normal.reviews
    inner join normal.members on members.record = reviews.record
    where members.roll = 'register'
    group by reviews.person
),

findings as (
    select
        ranked.subject_key,
        ranked.record,
        ranked.household,
        case when ranked.register_record is null then 'not_found' else 'found' end as how,
        case
            when ranked.register_record is not null then cast(null as string)
            when gone.person is not null then 'left_register'
            when reviewed.person is not null then 'link_under_review'
        end as exception,
        coalesce(ranked.register_record, gone.record, reviewed.record) as register_record
    from ranked
    left join gone on gone.person = ranked.person
    left join reviewed on reviewed.person = ranked.person
    where ranked.place = 1
),

evidence as (
    select subject_key, record from findings
    union all
    select subject_key, register_record as record from findings where register_record is not null
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.household as dibao_household,
    findings.exception,
    evidence.record as evidence_record,
    findings.how
from findings
inner join evidence on evidence.subject_key = findings.subject_key
