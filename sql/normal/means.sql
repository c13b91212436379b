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

homes as (
    select
        members.household,
        min(home_owners.record) as record,
        count(distinct home_owners.home) filter (where home_owners.is_home and not home_owners.is_resettlement) >= 2
        or bool_or((home_owners.is_shop or home_owners.bought_lately) and not home_owners.is_resettlement)
            as beside_resettlement,
        count(distinct home_owners.home) filter (where home_owners.is_home and not home_owners.is_homestead) >= 2
        or bool_or((home_owners.is_shop or home_owners.bought_lately) and not home_owners.is_homestead)
            as beside_homestead
    from members
    inner join normal.home_owners on home_owners.person = members.person
    group by members.household
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
