-- A record of another list than dibao and the register whose ID stands on
-- neither: it may still be somebody of the rolls. A record with a valid ID can
-- only be one without, and the other way round or both without.
--
-- key: record

with

on_rolls as (
    select distinct identities.identity
    from link.identities
    where identities.roll_no <= 2
),

on_spine as (
    select distinct identities.identity
    from link.identities
    where identities.is_spine
)

select
    identities.record,
    identities.roll_no,
    identities.identity
from link.identities
anti join on_rolls on on_rolls.identity = identities.identity
where identities.is_spine and identities.roll_no > 2
union all
select
    identities.record,
    identities.roll_no,
    identities.identity
from link.identities
anti join on_spine on on_spine.identity = identities.identity
where not identities.is_spine
