-- Two identities held to be one person although their IDs do not say so, with the
-- two records that speak for it and how. What a bureau decides by hand and what is
-- scored joins here.
--
-- key: a_node, b_node

select
    anchors.a_node, anchors.b_node, anchors.a_record, anchors.b_record, anchors.method
from link.anchors
union all
select
    in_household.a_node, in_household.b_node,
    in_household.a_record, in_household.b_record, in_household.method
from link.in_household
where in_household.decision = 'linked'
union all
select
    attached.a_node, attached.b_node, attached.a_record, attached.b_record, attached.method
from link.attached
where attached.decision = 'linked'
