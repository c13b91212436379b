-- A leftover whose own ID does not say who it is: missing, wrong, shared with
-- persons of other names, or perhaps eaten by a spreadsheet. Every further link has such a record on one side or
-- both, for two valid IDs that nobody shares are two persons.
--
-- key: record

with

possibly_eaten as (
    select distinct repairs.record
    from link.repairs
)

select
    leftovers.record,
    leftovers.roll_no,
    leftovers.identity,
    persons.household,
    persons.name_fold,
    persons.name_sound,
    persons.id_key,
    persons.sex,
    persons.birth,
    persons.relation,
    persons.area_code,
    persons.town,
    persons.village
from link.leftovers
inner join normal.persons using (record)
left join possibly_eaten using (record)
where
    (persons.id_key is null or leftovers.identity < 0 or possibly_eaten.record is not null)
    and persons.name_fold is not null
