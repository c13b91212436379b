-- A household of dibao and one of the register that share a person, while both
-- have members left over: the leftovers may be each other.
--
-- key: a_household, b_household

with

dibao as (
    select distinct leftovers.household
    from link.leftovers
    where leftovers.roll_no = 1 and leftovers.household is not null
),

register as (
    select distinct leftovers.household
    from link.leftovers
    where leftovers.roll_no = 2 and leftovers.household is not null
),

dibao_members as (
    select
        persons.household,
        coalesce(anchors.b_node, identities.identity) as identity
    from normal.persons
    semi join dibao on dibao.household = persons.household
    inner join link.identities on identities.record = persons.record
    left join link.anchors on anchors.a_node = identities.identity
    where persons.roll = 'dibao_persons'
),

register_members as (
    select
        persons.household,
        identities.identity
    from normal.persons
    semi join register on register.household = persons.household
    inner join link.identities on identities.record = persons.record
    where persons.roll = 'register'
)

select distinct
    dibao_members.household as a_household,
    register_members.household as b_household
from dibao_members
inner join register_members using (identity)
