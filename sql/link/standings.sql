-- An identity and where it stands: how often on dibao, how often on the register,
-- and whether on any roll of households.
--
-- key: identity

select
    identities.identity,
    cast(count(*) filter (where identities.roll_no = 1) as bigint) as dibao_records,
    cast(count(*) filter (where identities.roll_no = 2) as bigint) as register_records,
    bool_or(identities.is_spine) as is_on_spine
from link.identities
group by identities.identity
