-- A link under review, seen from one of its sides: the person there, and the
-- record that may be the same person. What is not found for a person may stand
-- in that record, so a finding that rests on "not on the roll" is suppressed.
--
-- key: person, record

with

sides as (
    select a_record as own_record, b_record as record
    from link.links
    where decision = 'review'
    union all
    select b_record as own_record, a_record as record
    from link.links
    where decision = 'review'
)

select distinct owners.person, sides.record
from sides
inner join link.people as owners on owners.record = sides.own_record
inner join link.people as others on others.record = sides.record
where others.person <> owners.person
