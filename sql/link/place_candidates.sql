-- Two records still left over that were born on one day and live in one village,
-- else one town, with names equal or read alike; or, where a birth date is missing,
-- with one name in one village that nobody else there has, of one sex and one
-- relation to the head. Two different valid IDs are two persons: such a pair is not
-- here. For review are names only read alike in two villages, and names of two
-- characters, which are too common to decide without a birth date. More than 20 born
-- on one day in one town of a roll have a date that was filled in, or is out of one
-- ID for all; more than 20 of one name in one village are nobody in particular: both
-- are left alone.
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

unnumbered as (
    select
        troubled.record,
        troubled.roll_no,
        troubled.name_fold,
        troubled.name_sound,
        troubled.sex,
        troubled.birth,
        troubled.relation,
        troubled.area_code,
        troubled.town,
        troubled.village,
        count(*) over (
            partition by troubled.roll_no, troubled.birth, troubled.town
        ) as born_so,
        count(*) over (
            partition by troubled.roll_no, troubled.name_fold, troubled.town, troubled.village
        ) as named_so
    from link.troubled
    anti join settled using (identity)
    where troubled.id_key is null
),

met as (
    select
        unnumbered.record,
        persons.record as other_record,
        true as is_born_alike
    from unnumbered
    inner join normal.persons
        on persons.birth = unnumbered.birth
        and persons.name_sound = unnumbered.name_sound
        and persons.town = unnumbered.town
    where
        unnumbered.born_so <= 20
        and (persons.sex = unnumbered.sex) is not false
        and (
            substring(persons.area_code, 1, 6) = substring(unnumbered.area_code, 1, 6)
        ) is not false
    union all
    select
        unnumbered.record,
        persons.record as other_record,
        false as is_born_alike
    from unnumbered
    inner join normal.persons
        on persons.name_fold = unnumbered.name_fold
        and persons.town = unnumbered.town
        and persons.village = unnumbered.village
        and persons.sex = unnumbered.sex
        and persons.relation = unnumbered.relation
    where
        unnumbered.birth is null
        and unnumbered.named_so <= 20
        and (
            substring(persons.area_code, 1, 6) = substring(unnumbered.area_code, 1, 6)
        ) is not false
),

sides as (
    select
        case when own.roll_no = 1 then own.record else other.record end as a_record,
        case when own.roll_no = 1 then other.record else own.record end as b_record,
        case when own.roll_no = 1 then own.identity else other.identity end as a_node,
        case when own.roll_no = 1 then other.identity else own.identity end as b_node,
        bool_or(met.is_born_alike) as is_born_alike
    from met
    inner join link.leftovers as own on own.record = met.record
    inner join link.leftovers as other on other.record = met.other_record
    anti join settled on settled.identity = other.identity
    where own.roll_no <> other.roll_no
    group by own.record, other.record, own.roll_no, own.identity, other.identity
),

compared as (
    select
        sides.a_node,
        sides.b_node,
        sides.a_record,
        sides.b_record,
        sides.is_born_alike,
        a.name_fold,
        a.town,
        a.village,
        case when a.name_fold = b.name_fold then 5 else name_level(a.name_fold, b.name_fold) end
            as likeness,
        coalesce(a.village = b.village, false) as same_village
    from sides
    inner join normal.persons as a on a.record = sides.a_record
    inner join normal.persons as b on b.record = sides.b_record
),

names_in_question as (
    select distinct compared.name_fold
    from compared
    where not compared.is_born_alike
),

namesakes as (
    select
        identities.roll_no,
        identities.identity,
        persons.name_fold,
        persons.town,
        persons.village
    from normal.persons
    semi join names_in_question on names_in_question.name_fold = persons.name_fold
    inner join link.identities on identities.record = persons.record
    where identities.roll_no <= 2 and persons.town is not null and persons.village is not null
),

lone_names as (
    select
        namesakes.name_fold,
        namesakes.town,
        namesakes.village
    from namesakes
    group by namesakes.name_fold, namesakes.town, namesakes.village
    having
        count(distinct namesakes.identity) filter (where namesakes.roll_no = 1) = 1
        and count(distinct namesakes.identity) filter (where namesakes.roll_no = 2) = 1
),

alike as (
    select
        compared.a_node,
        compared.b_node,
        compared.a_record,
        compared.b_record,
        compared.likeness * 10 + case when compared.same_village then 5 else 0 end as score,
        compared.likeness = 5 or compared.same_village as decides
    from compared
    where compared.is_born_alike and compared.likeness >= 3
    union all
    select
        compared.a_node,
        compared.b_node,
        compared.a_record,
        compared.b_record,
        20 as score,
        length(compared.name_fold) > 2 as decides
    from compared
    inner join lone_names using (name_fold, town, village)
    where not compared.is_born_alike
)

select
    alike.a_node,
    alike.b_node,
    min(alike.a_record) as a_record,
    min(alike.b_record) as b_record,
    max(alike.score) as score,
    'name_place' as method,
    bool_or(alike.decides) as decides
from alike
group by alike.a_node, alike.b_node
