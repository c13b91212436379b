-- A register household one of whose members applied and was refused within the
-- months that a refusal counts. The record is the latest such application.
--
-- key: household

with

refusals as (
    select list.record, people.person, coalesce(list.decided, list.applied) as refused_on
    from raw.approvals as list
    inner join link.people on people.record = list.record
    where list.result = 'refused'
),

ranked as (
    select
        members.household,
        refusals.record,
        row_number() over (
            partition by members.household
            order by refusals.refused_on desc, refusals.record nulls last
        ) as place
    from refusals
    inner join normal.members on members.person = refusals.person
    inner join normal.register_households on register_households.household = members.household
    inner join normal.places on places.area_code = register_households.area_code
    where members.roll = 'register'
    and refusals.refused_on >= months_after(night(), - places.refusal_months)
    and refusals.refused_on < night()
)

select household, record
from ranked
where place = 1
