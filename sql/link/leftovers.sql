-- A record of dibao or of the register whose identity the other of the two does
-- not hold: the ID finds nobody there, and no person has said who it is. Most of these people are truly on one of
-- the two alone; the rest are written badly on one side (link.troubled). Alone is
-- whoever has nobody else in the household.
--
-- key: record

with

households as (
    select
        persons.roll,
        persons.household
    from normal.persons
    where persons.roll in ('dibao_persons', 'register') and persons.household is not null
    group by persons.roll, persons.household
    having count(*) > 1
),

told as (
    select rulings.a_record as record
    from link.rulings
    inner join normal.persons on persons.record = rulings.b_record
    where rulings.same and persons.roll in ('dibao_persons', 'register')
    union
    select rulings.b_record as record
    from link.rulings
    inner join normal.persons on persons.record = rulings.a_record
    where rulings.same and persons.roll in ('dibao_persons', 'register')
)

select
    identities.record,
    identities.roll_no,
    identities.identity,
    households.household is null as is_alone
from link.identities
inner join link.standings using (identity)
inner join normal.persons using (record)
left join households
    on households.roll = persons.roll and households.household = persons.household
left join told on told.record = identities.record
where
    told.record is null
    and (
        identities.roll_no = 1 and standings.register_records = 0
        or identities.roll_no = 2 and standings.dibao_records = 0
    )
