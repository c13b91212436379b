-- A record of dibao or of the register whose identity the other of the two does
-- not hold: the ID finds nobody there. These are few, and all that follows is
-- about them. Places are compared by code where policy/places.csv knows them,
-- else by their names.
--
-- key: record

with

on_dibao as (
    select distinct identities.identity
    from link.identities
    where identities.roll_no = 1
),

on_register as (
    select distinct identities.identity
    from link.identities
    where identities.roll_no = 2
),

left_over as (
    select
        identities.record,
        identities.roll_no,
        identities.identity
    from link.identities
    anti join on_register on on_register.identity = identities.identity
    where identities.roll_no = 1
    union all
    select
        identities.record,
        identities.roll_no,
        identities.identity
    from link.identities
    anti join on_dibao on on_dibao.identity = identities.identity
    where identities.roll_no = 2
)

select
    left_over.record,
    left_over.roll_no,
    left_over.identity,
    persons.household,
    persons.name_fold,
    persons.name_sound,
    persons.id_key,
    floor_div(persons.id_key, 100) * 100 as id_prefix,
    persons.sex,
    persons.birth,
    persons.relation,
    case
        when length(persons.area_code) = 12 then persons.area_code
        else coalesce(persons.town, '') || persons.village
    end as village,
    case
        when length(persons.area_code) >= 9 then substring(persons.area_code, 1, 9)
        else persons.town
    end as town
from left_over
inner join normal.persons using (record)
