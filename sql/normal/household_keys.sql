-- A record of a roll whose household its own number does not tell, with the
-- household that its head tells: the head's number, else the head's valid ID,
-- else the head's name with the village. A member finds the head by the head's
-- ID, right or wrong, as long as both write it alike; one that names no head, or
-- a head of another, damaged number, belongs to the last head above it in the
-- sheet. Heads known only because others name their ID are here too, numbered
-- or not.
--
-- key: record

with

rolls as (
    select
        'dibao_persons' as roll, record, household_no, head_id_no, head_id_key, relation,
        id_no, id_kind, id_key, name_fold, coalesce(village, town, '') as place
    from raw.dibao_persons
    union all
    select
        'tekun' as roll, record, household_no, head_id_no, head_id_key, relation,
        id_no, id_kind, id_key, name_fold, coalesce(village, town, '') as place
    from raw.tekun
    union all
    select
        'edge' as roll, record, household_no, head_id_no, head_id_key, relation,
        id_no, id_kind, id_key, name_fold, coalesce(village, town, '') as place
    from raw.edge
    union all
    select
        'rigid_spending' as roll, record, household_no, head_id_no, head_id_key, relation,
        id_no, id_kind, id_key, name_fold, coalesce(village, town, '') as place
    from raw.rigid_spending
    union all
    select
        'register' as roll, record, household_no,
        cast(null as string) as head_id_no, cast(null as bigint) as head_id_key, relation,
        id_no, id_kind, id_key, name_fold, coalesce(village, town, '') as place
    from raw.register
),

lone_sheets as (
    select distinct roll, sheet
    from normal.unnumbered
),

wanted_heads as (
    select distinct roll, head_id_no as id_no
    from normal.unnumbered
    where head_id_no is not null
),

near as (
    select
        rolls.roll,
        rolls.record,
        floor_div(rolls.record, 274877906944) as sheet,
        rolls.household_no,
        rolls.head_id_no,
        rolls.head_id_key,
        rolls.relation,
        rolls.id_no,
        rolls.id_kind,
        rolls.id_key,
        rolls.name_fold,
        rolls.place
    from rolls
    left join lone_sheets
        on lone_sheets.roll = rolls.roll and lone_sheets.sheet = floor_div(rolls.record, 274877906944)
    left join wanted_heads on wanted_heads.roll = rolls.roll and wanted_heads.id_no = rolls.id_no
    where lone_sheets.sheet is not null
    or wanted_heads.id_no is not null
    or rolls.relation is null and rolls.head_id_no is null and rolls.roll <> 'register'
),

mentions as (
    select 'dibao_persons' as roll, head_id_no as id_no from raw.dibao_persons
    union
    select 'tekun' as roll, head_id_no as id_no from raw.tekun
    union
    select 'edge' as roll, head_id_no as id_no from raw.edge
    union
    select 'rigid_spending' as roll, head_id_no as id_no from raw.rigid_spending
),

silent_heads as (
    select near.record
    from near
    semi join mentions on mentions.roll = near.roll and mentions.id_no = near.id_no
    where near.relation is null and near.head_id_no is null
),

marked as (
    select
        near.roll,
        near.record,
        near.sheet,
        near.household_no,
        near.head_id_no,
        near.head_id_key,
        near.id_no,
        near.id_kind,
        near.id_key,
        near.name_fold,
        near.place,
        near.relation is not distinct from 'head'
        or coalesce(near.relation is null and near.id_no = near.head_id_no, false)
        or silent_heads.record is not null as is_head
    from near
    left join silent_heads on silent_heads.record = near.record
),

lone as (
    select roll, record, sheet, head_id_no, head_id_key, id_no, id_key, name_fold, place, is_head
    from marked
    where household_no is null
),

heads_by_id as (
    select roll, id_no, min(record) as record
    from marked
    where is_head and id_kind not in ('masked', 'placeholder', 'empty')
    group by roll, id_no
),

rows_above as (
    select
        marked.roll,
        marked.record,
        max(case when marked.is_head then marked.record end) over (
            partition by marked.roll, marked.sheet
            order by marked.record nulls last
            rows between unbounded preceding and current row
        ) as head_above
    from marked
),

attached as (
    select
        lone.roll,
        lone.record,
        lone.is_head,
        lone.head_id_no,
        lone.head_id_key,
        lone.id_no,
        lone.id_key,
        lone.name_fold,
        lone.place,
        case
            when lone.is_head then lone.record
            when heads_by_id.record is not null then heads_by_id.record
            when lone.head_id_no is null or lone.head_id_no = lone.id_no then rows_above.head_above
            when above.id_key is null then above.record
        end as head_record
    from lone
    left join heads_by_id on heads_by_id.roll = lone.roll and heads_by_id.id_no = lone.head_id_no
    left join rows_above on rows_above.record = lone.record
    left join marked as above on above.record = rows_above.head_above
),

told_ids as (
    select head_record, min(head_id_no) as id_no
    from attached
    where head_record is not null and head_id_key is not null
    group by head_record
),

family_numbers as (
    select id_no, min(household_no) as household_no
    from raw.dibao_families
    where household_no is not null and id_no is not null
    group by id_no
),

keyed as (
    select
        attached.roll,
        attached.record,
        attached.is_head,
        coalesce(
            heads.household_no,
            family_numbers.household_no,
            case when heads.id_key is not null then heads.id_no end,
            told_ids.id_no,
            heads.name_fold || '/' || heads.place,
            attached.head_id_no,
            case when attached.id_key is not null then attached.id_no end,
            attached.name_fold || '/' || attached.place,
            attached.id_no
        ) as household
    from attached
    left join marked as heads on heads.record = attached.head_record
    left join told_ids on told_ids.head_record = attached.head_record
    left join family_numbers
        on family_numbers.id_no = case
            when attached.roll = 'dibao_persons'
                then coalesce(told_ids.id_no, heads.id_no, attached.head_id_no)
        end
)

select roll, record, household, is_head
from keyed
union all
select marked.roll, marked.record, marked.household_no as household, true as is_head
from marked
inner join silent_heads on silent_heads.record = marked.record
where marked.household_no is not null
