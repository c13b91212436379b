-- A household of dibao and one of the register that share at least one person,
-- counting members alone: neither stopped nor gone. state is the first that holds:
-- split (the dibao household meets several of the register), merged (the
-- register's meets several of dibao), moved (no shared member lives in one place
-- on both), member_missing (from dibao), member_extra (on dibao), head_changed, same.
--
-- key: dibao_household, register_household
-- check: common_members > 0

with

shared_members as (
    select
        dibao.household as dibao_household,
        register.household as register_household,
        groups.person_no,
        coalesce(
            dibao.town <> register.town
            or substring(dibao.area_code, 1, 6) <> substring(register.area_code, 1, 6)
            or dibao.village <> register.village,
            false
        ) as is_elsewhere,
        dibao.is_head and register.is_head as is_head_of_both
    from link.linked_pairs
    inner join normal.persons as dibao on dibao.record = linked_pairs.a_record
    inner join normal.persons as register on register.record = linked_pairs.b_record
    inner join link.groups on groups.record = linked_pairs.a_record
    where
        linked_pairs.a_roll_no = 1
        and linked_pairs.b_roll_no = 2
        and dibao.present
        and register.present
        and dibao.household is not null
        and register.household is not null
),

shared as (
    select
        shared_members.dibao_household,
        shared_members.register_household,
        cast(count(distinct shared_members.person_no) as integer) as common_members,
        bool_and(shared_members.is_elsewhere) as is_elsewhere,
        bool_or(shared_members.is_head_of_both) as has_one_head
    from shared_members
    group by shared_members.dibao_household, shared_members.register_household
),

dibao_records as (
    select
        persons.household,
        count(*) as people
    from normal.persons
    where persons.roll = 'dibao_persons' and persons.present
    group by persons.household
),

register_records as (
    select
        persons.household,
        count(*) as people
    from normal.persons
    where persons.roll = 'register' and persons.present
    group by persons.household
),

-- Whoever stands in one household twice counts once.
repeatable as (
    select standings.identity
    from link.standings
    where standings.dibao_records > 1 or standings.register_records > 1
    union
    select components.identity
    from link.components
),

repeatable_records as (
    select
        groups.record,
        groups.person_no
    from link.groups
    semi join repeatable on repeatable.identity = groups.identity
    where groups.roll_no <= 2
),

repeats as (
    select
        persons.roll,
        persons.household,
        count(*) - count(distinct repeatable_records.person_no) as extra
    from normal.persons
    inner join repeatable_records on repeatable_records.record = persons.record
    where persons.present and persons.household is not null
    group by persons.roll, persons.household
    having count(*) > count(distinct repeatable_records.person_no)
),

split_households as (
    select shared.dibao_household
    from shared
    group by shared.dibao_household
    having count(*) > 1
),

merged_households as (
    select shared.register_household
    from shared
    group by shared.register_household
    having count(*) > 1
),

counted as (
    select
        shared.dibao_household,
        shared.register_household,
        cast(dibao_records.people - coalesce(dibao_repeats.extra, 0) as integer) as dibao_members,
        cast(register_records.people - coalesce(register_repeats.extra, 0) as integer)
            as register_members,
        shared.common_members,
        shared.is_elsewhere,
        shared.has_one_head,
        split_households.dibao_household is not null as is_split,
        merged_households.register_household is not null as is_merged
    from shared
    inner join dibao_records on dibao_records.household = shared.dibao_household
    inner join register_records on register_records.household = shared.register_household
    left join repeats as dibao_repeats
        on dibao_repeats.roll = 'dibao_persons'
        and dibao_repeats.household = shared.dibao_household
    left join repeats as register_repeats
        on register_repeats.roll = 'register'
        and register_repeats.household = shared.register_household
    left join split_households on split_households.dibao_household = shared.dibao_household
    left join merged_households
        on merged_households.register_household = shared.register_household
)

select
    counted.dibao_household,
    counted.register_household,
    counted.dibao_members,
    counted.register_members,
    counted.common_members,
    case
        when counted.is_split then 'split'
        when counted.is_merged then 'merged'
        when counted.is_elsewhere then 'moved'
        when counted.register_members > counted.common_members then 'member_missing'
        when counted.dibao_members > counted.common_members then 'member_extra'
        when counted.has_one_head then 'same'
        else 'head_changed'
    end as state,
    'linked' as decision
from counted
