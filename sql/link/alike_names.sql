-- Two compatible names with which one ID stands, by the first record of each:
-- one person, written in two ways. A name is paired with itself too, so that
-- every name is there.
--
-- key: a_node, b_node

with

names as (
    select
        key_names.id_key,
        key_names.name_fold,
        key_names.first_record
    from link.key_names
    anti join link.crowded_keys using (id_key)
)

select
    a.first_record as a_node,
    b.first_record as b_node
from names as a
inner join names as b
    on a.id_key = b.id_key and a.first_record <= b.first_record
where
    case
        when a.first_record = b.first_record then true
        else name_level(a.name_fold, b.name_fold) > 0
    end
