-- A person with hospital bills in the twelve months before the night: what of them
-- the person paid, of that within the policy's range where every bill tells it,
-- and the limit of the place where the household lives, else of the bill. The
-- record that speaks for the person has a valid ID, if one has; then a record of
-- the register or dibao goes before the bill.
--
-- key: person

with

own_area as (
    select max(area_code) as area_code
    from policy.areas
),

spent as (
    select
        person,
        cast(sum(self_pay_fen) as bigint) as self_pay_fen,
        case when count(policy_self_pay_fen) = count(*) then cast(sum(policy_self_pay_fen) as bigint) end
            as policy_self_pay_fen
    from normal.bills
    where billed_on >= months_after(night(), -12) and billed_on < night()
    group by person
),

standings as (
    select
        spent.person,
        spent.self_pay_fen,
        spent.policy_self_pay_fen,
        persons.record,
        persons.roll,
        persons.household,
        persons.area_code,
        row_number() over (
            partition by spent.person
            order by
                persons.id_key is not null desc,
                persons.roll = 'medical' nulls last,
                persons.record nulls last
        ) as place
    from spent
    inner join link.people on people.person = spent.person
    inner join normal.persons on persons.record = people.record
    where persons.present and persons.roll in ('register', 'dibao_persons', 'medical')
)

select
    standings.person,
    standings.record,
    standings.roll,
    standings.household,
    standings.self_pay_fen,
    standings.policy_self_pay_fen,
    places.self_pay_limit_fen
from standings
cross join own_area
left join normal.households_of on households_of.person = standings.person
left join normal.places
    on places.area_code = coalesce(households_of.area_code, standings.area_code, own_area.area_code)
where standings.place = 1
