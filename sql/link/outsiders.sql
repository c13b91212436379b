-- A record of another list than dibao and the register whose ID stands on
-- neither: it may still be somebody of the rolls, of whom the ID is missing or
-- wrong on one side.
--
-- key: record

select
    identities.record,
    identities.roll_no,
    identities.identity
from link.identities
inner join link.standings using (identity)
where
    identities.roll_no > 2
    and standings.dibao_records = 0
    and standings.register_records = 0
    and (identities.is_spine or not standings.is_on_spine)
