-- A record that its ID does not make one with the others who carry it, by a person's
-- decision: the second of two that are different, and everybody else of a roll of
-- which another record was said to be that person.
--
-- key: record

with

numbered as (
    select
        rulings.a_record,
        rulings.b_record,
        rulings.same,
        a.roll as a_roll,
        b.roll as b_roll,
        a.id_key as a_key,
        b.id_key as b_key
    from link.rulings
    inner join normal.persons as a on a.record = rulings.a_record
    inner join normal.persons as b on b.record = rulings.b_record
)

select numbered.b_record as record
from numbered
where not numbered.same and numbered.a_key = numbered.b_key
union
select persons.record
from numbered
inner join normal.persons
    on persons.roll = numbered.b_roll and persons.id_key = numbered.a_key
where numbered.same and persons.record <> numbered.b_record
union
select persons.record
from numbered
inner join normal.persons
    on persons.roll = numbered.a_roll and persons.id_key = numbered.b_key
where numbered.same and persons.record <> numbered.a_record
