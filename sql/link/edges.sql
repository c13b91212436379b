-- Two identities held to be one person although their IDs do not say so, with the
-- two records that speak for it and how.
--
-- key: a_node, b_node

select
    decided.a_node, decided.b_node, decided.a_record, decided.b_record, decided.method
from link.decided
where decided.decision = 'linked'
union all
select
    attached.a_node, attached.b_node, attached.a_record, attached.b_record, attached.method
from link.attached
where attached.decision = 'linked'
