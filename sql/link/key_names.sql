-- A name that a doubtful ID stands with, and the first record that has both.
--
-- key: id_key, name_fold

select
    persons.id_key,
    persons.name_fold,
    min(persons.record) as first_record
from normal.persons
semi join link.doubtful_keys using (id_key)
where persons.name_fold is not null
group by persons.id_key, persons.name_fold
