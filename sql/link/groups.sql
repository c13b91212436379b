-- A record and the person it is held to be tonight, as a number: its identity, or
-- that of the smallest identity found to be the same person.
--
-- key: record

select
    identities.record,
    identities.roll_no,
    identities.is_spine,
    identities.identity,
    coalesce(components.component, identities.identity) as person_no
from link.identities
left join link.components on components.identity = identities.identity
