-- A person on the list of deaths, with the day of death, that of cremation where
-- it is not known; the later one where records differ.
--
-- key: person

select
    people.person,
    min(list.record) as record,
    max(coalesce(list.died, list.cremated)) as died_on
from raw.deaths as list
inner join link.people on people.record = list.record
group by people.person
