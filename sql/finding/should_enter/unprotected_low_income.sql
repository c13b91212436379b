-- A register household in need whose adjusted income is known and under the
-- dibao standard, with nobody on dibao or tekun.
--
-- title: 收入低于标准未纳入低保
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 动态管理、应保尽保
-- needs: dibao_persons, register
-- parameters: dibao_standard_rural
-- exceptions: refused_recently, means_found, income_outdated, link_under_review
-- reason: {name}户为监测对象或未脱贫户，扣除救助金后月人均收入{income_month}元，
--   低于低保标准{standard}元，且无人享受低保或特困，请入户核实，符合条件的及时纳入。
-- facts: register name relation income_head_year dibao_income_year tekun_income_year watch cleared lifted;
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

protections as (
    select record, person
    from normal.protections
    where roll in ('dibao', 'tekun')
),

protected_households as (
    select distinct members.household
    from members
    semi join protections on protections.person = members.person
),

judged as (
    select
        register_households.household,
        register_households.head_record,
        register_households.people,
        register_households.standard_fen,
        floor_div(register_households.income_fen, register_households.income_parts) as income_month_fen,
        register_households.as_of,
        register_households.grant_fen
    from normal.register_households
    anti join protected_households on protected_households.household = register_households.household
    where register_households.in_need
    and register_households.income_fen < register_households.standard_fen * register_households.income_parts
),

reviewed_households as (
    select distinct members.household
    from members
    inner join normal.reviews on reviews.person = members.person
    semi join protections on protections.record = reviews.record
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
            when judged.as_of < months_after(night(), -12) then 'income_outdated'
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
