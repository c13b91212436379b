-- Two records of which a person has decided, in force tonight, that they are one
-- person's or two persons'. What the decision gives of a side, ID and name, must all
-- match. Where two decisions contradict each other, the later line counts.
--
-- key: a_record, b_record

with

in_force as (
    select
        rulings.a_roll,
        rulings.a_id_no,
        rulings.a_name_fold,
        rulings.b_roll,
        rulings.b_id_no,
        rulings.b_name_fold,
        rulings.same,
        rulings.line
    from policy.rulings
    where
        (rulings.valid_from is null or rulings.valid_from <= night())
        and (rulings.valid_to is null or night() < rulings.valid_to)
),

sides as (
    select
        in_force.line, 'a' as side, in_force.a_roll as roll, in_force.a_id_no as id_no,
        in_force.a_name_fold as name_fold
    from in_force
    union all
    select
        in_force.line, 'b' as side, in_force.b_roll as roll, in_force.b_id_no as id_no,
        in_force.b_name_fold as name_fold
    from in_force
),

meant as (
    select
        sides.line,
        sides.side,
        persons.record
    from sides
    inner join normal.persons on persons.roll = sides.roll and persons.id_no = sides.id_no
    where sides.name_fold is null or persons.name_fold = sides.name_fold
    union all
    select
        sides.line,
        sides.side,
        persons.record
    from sides
    inner join normal.persons
        on persons.roll = sides.roll and persons.name_fold = sides.name_fold
    where sides.id_no is null
),

pairs as (
    select
        case when a_roll.roll_no <= b_roll.roll_no then a.record else b.record end as a_record,
        case when a_roll.roll_no <= b_roll.roll_no then b.record else a.record end as b_record,
        in_force.same,
        in_force.line
    from in_force
    inner join meant as a on a.line = in_force.line and a.side = 'a'
    inner join meant as b on b.line = in_force.line and b.side = 'b'
    inner join link.rolls as a_roll on a_roll.roll = in_force.a_roll
    inner join link.rolls as b_roll on b_roll.roll = in_force.b_roll
    where a.record <> b.record
),

latest as (
    select
        pairs.a_record,
        pairs.b_record,
        max(pairs.line) as line
    from pairs
    group by pairs.a_record, pairs.b_record
)

select distinct
    pairs.a_record,
    pairs.b_record,
    pairs.same
from pairs
inner join latest using (a_record, b_record, line)
