-- Two records for an officer to look at, not held to be one person: one valid ID
-- with names that are not compatible (borrowed, or entered wrongly), or two
-- candidates as good as each other. A pair is not here when one of the two found its
-- partner on the other's list, for nobody is two persons of one roll; nor when a person
-- has decided.
--
-- key: a_record, b_record

with

sharers as (
    select
        persons.record,
        persons.id_key,
        groups.roll_no,
        groups.is_spine,
        groups.person_no
    from normal.persons
    inner join link.split_names
        on split_names.id_key = persons.id_key and split_names.name_fold = persons.name_fold
    inner join link.groups on groups.record = persons.record
),

clashes as (
    select
        a.record as a_record,
        b.record as b_record,
        a.roll_no as a_roll_no,
        b.roll_no as b_roll_no
    from sharers as a
    inner join sharers as b
        on a.id_key = b.id_key and a.roll_no < b.roll_no and a.person_no <> b.person_no
    where a.is_spine
),

contested as (
    select decided.a_record, decided.b_record
    from link.decided
    where decided.decision = 'review'
    union
    select attached.b_record as a_record, attached.a_record as b_record
    from link.attached
    where attached.decision = 'review'
),

open_pairs as (
    select
        clashes.a_record, clashes.b_record, clashes.a_roll_no, clashes.b_roll_no
    from clashes
    union
    select
        contested.a_record, contested.b_record, a.roll_no as a_roll_no, b.roll_no as b_roll_no
    from contested
    inner join link.groups as a on a.record = contested.a_record
    inner join link.groups as b on b.record = contested.b_record
    where a.person_no <> b.person_no
),

a_settled as (
    select distinct linked_pairs.a_record as record, linked_pairs.b_roll_no as roll_no
    from link.linked_pairs
    inner join open_pairs on open_pairs.a_record = linked_pairs.a_record
),

b_settled as (
    select distinct linked_pairs.b_record as record, linked_pairs.a_roll_no as roll_no
    from link.linked_pairs
    inner join open_pairs on open_pairs.b_record = linked_pairs.b_record
)

select
    open_pairs.a_record,
    open_pairs.b_record,
    open_pairs.a_roll_no,
    open_pairs.b_roll_no
from open_pairs
left join a_settled
    on a_settled.record = open_pairs.a_record and a_settled.roll_no = open_pairs.b_roll_no
left join b_settled
    on b_settled.record = open_pairs.b_record and b_settled.roll_no = open_pairs.a_roll_no
left join link.rulings
    on rulings.a_record = open_pairs.a_record and rulings.b_record = open_pairs.b_record
where a_settled.record is null and b_settled.record is null and rulings.a_record is null
