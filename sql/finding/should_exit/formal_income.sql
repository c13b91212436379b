-- A dibao household of which a member pays into an employees' scheme or a housing
-- fund, or draws a pension that reaches the standard.
--
-- title: 有稳定工资或养老待遇
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 家庭经济状况部门信息核对
-- needs: dibao_persons, social_insurance | provident_fund
-- parameters: dibao_standard_rural | dibao_standard_urban
-- exceptions: laid_off, subsidised_post
-- reason: {name}户在保，家庭成员{earners}人以职工身份缴纳社会保险或住房公积金，或每月领取的养老待遇不低于低保标准{standard}元，
--   请核实工资或待遇，计入家庭收入后复核。
-- facts: social_insurance name scheme identity state pay_base pension_month unit month stopped;
--   provident_fund name unit pay_base unit_pay own_pay state; dibao_persons name relation covered income_year
-- label: standard 低保标准（元/月）
-- label: earners 有工资或养老待遇人数

with

held as (
    select holdings.household, holdings.record, holdings.member_record, holdings.exception, members.person
    from normal.holdings
    inner join normal.members on members.record = holdings.member_record
    where holdings.roll = 'dibao' and holdings.means = 'formal_income'
),

counted as (
    select household, max(exception) as exception, count(distinct person) as earners
    from held
    group by household
),

evidence as (
    select household, record from held
    union
    select household, member_record as record from held
)

select
    'dibao:' || counted.household as subject_key,
    dibao_households.head_record as subject_record,
    counted.household as dibao_household,
    register_of.register_household,
    counted.exception,
    paid.paid_fen as month_fen,
    evidence.record as evidence_record,
    dibao_households.standard_fen,
    counted.earners
from counted
inner join evidence on evidence.household = counted.household
inner join normal.dibao_households on dibao_households.household = counted.household
left join normal.register_of on register_of.dibao_household = counted.household
left join normal.paid on paid.household = counted.household
where dibao_households.on_dibao
