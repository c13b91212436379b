-- A household whose members together own two or more homes or a shop, or bought
-- a home within the months that a purchase counts: each home and shop with the
-- member who owns it. It is excepted where the homes of a resettlement, or the
-- homesteads, are what makes it so. Where the place has no such months nobody is
-- judged.
--
-- key: roll, household, record, member_record

with

households as (
    select 'dibao' as roll, household, area_code from normal.dibao_households
    union all
    select 'register' as roll, household, area_code from normal.register_households
),

owned as (
    select
        members.roll,
        members.household,
        members.record as member_record,
        home_owners.record,
        home_owners.home,
        home_owners.is_home,
        home_owners.is_shop,
        home_owners.is_homestead,
        home_owners.is_resettlement,
        home_owners.is_home
        and coalesce(
            home_owners.bought_on >= months_after(night(), - places.purchase_months)
            and home_owners.bought_on < night(),
            false
        ) as is_purchase
    from normal.home_owners
    inner join normal.members on members.person = home_owners.person
    inner join households on households.roll = members.roll and households.household = members.household
    inner join normal.places on places.area_code = households.area_code
    where (home_owners.is_home or home_owners.is_shop) and places.purchase_months is not null
),

judged as (
    select
        roll,
        household,
        count(distinct home) filter (where is_home) as homes,
        count(distinct home) filter (where is_shop) as shops,
        count(distinct home) filter (where is_purchase) as purchases,
        count(distinct home) filter (where is_home and not is_resettlement) >= 2
        or bool_or((is_shop or is_purchase) and not is_resettlement) as beside_resettlement,
        count(distinct home) filter (where is_home and not is_homestead) >= 2
        or bool_or((is_shop or is_purchase) and not is_homestead) as beside_homestead
    from owned
    group by roll, household
)

select
    owned.roll,
    owned.household,
    owned.record,
    owned.member_record,
    judged.homes,
    judged.shops,
    judged.purchases,
    case
        when not judged.beside_resettlement then 'demolition'
        when not judged.beside_homestead then 'homestead'
    end as exception
from owned
inner join judged on judged.roll = owned.roll and judged.household = owned.household
where judged.homes >= 2 or judged.shops > 0 or judged.purchases > 0
