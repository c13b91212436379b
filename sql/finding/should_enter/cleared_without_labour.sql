-- A register household whose risk is marked as cleared, although nobody in it is
-- able to work.
--
-- title: 无劳动能力户标注风险已消除
-- subject: household
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 动态管理、应保尽保
-- needs: register
-- exceptions: protected
-- reason: {name}户标注风险已消除，但全户{people}人均无劳动能力，请复核风险是否稳定消除，
--   未享受低保、特困等保障且符合条件的及时纳入。
-- facts: register name relation labour health watch cleared cleared_on;
--   dibao_persons name state start_month; tekun name state start_month;
--   edge name state start_month; rigid_spending name state start_month
-- label: people 家庭人口

with

members as (
    select record, household, person
    from normal.members
    where roll = 'register'
),

able_households as (
    select distinct members.household
    from members
    semi join normal.able on able.record = members.record
),

judged as (
    select register_households.household, register_households.head_record, register_households.people
    from normal.register_households
    anti join able_households on able_households.household = register_households.household
    where register_households.cleared
),

protections as (
    select distinct members.household, protections.record
    from members
    inner join normal.protections on protections.person = members.person
),

protected_households as (
    select distinct household
    from protections
),

evidence as (
    select household, record
    from members
    union all
    select household, record
    from protections
)

select
    'register:' || judged.household as subject_key,
    judged.head_record as subject_record,
    judged.household as register_household,
    case when protected_households.household is not null then 'protected' end as exception,
    evidence.record as evidence_record,
    judged.people
from judged
inner join evidence on evidence.household = judged.household
left join protected_households on protected_households.household = judged.household
