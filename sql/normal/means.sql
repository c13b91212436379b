-- Means of a register household that a rule would report without an exception:
-- a vehicle, a second home, a business, public pay. The record is one that says
-- so. Public pay counts as unreckoned where dibao knows no income of the person.
--
-- key: household, means

with

members as (
    select household, person
    from normal.members
    where roll = 'register'
),

owned_homes as (
    select
        members.household,
        home_owners.record,
        home_owners.home,
        home_owners.is_home,
        home_owners.is_resettlement,
        home_owners.is_homestead,
        home_owners.is_shop
        or coalesce(
            home_owners.bought_on >= months_after(night(), - places.purchase_months)
            and home_owners.bought_on < night(),
            false
        ) as is_enough
    from members
    inner join normal.home_owners on home_owners.person = members.person
    left join normal.register_households on register_households.household = members.household
    left join normal.places on places.area_code = register_households.area_code
),

homes as (
    select
        household,
        min(record) as record,
        count(distinct home) filter (where is_home and not is_resettlement) >= 2
        or bool_or(is_enough and not is_resettlement) as beside_resettlement,
        count(distinct home) filter (where is_home and not is_homestead) >= 2
        or bool_or(is_enough and not is_homestead) as beside_homestead
    from owned_homes
    group by household
),

incomes as (
    select people.person, max(coalesce(families.income_year_fen, dibao.income_year_fen)) as income_fen
    from normal.dibao
    inner join link.people on people.record = dibao.record
    left join normal.families on families.household = dibao.household
    where dibao.present
    group by people.person
),

found as (
    select members.household, 'vehicle' as means, vehicle_owners.record
    from members
    inner join normal.vehicle_owners on vehicle_owners.person = members.person
    where vehicle_owners.exception is null
    union all
    select household, 'second_home' as means, record
    from homes
    where beside_resettlement and beside_homestead
    union all
    select members.household, 'business' as means, business_owners.record
    from members
    inner join normal.business_owners on business_owners.person = members.person
    where business_owners.exception is null
    union all
    select members.household, 'public_pay' as means, public_payees.record
    from members
    inner join normal.public_payees on public_payees.person = members.person
    left join incomes on incomes.person = members.person
    where public_payees.exception is null and coalesce(incomes.income_fen, 0) = 0
)

select household, means, min(record) as record
from found
group by household, means
