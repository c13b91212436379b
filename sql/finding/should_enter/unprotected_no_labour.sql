-- A register household in need in which nobody is able to work and nobody is on
-- dibao, tekun, edge or rigid spending.
--
-- title: 无劳动能力困难户未纳入保障
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 动态管理、应保尽保
-- needs: dibao_persons, register
-- exceptions: refused_recently, means_found, link_under_review
-- reason: {name}户为监测对象或未脱贫户，全户{people}人均无劳动能力，
--   且无人享受低保、特困、低保边缘或刚性支出救助，请入户核实，符合条件的及时纳入。
-- facts: register name relation labour health watch cleared lifted income_head_year;
--   approvals name benefit decided result refusal; vehicles name plate kind; houses name location use;
--   enterprises name company role; fiscal_payroll name unit post
-- label: people 家庭人口
-- label: standard 低保标准（元/月）
-- label: income_month 月人均收入（扣除救助金）

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

protected_households as (
    select distinct members.household
    from members
    semi join normal.protections on protections.person = members.person
),

judged as (
    select
        register_households.household,
        register_households.head_record,
        register_households.people,
        register_households.standard_fen,
        floor_div(register_households.income_fen, register_households.income_parts) as income_month_fen,
        register_households.grant_fen
    from normal.register_households
    anti join able_households on able_households.household = register_households.household
    anti join protected_households on protected_households.household = register_households.household
    where register_households.in_need
),

reviewed_households as (
    select distinct members.household
    from members
    inner join normal.reviews on reviews.person = members.person
    semi join normal.protections on protections.record = reviews.record
),

moneyed_households as (
    select distinct household
    from normal.means
),

excepted as (
    select
        judged.household,
        case
            when refused_households.record is not null then 'refused_recently'
            when moneyed_households.household is not null then 'means_found'
            when reviewed_households.household is not null then 'link_under_review'
        end as exception
    from judged
    left join normal.refused_households on refused_households.household = judged.household
    left join moneyed_households on moneyed_households.household = judged.household
    left join reviewed_households on reviewed_households.household = judged.household
),

evidence as (
    select household, record
    from members
    union all
    select excepted.household, refused_households.record
    from excepted
    inner join normal.refused_households on refused_households.household = excepted.household
    where excepted.exception = 'refused_recently'
    union all
    select excepted.household, means.record
    from excepted
    inner join normal.means on means.household = excepted.household
    where excepted.exception = 'means_found'
)

select
    'register:' || judged.household as subject_key,
    judged.head_record as subject_record,
    judged.household as register_household,
    excepted.exception,
    judged.grant_fen as month_fen,
    evidence.record as evidence_record,
    judged.people,
    judged.standard_fen,
    judged.income_month_fen
from judged
inner join excepted on excepted.household = judged.household
inner join evidence on evidence.household = judged.household
