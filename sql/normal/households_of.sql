-- A person who is a member of a household of dibao or of the register: that
-- household on either roll, the one with the smaller key where there are two, and
-- where the person lives, by the record of dibao, else of the register.
--
-- key: person

with

homes as (
    select
        person,
        min(case when roll = 'dibao' then household end) as dibao_household,
        min(case when roll = 'register' then household end) as register_household,
        coalesce(min(case when roll = 'dibao' then record end), min(record)) as record
    from normal.members
    group by person
)

select
    homes.person,
    homes.dibao_household,
    homes.register_household,
    persons.area_code,
    persons.town,
    persons.village
from homes
left join normal.persons on persons.record = homes.record
