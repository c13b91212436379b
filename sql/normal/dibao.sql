-- A record of the dibao roll as the rules see it. It is present while it is not
-- stopped, and on the roll when it is covered besides: who is not covered is a
-- member of the household only. A place that is not known counts as the area's own;
-- the town is its code where that is known, else its name.
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
    list.relation is not distinct from 'head'
    or coalesce(list.relation is null and list.id_no = list.head_id_no, false)
    or household_keys.is_head is true as is_head,
    departed.record is null as present,
    departed.record is null and coalesce(list.covered, true) as on_roll,
    coalesce(list.covered, true) as covered,
    coalesce(list.benefit = 'urban', false) as urban,
    list.start_month,
    list.stop_month,
    list.stop_reason,
    coalesce(list.single_person, false) as single_person,
    list.method,
    list.registered,
    list.labour,
    list.disability,
    list.level,
    coalesce(list.birth, list.id_birth) as birth,
    list.income_year_fen,
    list.total_month_fen,
    coalesce(list.area_code, own_area.area_code) as area_code,
    case when length(list.area_code) >= 9 then substring(list.area_code, 1, 9) else list.town end as town,
    list.as_of
from raw.dibao_persons as list
cross join own_area
left join normal.household_keys on household_keys.record = list.record
left join normal.departed on departed.record = list.record
