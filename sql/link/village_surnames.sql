-- How common a surname is in a village, in millionths of those of dibao and the
-- register who live there: where one surname fills the village it says nothing.
--
-- key: town, village, surname

with

counted as (
    select
        persons.town,
        persons.village,
        persons.surname,
        count(*) as people
    from normal.persons
    where
        persons.roll in ('dibao_persons', 'register')
        and persons.town is not null
        and persons.village is not null
    group by persons.town, persons.village, persons.surname
),

villages as (
    select
        counted.town,
        counted.village,
        sum(counted.people) as people
    from counted
    group by counted.town, counted.village
)

select
    counted.town,
    counted.village,
    counted.surname,
    cast(floor_div(counted.people * 1000000, cast(villages.people as bigint)) as integer)
        as share_millionths
from counted
inner join villages using (town, village)
where counted.surname is not null
