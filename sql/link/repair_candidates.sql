-- A wrong ID on dibao or the register whose repair is a right ID on the other,
-- with a compatible name: a number mistyped, shortened, lengthened or eaten by a
-- spreadsheet. Of numbers that meet like this 97.7 in 100 are one person's
-- before anybody looks at the name (linkage.md 0.4). The better name goes first.
--
-- key: a_node, b_node

with

met as (
    select
        repairs.record as wrong_record,
        leftovers.record as sound_record
    from link.repairs
    inner join link.leftovers on leftovers.id_key = repairs.candidate_key
    where repairs.kind <> 'excel'
    union all
    select
        repairs.record as wrong_record,
        leftovers.record as sound_record
    from link.repairs
    inner join link.leftovers on leftovers.id_prefix = repairs.candidate_key
    where repairs.kind = 'excel'
),

sides as (
    select
        case when wrong.roll_no = 1 then met.wrong_record else met.sound_record end as a_record,
        case when wrong.roll_no = 1 then met.sound_record else met.wrong_record end as b_record
    from met
    inner join link.leftovers as wrong on wrong.record = met.wrong_record
    inner join link.leftovers as sound on sound.record = met.sound_record
    where wrong.roll_no <> sound.roll_no
),

compared as (
    select
        a.identity as a_node,
        b.identity as b_node,
        a.record as a_record,
        b.record as b_record,
        case when a.name_fold = b.name_fold then 5 else name_level(a.name_fold, b.name_fold) end
            as likeness,
        coalesce(a.sex <> b.sex, false) as sex_differs
    from sides
    inner join link.leftovers as a on a.record = sides.a_record
    inner join link.leftovers as b on b.record = sides.b_record
)

select
    compared.a_node,
    compared.b_node,
    min(compared.a_record) as a_record,
    min(compared.b_record) as b_record,
    max(compared.likeness) as score,
    'repaired_id' as method,
    true as decides
from compared
where compared.likeness = 5 or compared.likeness > 0 and not compared.sex_differs
group by compared.a_node, compared.b_node
