-- A record of the tekun roll as the rules see it; its money is the person's own.
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
    departed.record is null as present,
    departed.record is null as on_roll,
    coalesce(list.benefit = 'urban', false) as urban,
    list.start_month,
    list.stop_month,
    list.labour,
    list.disability,
    list.level,
    coalesce(list.birth, list.id_birth) as birth,
    coalesce(list.total_month_fen, list.base_month_fen + coalesce(list.care_month_fen, 0)) as total_month_fen,
    coalesce(list.area_code, own_area.area_code) as area_code,
    list.as_of
from raw.tekun as list
cross join own_area
left join normal.household_keys on household_keys.record = list.record
left join normal.departed on departed.record = list.record
