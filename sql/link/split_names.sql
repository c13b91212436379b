-- A name of an ID that persons with incompatible names share: such an ID is
-- everybody's and nobody's. Compatible names are one person's, named by the
-- first record of them all.
--
-- key: id_key, name_fold

with

grouped as (
    select
        key_names.id_key,
        key_names.name_fold,
        name_groups.name_group
    from link.key_names
    inner join link.name_groups on name_groups.record = key_names.first_record
),

split_keys as (
    select grouped.id_key
    from grouped
    group by grouped.id_key
    having count(distinct grouped.name_group) > 1
)

select
    grouped.id_key,
    grouped.name_fold,
    grouped.name_group
from grouped
semi join split_keys using (id_key)
