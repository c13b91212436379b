-- An ID under which a dibao household is known: its head's own, or the one that
-- its members name as their head's. A wrong one counts too as long as it is one
-- household's alone; masks and placeholders are everybody's.
--
-- key: id_no

with

told as (
    select id_no, id_key, household
    from normal.persons
    where roll = 'dibao_persons' and is_head and id_kind not in ('masked', 'placeholder', 'empty')
    union all
    select list.head_id_no as id_no, list.head_id_key as id_key, dibao.household
    from raw.dibao_persons as list
    inner join normal.dibao on dibao.record = list.record
    where list.head_id_no is not null
)

select id_no, min(household) as household
from told
where id_no is not null
group by id_no
having count(id_key) > 0 or min(household) = max(household)
