-- Somebody who was on dibao in an earlier night and is not on tonight's roll as
-- then: the last such night, the household then, and the person of tonight's lists
-- who it is, if they still know one. It is the one with household and name on the
-- roll of dibao, else one with the valid ID, else one with what stood for the
-- person, each with a compatible name; else the only one with name, birth date and
-- village (town, where a village is not known).
--
-- key: no

with

records as (
    select
        persons.record,
        persons.roll,
        persons.household,
        persons.name_fold,
        persons.id_key,
        persons.birth,
        persons.town,
        persons.village,
        people.person
    from normal.persons
    inner join link.people on people.record = persons.record
    where persons.roll in ('dibao_persons', 'register', 'tekun', 'deaths')
),

ways as (
    select leavers.no, records.person, 1 as way
    from past.leavers
    inner join records on records.household = leavers.household and records.name_fold = leavers.name_fold
    where records.roll = 'dibao_persons'
    union all
    select leavers.no, records.person, 2 as way
    from past.leavers
    inner join records on records.id_key = leavers.id_key
    where records.name_fold = leavers.name_fold
    or records.name_fold <> leavers.name_fold and name_level(records.name_fold, leavers.name_fold) >= 1
    union all
    select leavers.no, records.person, 3 as way
    from past.leavers
    inner join records on records.person = leavers.person
    where records.name_fold = leavers.name_fold
    or records.name_fold <> leavers.name_fold and name_level(records.name_fold, leavers.name_fold) >= 1
    union all
    select leavers.no, records.person, 4 as way
    from past.leavers
    inner join records on records.name_fold = leavers.name_fold and records.birth = leavers.birth
    where (leavers.id_key is null or records.id_key is null)
    and coalesce(records.village = leavers.village, records.town = leavers.town, false)
),

found as (
    select no, way, min(person) as person
    from ways
    group by no, way
    having min(person) = max(person)
),

best as (
    select no, person, row_number() over (partition by no order by way nulls last) as place
    from found
)

select leavers.no, best.person, leavers.household, leavers.night
from past.leavers
left join best on best.no = leavers.no and best.place = 1
