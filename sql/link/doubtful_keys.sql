-- A valid ID that does not say by itself who carries it: it stands with more
-- than one name, or uncommonly often on the rolls of households. All other IDs
-- need no second look.
--
-- key: id_key

select
    persons.id_key,
    cast(count(*) filter (where rolls.is_spine) as bigint) as spine_records
from normal.persons
inner join link.rolls using (roll)
where persons.id_key is not null
group by persons.id_key
having
    min(persons.name_fold) <> max(persons.name_fold)
    or count(*) filter (where rolls.is_spine) > 16
