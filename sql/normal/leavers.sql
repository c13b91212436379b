-- Somebody who was on dibao in an earlier night and is not on tonight's roll as
-- then: the last such night, the household then, and the person of tonight's lists
-- who it is, if they still know one. It is the one with household and name on the
-- roll of dibao, else one with the valid ID, else one with what stood for the
-- person, each with a compatible name; else the only one with name, birth date and
-- village (town, where a village is not known).
--
-- key: no

with

candidates as (
    select leavers.no, persons.record, 1 as way
    from past.leavers
    inner join normal.persons
        on persons.household = leavers.household and persons.name_fold = leavers.name_fold
    where persons.roll = 'dibao_persons'
    union all
    select leavers.no, persons.record, 2 as way
    from past.leavers
    inner join normal.persons on persons.id_key = leavers.id_key
    where persons.roll in ('dibao_persons', 'register', 'tekun', 'deaths')
    and (
        persons.name_fold = leavers.name_fold
        or persons.name_fold <> leavers.name_fold and name_level(persons.name_fold, leavers.name_fold) >= 1
    )
    union all
    select leavers.no, persons.record, 3 as way
    from past.leavers
    inner join link.people on people.person = leavers.person
    inner join normal.persons on persons.record = people.record
    where persons.roll in ('dibao_persons', 'register', 'tekun', 'deaths')
    and (
        persons.name_fold = leavers.name_fold
        or persons.name_fold <> leavers.name_fold and name_level(persons.name_fold, leavers.name_fold) >= 1
    )
    union all
    select leavers.no, persons.record, 4 as way
    from past.leavers
    inner join normal.persons
        on persons.name_fold = leavers.name_fold and persons.birth = leavers.birth
    where persons.roll in ('dibao_persons', 'register', 'tekun', 'deaths')
    and (leavers.id_key is null or persons.id_key is null)
    and coalesce(persons.village = leavers.village, persons.town = leavers.town, false)
),

ways as (
    select candidates.no, candidates.way, people.person
    from candidates
    inner join link.people on people.record = candidates.record
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
