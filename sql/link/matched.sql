-- A valid ID that stands once on dibao and once on the register: one person, whatever
-- the names say, but for the few who carry another's. Some 200,000 of them, taken by
-- the remainder of the number, teach what records of one person have in common;
-- number counts them.
--
-- key: id_key
-- key: number

with

once as (
    select
        persons.id_key,
        min(persons.record) filter (where persons.roll = 'dibao_persons') as a_record,
        min(persons.record) filter (where persons.roll = 'register') as b_record
    from normal.persons
    where
        persons.roll in ('dibao_persons', 'register')
        and persons.id_key is not null
        and persons.name_fold is not null
    group by persons.id_key
    having
        count(*) filter (where persons.roll = 'dibao_persons') = 1
        and count(*) filter (where persons.roll = 'register') = 1
),

counted as (
    select ceil_div(count(*), 200000) as times_too_many
    from once
)

select
    once.id_key,
    once.a_record,
    once.b_record,
    cast(row_number() over (order by once.id_key nulls last) as bigint) as number
from once
cross join counted
where
    (once.id_key - floor_div(once.id_key, 1009) * 1009) * counted.times_too_many < 1009
