-- A record left over of dibao and one of the register that their IDs bring together:
-- one has a wrong number and the other the right one that a repair of it gives (a
-- digit, two swapped, one lost or added, the zeros of a spreadsheet), or both carry
-- one valid number under names that are not compatible.
--
-- key: a_record, b_record

with

numbered as (
    select
        leftovers.record,
        leftovers.roll_no,
        persons.id_key,
        floor_div(persons.id_key, 100) * 100 as id_start
    from link.leftovers
    inner join normal.persons using (record)
    anti join link.crowded_keys on crowded_keys.id_key = persons.id_key
    where persons.id_key is not null
),

met as (
    select
        repairs.record,
        numbered.record as other_record,
        true as is_repaired
    from link.repairs
    inner join numbered on numbered.id_key = repairs.candidate_key
    where repairs.kind <> 'excel'
    union all
    select
        repairs.record,
        numbered.record as other_record,
        true as is_repaired
    from link.repairs
    inner join numbered on numbered.id_start = repairs.candidate_key
    where repairs.kind = 'excel'
    union all
    select
        troubled.record,
        numbered.record as other_record,
        false as is_repaired
    from link.troubled
    inner join numbered on numbered.id_key = troubled.id_key
),

sides as (
    select
        case when own.roll_no = 1 then own.record else other.record end as a_record,
        case when own.roll_no = 1 then other.record else own.record end as b_record,
        met.is_repaired
    from met
    inner join link.leftovers as own on own.record = met.record
    inner join link.leftovers as other on other.record = met.other_record
    where own.roll_no <> other.roll_no
)

select
    sides.a_record,
    sides.b_record,
    bool_or(sides.is_repaired) as is_repaired
from sides
group by sides.a_record, sides.b_record
