-- A record of the roll of families made poor by rigid spending as the rules see it.
--
-- key: record

with

own_area as (
    select max(area_code) as area_code
    from policy.areas
)

select
    list.record,
    coalesce(list.household_no, household_keys.household) as household,
    departed.record is null as on_roll,
    coalesce(list.area_code, own_area.area_code) as area_code,
    list.as_of
from raw.rigid_spending as list
cross join own_area
left join normal.household_keys on household_keys.record = list.record
left join normal.departed on departed.record = list.record
