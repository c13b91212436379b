-- A person insured in the year of the night: in how many schemes and places, with
-- what subsidy in all, and whether as an employee, elsewhere in the country, or as
-- urban sanwu. The subsidy is told where every list of the person has a column
-- for it; there, empty is nothing. A place lies in another province where it
-- begins with that one's name or code.
--
-- key: person

with

own_area as (
    select substring(max(area_code), 1, 2) as province
    from policy.areas
),

places as (
    select distinct place
    from raw.insurance
    where year = year(night())
),

foreign_places as (
    select distinct places.place
    from places
    cross join own_area
    inner join policy.provinces
        on substring(places.place, 1, length(provinces.name)) = provinces.name
        or substring(places.place, 1, 2) = provinces.province
    where provinces.province <> own_area.province
)

select
    people.person,
    cast(count(distinct list.scheme) as bigint) as schemes,
    cast(count(distinct list.place) as bigint) as places,
    cast(sum(coalesce(list.subsidy_fen, 0)) as bigint) as subsidy_fen,
    bool_and(headers.sheet is not null) as is_told,
    bool_or(list.scheme is not distinct from 'employee') as is_employee,
    bool_or(list.subsidy_class is not distinct from 'sanwu_urban') as is_sanwu,
    bool_or(foreign_places.place is not null) as is_elsewhere
from raw.insurance as list
inner join link.people on people.record = list.record
left join foreign_places on foreign_places.place = list.place
left join raw.headers
    on headers.sheet = floor_div(list.record, 274877906944)
    and headers.raw_table = 'insurance'
    and headers.column_name = 'subsidy'
where list.year = year(night())
group by people.person
