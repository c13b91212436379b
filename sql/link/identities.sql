-- A record and whom its ID says it is: records with one valid ID and compatible
-- names are one identity, on whatever list. The number is the ID's own (id_key), or
-- minus that of a record where the ID is missing, wrong, crowded, split between
-- persons or set apart by a person's decision; own_id_no is the ID where it is the person's alone.
--
-- key: record

select
    persons.record,
    rolls.roll_no,
    rolls.is_spine,
    case
        when persons.id_key is null or persons.name_fold is null then - persons.record
        when crowded_keys.id_key is not null then - persons.record
        when set_apart.record is not null then - persons.record
        when split_names.name_group is not null then - split_names.name_group
        else persons.id_key
    end as identity,
    case
        when persons.name_fold is not null
            and crowded_keys.id_key is null
            and set_apart.record is null
            and split_names.name_group is null
            and persons.id_key is not null then persons.id_no
    end as own_id_no
from normal.persons
inner join link.rolls using (roll)
left join link.set_apart on set_apart.record = persons.record
left join link.crowded_keys on crowded_keys.id_key = persons.id_key
left join link.split_names
    on split_names.id_key = persons.id_key and split_names.name_fold = persons.name_fold
