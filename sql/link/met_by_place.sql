-- A record left over of dibao and one of the register that live in one place and have
-- something in common, one of them without an ID of its own: born on one day with a
-- name read alike, in one town; born on one day in one village; or of one name in one
-- town, with nothing known against it. More than 20 born on one day in one town of a
-- roll have a date that was filled in, more than 20 of one name in one town are nobody
-- in particular: both meet nobody here.
--
-- key: a_record, b_record

with

unnumbered as (
    select
        troubled.record,
        troubled.name_fold,
        troubled.name_sound,
        troubled.sex,
        troubled.birth,
        troubled.area_code,
        troubled.town,
        troubled.village,
        count(*) over (
            partition by troubled.roll_no, troubled.birth, troubled.town
        ) as born_so,
        count(*) over (
            partition by troubled.roll_no, troubled.name_fold, troubled.town
        ) as named_so
    from link.troubled
    where troubled.town is not null
),

met as (
    select
        unnumbered.record,
        persons.record as other_record
    from unnumbered
    inner join normal.persons
        on persons.birth = unnumbered.birth
        and persons.name_sound = unnumbered.name_sound
        and persons.town = unnumbered.town
    where
        unnumbered.born_so <= 20
        and (
            substring(persons.area_code, 1, 6) = substring(unnumbered.area_code, 1, 6)
        ) is not false
    union
    select
        unnumbered.record,
        persons.record as other_record
    from unnumbered
    inner join normal.persons
        on persons.birth = unnumbered.birth
        and persons.village = unnumbered.village
        and persons.town = unnumbered.town
    where
        unnumbered.born_so <= 20
        and (persons.sex = unnumbered.sex) is not false
        and (
            substring(persons.area_code, 1, 6) = substring(unnumbered.area_code, 1, 6)
        ) is not false
    union
    select
        unnumbered.record,
        persons.record as other_record
    from unnumbered
    inner join normal.persons
        on persons.name_fold = unnumbered.name_fold
        and persons.town = unnumbered.town
    where
        unnumbered.named_so <= 20
        and (persons.birth = unnumbered.birth) is not false
        and (persons.sex = unnumbered.sex) is not false
        and (
            substring(persons.area_code, 1, 6) = substring(unnumbered.area_code, 1, 6)
        ) is not false
)

select distinct
    case when own.roll_no = 1 then own.record else other.record end as a_record,
    case when own.roll_no = 1 then other.record else own.record end as b_record
from met
inner join link.leftovers as own on own.record = met.record
inner join link.leftovers as other on other.record = met.other_record
where own.roll_no <> other.roll_no
