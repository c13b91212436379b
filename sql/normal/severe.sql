-- A severely disabled person: level 1 or 2, or level 3 of the mind, by the
-- disability list where the person is on it; else by class and level on the
-- dibao or tekun roll; else by the register's own certificate number. The record
-- is the one that says so; mental is whether the disability is psychiatric.
--
-- key: person

with

listed as (
    select
        person,
        min(record) filter (where in_force and severe) as record,
        bool_or(in_force and severe and mental) as mental
    from normal.certificates
    group by person
),

benefit_records as (
    select record, disability, level from normal.dibao where level is not null
    union all
    select record, disability, level from normal.tekun where level is not null
),

benefits as (
    select
        people.person,
        min(benefit_records.record) filter (
            where benefit_records.level in ('1', '2')
            or benefit_records.level = '3' and benefit_records.disability in ('intellectual', 'mental')
        ) as record,
        coalesce(
            bool_or(benefit_records.level in ('1', '2', '3') and benefit_records.disability = 'mental'), false
        ) as mental
    from benefit_records
    inner join link.people on people.record = benefit_records.record
    group by people.person
),

numbers as (
    select
        people.person,
        min(register.record) filter (
            where register.id_level in ('1', '2')
            or register.id_level = '3' and register.id_disability in ('5', '6')
        ) as record,
        coalesce(bool_or(register.id_level in ('1', '2', '3') and register.id_disability = '6'), false) as mental
    from normal.register
    inner join link.people on people.record = register.record
    where register.id_level is not null
    group by people.person
)

select person, record, mental
from listed
where record is not null
union all
select benefits.person, benefits.record, benefits.mental
from benefits
anti join listed on listed.person = benefits.person
where benefits.record is not null
union all
select numbers.person, numbers.record, numbers.mental
from numbers
anti join listed on listed.person = numbers.person
anti join benefits on benefits.person = numbers.person
where numbers.record is not null
