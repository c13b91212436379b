-- A record of the poverty register as the rules see it, present while it is not
-- marked as gone; left_as tells one who died or moved away. A word that the table
-- does not know is unknown, not empty, where an empty cell says something.
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
    list.relation is not distinct from 'head' or household_keys.is_head is true as is_head,
    departed.record is null as present,
    case
        when list.left_reason = 'dead' or list.state = 'dead' then 'dead'
        when list.left_reason = 'moved' or list.state = 'moved' then 'moved'
    end as left_as,
    list.labour,
    coalesce(list.birth, list.id_birth) as birth,
    list.id_disability,
    list.id_level,
    coalesce(list.watch, case when list.watch_raw is not null then 'unknown' end) as watch,
    list.cleared,
    coalesce(list.lifted, case when list.lifted_raw is not null then 'unknown' end) as lifted,
    list.household_kind,
    coalesce(list.flag_dibao, case when list.flag_dibao_raw is not null then 'unknown' end) as flag_dibao,
    coalesce(list.flag_tekun, case when list.flag_tekun_raw is not null then 'unknown' end) as flag_tekun,
    coalesce(list.measures_code like '%dibao%', false) as measures_dibao,
    coalesce(list.measures_code like '%tekun%', false) as measures_tekun,
    list.people,
    list.income_head_year_fen,
    list.dibao_income_year_fen,
    list.tekun_income_year_fen,
    coalesce(list.area_code, own_area.area_code) as area_code,
    list.as_of
from raw.register as list
cross join own_area
left join normal.household_keys on household_keys.record = list.record
left join normal.departed on departed.record = list.record
