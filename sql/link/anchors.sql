-- A person of dibao and one of the register found to be one without a look at
-- their households, by a repaired ID or by name and place. With those whose ID is
-- equal they say which households belong together.
--
-- key: a_node
-- key: b_node

select
    repaired.a_node,
    repaired.b_node,
    repaired.a_record,
    repaired.b_record,
    repaired.method
from link.repaired
where repaired.decision = 'linked'
union all
select
    by_place.a_node,
    by_place.b_node,
    by_place.a_record,
    by_place.b_record,
    by_place.method
from link.by_place
where by_place.decision = 'linked'
