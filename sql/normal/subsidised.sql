-- A person whose premium of the residents' medical insurance is to be subsidised:
-- on dibao, on tekun, or of a register household in need. In full for tekun and
-- for the severely mentally disabled, in part for the others. The record is the
-- first of these rolls that says so; premium_fen is the premium of its place.
--
-- key: person

with

rolls as (
    select members.person, members.record, members.household, 'dibao' as roll, 1 as place, dibao.area_code
    from normal.members
    inner join normal.dibao on dibao.record = members.record
    where members.roll = 'dibao' and members.on_roll
    union all
    select people.person, tekun.record, cast(null as string) as household, 'tekun' as roll, 2 as place, tekun.area_code
    from normal.tekun
    inner join link.people on people.record = tekun.record
    where tekun.on_roll
    union all
    select members.person, members.record, members.household, 'register' as roll, 3 as place, register.area_code
    from normal.members
    inner join normal.register on register.record = members.record
    inner join normal.register_households on register_households.household = members.household
    where members.roll = 'register' and register_households.in_need
),

ranked as (
    select
        person, record, roll, area_code,
        row_number() over (
            partition by person order by place nulls last, household nulls last, record nulls last
        ) as place
    from rolls
),

tekun_people as (
    select distinct person
    from rolls
    where roll = 'tekun'
)

select
    ranked.person,
    ranked.record,
    ranked.roll,
    tekun_people.person is not null or coalesce(severe.mental, false) as in_full,
    places.annual_premium_fen as premium_fen
from ranked
left join tekun_people on tekun_people.person = ranked.person
left join normal.severe on severe.person = ranked.person
left join normal.places on places.area_code = ranked.area_code
where ranked.place = 1
