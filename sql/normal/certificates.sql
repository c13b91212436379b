-- A disability certificate with the person who holds it: in force tonight or
-- not, its level, and severe or not: level 1 or 2, or level 3 of the mind. Level
-- and class are the list's own, else those in the certificate's number.
-- work_injury is a remark that care is paid elsewhere.
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
    coalesce(list.state in ('active', 'normal'), true)
    and coalesce(list.valid_until >= night(), true) as in_force,
    coalesce(list.level, list.id_level) as level,
    coalesce(
        coalesce(list.level, list.id_level) in ('1', '2')
        or coalesce(list.level, list.id_level) = '3'
        and (
            list.disability in ('intellectual', 'mental')
            or list.disability is null and list.id_disability in ('5', '6')
        ),
        false
    ) as severe,
    coalesce(list.disability = 'mental' or list.disability is null and list.id_disability = '6', false) as mental,
    coalesce(list.remark_code like '%work!_injury%' escape '!', false) as work_injury,
    coalesce(list.area_code, own_area.area_code) as area_code
from raw.disability as list
cross join own_area
inner join link.people on people.record = list.record
