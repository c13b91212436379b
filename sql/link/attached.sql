-- Whom of the rolls a record of another list is held to be: the best of its
-- candidates. Of two as good as each other neither is preferred: both are for
-- review, and so is one that is too weak to decide.
--
-- key: a_node, b_node

with

ranked as (
    select
        outsider_candidates.a_node,
        outsider_candidates.b_node,
        outsider_candidates.a_record,
        outsider_candidates.b_record,
        outsider_candidates.method,
        outsider_candidates.decides,
        rank() over (
            partition by outsider_candidates.a_node
            order by outsider_candidates.score desc nulls last
        ) as place
    from link.outsider_candidates
),

best as (
    select
        ranked.a_node,
        ranked.b_node,
        ranked.a_record,
        ranked.b_record,
        ranked.method,
        ranked.decides,
        count(*) over (partition by ranked.a_node) as rivals
    from ranked
    where ranked.place = 1
)

select
    best.a_node,
    best.b_node,
    best.a_record,
    best.b_record,
    best.method,
    case when best.decides and best.rivals = 1 then 'linked' else 'review' end as decision
from best
