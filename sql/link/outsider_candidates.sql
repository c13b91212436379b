-- A record of another list, without an ID that the rolls know, and somebody of the
-- rolls whom it may be: by an ID that one side has wrong, with a compatible name; or
-- born on one day in one village, else one town, with a name equal or read alike (in
-- one town only: for review). Where dibao and the register are held to be one
-- person, node b is that person; these two come before the lesser rolls. More than
-- 50 records of one name and birth date on a list are nobody in particular.
--
-- key: a_node, b_node

with

merged as (
    select
        decided.a_node,
        decided.b_node
    from link.decided
    where decided.decision = 'linked'
),

without_number as (
    select
        outsiders.record,
        persons.birth,
        persons.name_sound,
        count(*) over (
            partition by outsiders.roll_no, persons.birth, persons.name_sound
        ) as born_so
    from link.outsiders
    inner join normal.persons using (record)
    where persons.id_key is null
),

with_number as (
    select
        outsiders.record,
        persons.id_key,
        persons.birth,
        persons.name_sound
    from link.outsiders
    inner join normal.persons using (record)
    where persons.id_key is not null
),

unnumbered as (
    select
        identities.record,
        persons.birth,
        persons.name_sound,
        count(*) over (
            partition by identities.roll_no, persons.birth, persons.name_sound
        ) as born_so
    from link.identities
    inner join normal.persons using (record)
    where identities.is_spine and persons.id_key is null
),

met as (
    select
        without_number.record as a_record,
        persons.record as b_record,
        'repaired_id' as method
    from without_number
    inner join link.repairs on repairs.record = without_number.record
    inner join normal.persons on persons.id_key = repairs.candidate_key
    where repairs.kind <> 'excel'
    union all
    select
        with_number.record as a_record,
        unnumbered.record as b_record,
        'repaired_id' as method
    from unnumbered
    inner join link.repairs on repairs.record = unnumbered.record
    inner join with_number on with_number.id_key = repairs.candidate_key
    where repairs.kind <> 'excel'
    union all
    select
        without_number.record as a_record,
        persons.record as b_record,
        'name_place' as method
    from without_number
    inner join normal.persons
        on persons.birth = without_number.birth and persons.name_sound = without_number.name_sound
    where without_number.born_so <= 50
    union all
    select
        with_number.record as a_record,
        unnumbered.record as b_record,
        'name_place' as method
    from with_number
    inner join unnumbered
        on unnumbered.birth = with_number.birth and unnumbered.name_sound = with_number.name_sound
    where unnumbered.born_so <= 50
),

compared as (
    select
        met.method,
        met.a_record,
        met.b_record,
        b_roll.roll_no as b_roll_no,
        a_roll.identity as a_node,
        coalesce(merged_dibao.b_node, b_roll.identity) as b_node,
        case when a.name_fold = b.name_fold then 5 else name_level(a.name_fold, b.name_fold) end
            as likeness,
        (a.sex = b.sex) is not false as sex_agrees,
        coalesce(
            length(a.area_code) = 12 and a.area_code = b.area_code
            or a.village = b.village and a.town = b.town,
            false
        ) as same_village,
        coalesce(
            length(a.area_code) >= 9 and substring(a.area_code, 1, 9) = substring(b.area_code, 1, 9)
            or a.town = b.town,
            false
        ) as same_town
    from met
    left join link.rulings on rulings.a_record = met.b_record and rulings.b_record = met.a_record
    inner join normal.persons as a on a.record = met.a_record
    inner join normal.persons as b on b.record = met.b_record
    inner join link.identities as a_roll on a_roll.record = met.a_record
    inner join link.identities as b_roll on b_roll.record = met.b_record
    left join merged as merged_dibao on merged_dibao.a_node = b_roll.identity
    left join merged as merged_register on merged_register.b_node = b_roll.identity
    where
        rulings.a_record is null
        and b_roll.is_spine
        and b_roll.roll_no < a_roll.roll_no
        and (
            a.id_key is null
            or merged_dibao.b_node is null and merged_register.a_node is null
        )
),

alike as (
    select
        compared.a_node,
        compared.b_node,
        compared.a_record,
        compared.b_record,
        case
            when compared.method = 'repaired_id' then 100 + compared.likeness
            else compared.likeness * 10
        end
        + case when compared.same_village then 5 else 0 end
        + case when compared.b_roll_no <= 2 then 1 else 0 end as score,
        compared.method = 'repaired_id' or compared.likeness = 5 or compared.same_village as decides
    from compared
    where
        case
            when compared.method = 'repaired_id' then
                compared.likeness = 5 or compared.likeness > 0 and compared.sex_agrees
            else
                compared.likeness >= 3 and compared.sex_agrees
                and (compared.same_village or compared.same_town)
        end
)

select
    alike.a_node,
    alike.b_node,
    min(alike.a_record) as a_record,
    min(alike.b_record) as b_record,
    max(alike.score) as score,
    case when max(alike.score) >= 100 then 'repaired_id' else 'name_place' end as method,
    bool_or(alike.decides) as decides
from alike
group by alike.a_node, alike.b_node
