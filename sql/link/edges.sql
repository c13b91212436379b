-- Two identities held to be one person although their IDs do not say so, with the
-- two records that speak for it and how: a person's decision, else what was decided
-- by weight.
--
-- key: a_record, b_record

select
    a.identity as a_node,
    b.identity as b_node,
    rulings.a_record,
    rulings.b_record,
    'decided' as method
from link.rulings
inner join link.identities as a on a.record = rulings.a_record
inner join link.identities as b on b.record = rulings.b_record
where rulings.same and a.identity <> b.identity
union all
select
    decided.a_node, decided.b_node, decided.a_record, decided.b_record, decided.method
from link.decided
where decided.decision = 'linked'
union all
select
    attached.a_node, attached.b_node, attached.a_record, attached.b_record, attached.method
from link.attached
where attached.decision = 'linked'
