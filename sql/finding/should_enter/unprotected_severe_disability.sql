-- A severely disabled person of the register who is on none of dibao, tekun,
-- edge and rigid spending.
--
-- title: 重度残疾人未纳入保障
-- subject: person
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 动态管理、应保尽保
-- needs: disability, register, dibao_persons
-- exceptions: means_found, income_above_edge, link_under_review
-- reason: {name}为重度残疾人，在脱贫人口和监测对象名册，未享受低保、特困、低保边缘或刚性支出救助，
--   请入户核实，符合条件的及时纳入。
-- facts: disability name certificate_no disability level state valid_until;
--   register name id_no relation income_head_year watch cleared; dibao_persons name disability level state;
--   tekun name disability level state; vehicles name plate kind; houses name location use;
--   enterprises name company role; fiscal_payroll name unit post
-- label: standard 低保标准（元/月）
-- label: income_month 月人均收入（扣除救助金）

with

registered as (
    select person, min(record) as record
    from normal.members
    where roll = 'register'
    group by person
),

judged as (
    select registered.person, registered.record, severe.record as severe_record
    from registered
    inner join normal.severe on severe.person = registered.person
    anti join normal.protections on protections.person = registered.person
),

keyed as (
    select
        judged.person,
        judged.record,
        judged.severe_record,
        persons.household,
        person_key(judged.person, persons.id_no, persons.id_key, 'register', persons.household, persons.name_fold)
            as subject_key
    from judged
    inner join normal.persons on persons.record = judged.record
),

single as (
    select
        person, record, severe_record, household, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
),

reviewed as (
    select distinct reviews.person
    from normal.reviews
    semi join normal.protections on protections.record = reviews.record
),

moneyed_households as (
    select distinct household
    from normal.means
),

findings as (
    select
        single.subject_key,
        single.record,
        single.severe_record,
        single.household,
        case
            when moneyed_households.household is not null then 'means_found'
            when register_households.income_fen * 10000
                >= register_households.standard_fen * places.edge_ten_thousandths * register_households.income_parts
                then 'income_above_edge'
            when reviewed.person is not null then 'link_under_review'
        end as exception,
        register_households.standard_fen,
        floor_div(register_households.income_fen, register_households.income_parts) as income_month_fen
    from single
    inner join normal.register_households on register_households.household = single.household
    left join normal.places on places.area_code = register_households.area_code
    left join moneyed_households on moneyed_households.household = single.household
    left join reviewed on reviewed.person = single.person
    where single.place = 1
),

evidence as (
    select subject_key, record
    from findings
    union
    select subject_key, severe_record as record
    from findings
    union
    select findings.subject_key, means.record
    from findings
    inner join normal.means on means.household = findings.household
    where findings.exception = 'means_found'
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.household as register_household,
    findings.exception,
    findings.standard_fen as month_fen,
    evidence.record as evidence_record,
    findings.standard_fen,
    findings.income_month_fen
from findings
inner join evidence on evidence.subject_key = findings.subject_key
