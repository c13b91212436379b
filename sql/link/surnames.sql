-- A surname and how many of dibao and the register have it, in number and in
-- millionths of all.
--
-- key: surname

with

counted as (
    select
        persons.surname,
        count(*) as people
    from normal.persons
    where persons.roll in ('dibao_persons', 'register')
    group by persons.surname
),

everybody as (
    select cast(sum(counted.people) as bigint) as people
    from counted
)

select
    counted.surname,
    counted.people,
    cast(floor_div(counted.people * 1000000, everybody.people) as integer) as share_millionths
from counted
cross join everybody
where counted.surname is not null
