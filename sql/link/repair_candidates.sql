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
        persons.record as sound_record
    from link.repairs
    inner join normal.persons on persons.id_key = repairs.candidate_key
    where repairs.kind <> 'excel'
    union all
    select
        repairs.record as wrong_record,
        persons.record as sound_record
    from link.repairs
    inner join normal.persons on floor_div(persons.id_key, 100) * 100 = repairs.candidate_key
    where repairs.kind = 'excel'
),

sides as (
    select
        case when wrong.roll_no = 1 then wrong.identity else sound.identity end as a_node,
        case when wrong.roll_no = 1 then sound.identity else wrong.identity end as b_node,
        wrong.record as wrong_record,
        sound.record as sound_record,
        wrong.roll_no as wrong_roll_no
    from met
    inner join link.leftovers as wrong on wrong.record = met.wrong_record
    inner join link.leftovers as sound on sound.record = met.sound_record
    where wrong.roll_no <> sound.roll_no
),

compared as (
    select
        sides.a_node,
        sides.b_node,
        case when sides.wrong_roll_no = 1 then sides.wrong_record else sides.sound_record end
            as a_record,
        case when sides.wrong_roll_no = 1 then sides.sound_record else sides.wrong_record end
            as b_record,
        case
            when wrong.name_fold = sound.name_fold then 5
            else name_level(wrong.name_fold, sound.name_fold)
        end as likeness,
        coalesce(wrong.sex <> sound.sex, false) as sex_differs
    from sides
    inner join link.troubled as wrong on wrong.record = sides.wrong_record
    inner join normal.persons as sound on sound.record = sides.sound_record
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
