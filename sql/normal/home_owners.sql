-- A home or shop with a person who owns it, wholly or in part. One home may have
-- several owners and records: home tells it, by its title, else its location.
--
-- key: record

with

own_area as (
    select max(area_code) as area_code
    from policy.areas
)

select
    list.record,
    people.person,
    coalesce(list.title_no, list.location, cast(list.record as string)) as home,
    coalesce(list.use = 'shop', false) as is_shop,
    coalesce(list.use in ('home', 'homestead'), true) as is_home,
    coalesce(list.use = 'homestead', false) as is_homestead,
    coalesce(list.gained = 'resettlement', false) as is_resettlement,
    coalesce(
        list.gained = 'purchase'
        and list.registered_on >= months_after(night(), - places.purchase_months)
        and list.registered_on < night(),
        false
    ) as bought_lately
from raw.houses as list
cross join own_area
inner join link.people on people.record = list.record
left join normal.places on places.area_code = coalesce(list.area_code, own_area.area_code)
