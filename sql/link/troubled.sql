-- A leftover whose own ID does not say who it is: missing, wrong, or shared with
-- persons of other names. Every further link has such a record on one side or
-- both, for two valid IDs that nobody shares are two persons.
--
-- key: record

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
where (persons.id_key is null or leftovers.identity < 0) and persons.name_fold is not null
