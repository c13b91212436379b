-- Two records still left over that were born on one day and live in one village,
-- else one town, with names equal or read alike; or, where a birth date is
-- missing, with one name in one village that nobody else there has, of one sex
-- and one relation to the head. Two different valid IDs are two persons: such a
-- pair is not here. Two characters are too common a name to decide without a
-- birth date: that pair is for review.
--
-- key: a_node, b_node

with

settled as (
    select repaired.a_node as identity
    from link.repaired
    where repaired.decision = 'linked'
    union all
    select repaired.b_node as identity
    from link.repaired
    where repaired.decision = 'linked'
),

still_open as (
    select
        leftovers.record,
        leftovers.roll_no,
        leftovers.identity,
        leftovers.name_fold,
        leftovers.name_sound,
        leftovers.id_key,
        leftovers.sex,
        leftovers.birth,
        leftovers.relation,
        leftovers.village,
        leftovers.town
    from link.leftovers
    anti join settled using (identity)
    where leftovers.name_fold is not null
),

same_birth as (
    select
        a.identity as a_node,
        b.identity as b_node,
        a.record as a_record,
        b.record as b_record,
        case when a.name_fold = b.name_fold then 5 else name_level(a.name_fold, b.name_fold) end
        * 10
        + case when a.village = b.village then 5 else 0 end as score
    from still_open as a
    inner join still_open as b
        on a.birth = b.birth and a.name_sound = b.name_sound and a.town = b.town
    where
        a.roll_no = 1
        and b.roll_no = 2
        and (a.sex = b.sex) is not false
        and (a.id_key is null or b.id_key is null)
),

same_place as (
    select
        a.identity as a_node,
        b.identity as b_node,
        a.record as a_record,
        b.record as b_record,
        a.name_fold,
        a.village
    from still_open as a
    inner join still_open as b on a.name_fold = b.name_fold and a.village = b.village
    where
        a.roll_no = 1
        and b.roll_no = 2
        and (a.birth is null or b.birth is null)
        and a.sex = b.sex
        and a.relation = b.relation
        and (a.id_key is null or b.id_key is null)
),

names_in_question as (
    select distinct same_place.name_fold
    from same_place
),

namesakes as (
    select
        identities.roll_no,
        identities.identity,
        persons.name_fold,
        case
            when length(persons.area_code) = 12 then persons.area_code
            else coalesce(persons.town, '') || persons.village
        end as village
    from normal.persons
    inner join link.identities on identities.record = persons.record
    semi join names_in_question on names_in_question.name_fold = persons.name_fold
    where identities.roll_no <= 2
),

lone_names as (
    select
        namesakes.name_fold,
        namesakes.village
    from namesakes
    where namesakes.village is not null
    group by namesakes.name_fold, namesakes.village
    having
        count(distinct namesakes.identity) filter (where namesakes.roll_no = 1) = 1
        and count(distinct namesakes.identity) filter (where namesakes.roll_no = 2) = 1
)

select
    same_birth.a_node,
    same_birth.b_node,
    min(same_birth.a_record) as a_record,
    min(same_birth.b_record) as b_record,
    max(same_birth.score) as score,
    'name_place' as method,
    true as decides
from same_birth
where same_birth.score >= 30
group by same_birth.a_node, same_birth.b_node
union all
select
    same_place.a_node,
    same_place.b_node,
    min(same_place.a_record) as a_record,
    min(same_place.b_record) as b_record,
    20 as score,
    'name_place' as method,
    bool_and(length(same_place.name_fold) > 2) as decides
from same_place
inner join lone_names using (name_fold, village)
anti join same_birth
    on same_birth.a_node = same_place.a_node and same_birth.b_node = same_place.b_node
group by same_place.a_node, same_place.b_node
