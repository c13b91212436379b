-- A dibao household of which a member is paid out of the public purse, while the
-- family's income, or else the member's, is empty or nought.
--
-- title: 财政供养人员收入未计
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 家庭经济状况部门信息核对
-- needs: fiscal_payroll, dibao_persons
-- exceptions: welfare_post, village_temporary
-- reason: {name}户在保，家庭成员{payees}人由财政发放工资，而低保家庭收入为空或0，请核实工资并计入家庭收入。
-- facts: fiscal_payroll name unit identity post pay_month month; dibao_persons name relation covered income_year;
--   dibao_families people income_year
-- label: payees 财政供养人数

with

held as (
    select holdings.household, holdings.record, holdings.member_record, holdings.exception, members.person
    from normal.holdings
    inner join normal.members on members.record = holdings.member_record
    where holdings.roll = 'dibao' and holdings.means = 'public_pay'
),

counted as (
    select household, max(exception) as exception, count(distinct person) as payees
    from held
    group by household
),

evidence as (
    select household, record from held
    union
    select household, member_record as record from held
    union
    select dibao_households.household, dibao_households.family_record as record
    from counted
    inner join normal.dibao_households on dibao_households.household = counted.household
    where dibao_households.family_record is not null
)

select
    'dibao:' || counted.household as subject_key,
    dibao_households.head_record as subject_record,
    counted.household as dibao_household,
    register_of.register_household,
    counted.exception,
    paid.paid_fen as month_fen,
    evidence.record as evidence_record,
    counted.payees
from counted
inner join evidence on evidence.household = counted.household
inner join normal.dibao_households on dibao_households.household = counted.household
left join normal.register_of on register_of.dibao_household = counted.household
left join normal.paid on paid.household = counted.household
where dibao_households.on_dibao
