-- A household of dibao or the register with a troubled member left over, and one
-- of the other roll that shares a person with it: its leftovers may be the other's.
-- roll_no is that of the household with the troubled member.
--
-- key: roll_no, household, other_household

with

settled as (
    select anchors.a_node as identity, anchors.b_node as other_identity
    from link.anchors
    union all
    select anchors.b_node as identity, anchors.a_node as other_identity
    from link.anchors
),

households as (
    select distinct
        troubled.roll_no,
        troubled.household
    from link.troubled
    anti join settled on settled.identity = troubled.identity
    where troubled.household is not null
),

members as (
    select
        households.roll_no,
        households.household,
        coalesce(settled.other_identity, identities.identity) as other_identity
    from normal.persons
    inner join households on households.household = persons.household
    inner join link.identities
        on identities.record = persons.record and identities.roll_no = households.roll_no
    left join settled on settled.identity = identities.identity
)

select distinct
    members.roll_no,
    members.household,
    persons.household as other_household
from members
inner join link.identities
    on identities.identity = members.other_identity
    and identities.roll_no = 3 - members.roll_no
inner join normal.persons on persons.record = identities.record
where persons.household is not null
