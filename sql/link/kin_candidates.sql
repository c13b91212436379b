-- Two members left over inside two households that share somebody, with
-- compatible names and more that agrees. A family has no two members of one name,
-- so an equal name needs one more agreement: the birth date, the relation to the
-- head, or the sex with nothing against it. Two different valid IDs are two persons
-- unless one is known to stand with another name too, or the birth dates agree.
-- Names that are only alike need the birth date, or the relation with nothing
-- against it, for brothers' names can be alike; a shortened name needs the birth
-- date. A household with over 30 left over is a village in one cell: there only
-- equal names meet.
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

open_members as (
    select
        leftovers.record,
        leftovers.roll_no,
        leftovers.household,
        leftovers.name_fold,
        count(*) over (partition by leftovers.roll_no, leftovers.household) > 30 as is_crowd
    from link.leftovers
    anti join settled using (identity)
    where leftovers.household is not null and leftovers.name_fold is not null
),

met as (
    select
        a.record as a_record,
        b.record as b_record
    from link.household_pairs
    inner join open_members as a
        on a.roll_no = 1 and a.household = household_pairs.a_household
    inner join open_members as b
        on b.roll_no = 2 and b.household = household_pairs.b_household
    where not a.is_crowd and not b.is_crowd
    union all
    select
        a.record as a_record,
        b.record as b_record
    from link.household_pairs
    inner join open_members as a
        on a.roll_no = 1 and a.household = household_pairs.a_household
    inner join open_members as b
        on b.roll_no = 2
        and b.household = household_pairs.b_household
        and b.name_fold = a.name_fold
    where a.is_crowd or b.is_crowd
),

compared as (
    select
        a.identity as a_node,
        b.identity as b_node,
        a.record as a_record,
        b.record as b_record,
        case when a.name_fold = b.name_fold then 5 else name_level(a.name_fold, b.name_fold) end
            as likeness,
        a.birth = b.birth as same_birth,
        a.sex = b.sex as same_sex,
        a.relation = b.relation as same_relation,
        coalesce(a.id_key <> b.id_key, false) as two_ids,
        a.identity < 0 and a.id_key is not null or b.identity < 0 and b.id_key is not null
            as id_is_shared
    from met
    inner join link.leftovers as a on a.record = met.a_record
    inner join link.leftovers as b on b.record = met.b_record
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
        + case when compared.same_sex then 1 else 0 end as score
    from compared
    where case
        when compared.likeness = 5 then
            (not compared.two_ids or compared.id_is_shared or compared.same_birth is true)
            and (
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
    true as decides
from agreeing
group by agreeing.a_node, agreeing.b_node
