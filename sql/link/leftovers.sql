-- A record of dibao or of the register whose identity the other of the two does
-- not hold: the ID finds nobody there. Most of these people are truly on one of
-- the two alone; the rest are written badly on one side (link.troubled).
--
-- key: record

select
    identities.record,
    identities.roll_no,
    identities.identity
from link.identities
inner join link.standings using (identity)
where
    identities.roll_no = 1 and standings.register_records = 0
    or identities.roll_no = 2 and standings.dibao_records = 0
