-- Two members left over inside two households that share somebody, with compatible
-- names and more that agrees. A family has no two members of one name, so an equal
-- name needs one more agreement: the birth date, the relation to the head, or the
-- sex with nothing against it. Names that are only alike need the birth date, or the
-- relation with nothing against it, for brothers' names can be alike; a shortened
-- name needs the birth date; a mark for a missing character may be anybody's and
-- without the birth date leaves the pair to review. A household with over 30 left
-- over is a village in one cell: there only equal names born on one day meet.
--
-- key: a_node, b_node

with

settled as (
    select anchors.a_node as identity
    from link.anchors
    union all
    select anchors.b_node as identity
    from link.anchors
),

troubled as (
    select
        troubled.record,
        troubled.roll_no,
        troubled.household,
        troubled.name_fold,
        count(*) over (partition by troubled.roll_no, troubled.household) > 30 as is_crowd
    from link.troubled
    anti join settled using (identity)
),

other_households as (
    select distinct
        household_pairs.roll_no,
        household_pairs.other_household
    from link.household_pairs
),

others as (
    select
        persons.record,
        other_households.roll_no,
        other_households.other_household,
        persons.name_fold,
        count(*) over (
            partition by other_households.roll_no, other_households.other_household
        ) > 30 as is_crowd
    from normal.persons
    inner join other_households on other_households.other_household = persons.household
    inner join link.leftovers
        on leftovers.record = persons.record and leftovers.roll_no <> other_households.roll_no
    anti join settled on settled.identity = leftovers.identity
    where persons.name_fold is not null
),

met as (
    select
        troubled.roll_no,
        troubled.record,
        others.record as other_record,
        false as in_crowd
    from troubled
    inner join link.household_pairs using (roll_no, household)
    inner join others using (roll_no, other_household)
    where not troubled.is_crowd and not others.is_crowd
    union all
    select
        troubled.roll_no,
        troubled.record,
        others.record as other_record,
        true as in_crowd
    from troubled
    inner join link.household_pairs using (roll_no, household)
    inner join others using (roll_no, other_household, name_fold)
    where troubled.is_crowd or others.is_crowd
),

sides as (
    select distinct
        case when met.roll_no = 1 then met.record else met.other_record end as a_record,
        case when met.roll_no = 1 then met.other_record else met.record end as b_record,
        met.in_crowd
    from met
),

compared as (
    select
        a_leftover.identity as a_node,
        b_leftover.identity as b_node,
        a.record as a_record,
        b.record as b_record,
        sides.in_crowd,
        case when a.name_fold = b.name_fold then 5 else name_level(a.name_fold, b.name_fold) end
            as likeness,
        a.birth = b.birth as same_birth,
        a.sex = b.sex as same_sex,
        a.relation = b.relation as same_relation,
        a.id_key is not null and b.id_key is not null as two_ids
    from sides
    inner join normal.persons as a on a.record = sides.a_record
    inner join normal.persons as b on b.record = sides.b_record
    inner join link.leftovers as a_leftover on a_leftover.record = sides.a_record
    inner join link.leftovers as b_leftover on b_leftover.record = sides.b_record
),

agreeing as (
    select
        compared.a_node,
        compared.b_node,
        compared.a_record,
        compared.b_record,
        compared.likeness * 10
        + case when compared.same_birth then 4 when compared.same_birth is null then 1 else 0 end
        + case when compared.same_relation then 2 else 0 end
        + case when compared.same_sex then 1 else 0 end as score,
        compared.likeness <> 4 or compared.same_birth is true as decides
    from compared
    where case
        when compared.in_crowd then
            compared.same_birth is true and compared.same_sex is not false
        when compared.likeness = 5 then
            (
                compared.same_birth is true
                or compared.same_relation is true
                or compared.same_sex is true and compared.same_birth is null
            )
            and (compared.same_sex is not false or compared.same_birth is not false)
        when compared.likeness > 1 then
            compared.same_sex is not false
            and (
                compared.same_birth is true
                or compared.same_relation is true
                and compared.same_birth is null
                and not compared.two_ids
            )
        else
            compared.likeness = 1 and compared.same_sex is not false and compared.same_birth is true
    end
)

select
    agreeing.a_node,
    agreeing.b_node,
    min(agreeing.a_record) as a_record,
    min(agreeing.b_record) as b_record,
    max(agreeing.score) as score,
    'household' as method,
    bool_or(agreeing.decides) as decides
from agreeing
group by agreeing.a_node, agreeing.b_node
