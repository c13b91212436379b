-- A rule with the number of subjects that it would have judged had their own
-- place the parameter it compares with: what rules.reason says besides.
--
-- key: rule
-- check: subjects > 0

with

registered as (
    select distinct person
    from normal.members
    where roll = 'register'
),

left_dibao as (
    select people.person
    from normal.dibao
    inner join link.people on people.record = dibao.record
    where dibao.covered and not dibao.present
    union
    select person
    from normal.leavers
    where person is not null
),

subjects as (
    select 'unprotected_low_income' as rule, count(*) as subjects
    from normal.register_households
    where in_need and income_fen is not null and standard_fen is null
    union all
    select 'unmonitored_below_line' as rule, count(*) as subjects
    from normal.register_households
    left join normal.places on places.area_code = register_households.area_code
    where register_households.lifted
    and register_households.unwatched
    and register_households.income_head_year_fen is not null
    and places.monitoring_line_fen is null
    union all
    select 'unprotected_medical_burden' as rule, count(*) as subjects
    from normal.patients
    anti join normal.protections on protections.person = patients.person
    where patients.self_pay_fen > 0 and patients.self_pay_limit_fen is null
    union all
    select 'relief_gap_after_shock' as rule, count(distinct members.household) as subjects
    from normal.bills
    inner join normal.members on members.person = bills.person
    inner join normal.register_households on register_households.household = members.household
    left join normal.places on places.area_code = register_households.area_code
    where members.roll = 'register'
    and bills.self_pay_fen > 0
    and (places.self_pay_limit_fen is null or places.relief_months is null)
    union all
    select 'left_then_poor' as rule, count(distinct register.household) as subjects
    from left_dibao
    inner join link.people on people.person = left_dibao.person
    inner join normal.register on register.record = people.record
    inner join normal.register_households on register_households.household = register.household
    left join normal.places on places.area_code = register_households.area_code
    where register_households.in_need and places.left_months is null
    union all
    select 'income_above_standard' as rule, count(*) as subjects
    from normal.dibao_households
    left join normal.register_of on register_of.dibao_household = dibao_households.household
    left join normal.register_households on register_households.household = register_of.register_household
    where dibao_households.on_dibao
    and dibao_households.head_record is not null
    and dibao_households.standard_fen is null
    and (dibao_households.income_year_fen is not null or register_households.income_fen is not null)
    union all
    select 'grace_period_over' as rule, count(*) as subjects
    from normal.dibao_households
    where on_dibao and grace_from is not null and grace_until is null
    union all
    select 'recheck_overdue' as rule, count(*) as subjects
    from normal.rechecks
    where due_on is null
    union all
    select 'second_home' as rule, count(distinct dibao_households.household) as subjects
    from normal.home_owners
    inner join normal.members on members.person = home_owners.person
    inner join normal.dibao_households on dibao_households.household = members.household
    left join normal.places on places.area_code = dibao_households.area_code
    where members.roll = 'dibao' and dibao_households.on_dibao
    and (home_owners.is_home or home_owners.is_shop)
    and places.purchase_months is null
    union all
    select 'formal_income' as rule, count(distinct dibao_households.household) as subjects
    from normal.formal_earners
    inner join normal.members on members.person = formal_earners.person
    inner join normal.dibao_households on dibao_households.household = members.household
    where members.roll = 'dibao' and dibao_households.on_dibao
    and dibao_households.standard_fen is null
    union all
    select 'dibao_not_registered' as rule, count(distinct members.person) as subjects
    from normal.members
    inner join normal.dibao on dibao.record = members.record
    left join normal.places on places.area_code = dibao.area_code
    anti join registered on registered.person = members.person
    where members.roll = 'dibao' and members.on_roll and places.all_dibao_registered is null
    union all
    select 'medical_ratio_low' as rule, count(*) as subjects
    from normal.aided_claims
    where ratio_ten_thousandths is null
    union all
    select 'amount_wrong' as rule, count(*) as subjects
    from normal.dibao_households
    inner join normal.paid on paid.household = dibao_households.household
    where dibao_households.on_dibao
    and dibao_households.method = 'makeup'
    and dibao_households.income_year_fen is not null
    and dibao_households.standard_fen is null
    and paid.base_fen is not null
    union all
    select 'premium_unsubsidised' as rule, count(*) as subjects
    from normal.subsidised
    where premium_fen is null
    union all
    select 'supplement_wrong' as rule, count(*) as subjects
    from normal.supplements
    where is_told and due_fen is null
)

select rule, subjects
from subjects
where subjects > 0
