-- A person who is on the children's roll as an orphan, with the record that says so.
--
-- key: person

select people.person, min(list.record) as record
from raw.children as list
inner join link.people on people.record = list.record
where coalesce(list.kind = 'orphan', true)
and coalesce(list.state in ('active', 'normal'), true)
group by people.person
