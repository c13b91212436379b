-- A household of dibao and one of the register that share at least one person,
-- counting members alone: neither stopped nor gone. state is the first that holds:
-- split (the dibao household meets several of the register), merged (the
-- register's meets several of dibao), moved (no shared member lives in one place
-- on both), member_missing (from dibao), member_extra (on dibao), head_changed, same.
--
-- key: dibao_household, register_household
-- check: common_members > 0

with

members as (
    select
        persons.record,
        persons.household,
        groups.roll_no,
        groups.person_no,
        persons.is_head,
        case
            when length(persons.area_code) = 12 then persons.area_code
            else coalesce(persons.town, '') || persons.village
        end as village,
        case
            when length(persons.area_code) >= 9 then substring(persons.area_code, 1, 9)
            else persons.town
        end as town
    from normal.persons
    inner join link.groups using (record)
    where groups.roll_no <= 2 and persons.present and persons.household is not null
),

sizes as (
    select
        members.roll_no,
        members.household,
        cast(count(distinct members.person_no) as integer) as people
    from members
    group by members.roll_no, members.household
),

shared as (
    select
        dibao.household as dibao_household,
        register.household as register_household,
        cast(count(distinct dibao.person_no) as integer) as common_members,
        bool_and(
            coalesce(dibao.village <> register.village, dibao.town <> register.town, false)
        ) as is_elsewhere,
        bool_or(dibao.is_head and register.is_head) as has_one_head
    from members as dibao
    inner join members as register on dibao.person_no = register.person_no
    where dibao.roll_no = 1 and register.roll_no = 2
    group by dibao.household, register.household
),

counted as (
    select
        shared.dibao_household,
        shared.register_household,
        dibao.people as dibao_members,
        register.people as register_members,
        shared.common_members,
        shared.is_elsewhere,
        shared.has_one_head,
        count(*) over (partition by shared.dibao_household) as register_households,
        count(*) over (partition by shared.register_household) as dibao_households
    from shared
    inner join sizes as dibao
        on dibao.roll_no = 1 and dibao.household = shared.dibao_household
    inner join sizes as register
        on register.roll_no = 2 and register.household = shared.register_household
)

select
    counted.dibao_household,
    counted.register_household,
    counted.dibao_members,
    counted.register_members,
    counted.common_members,
    case
        when counted.register_households > 1 then 'split'
        when counted.dibao_households > 1 then 'merged'
        when counted.is_elsewhere then 'moved'
        when counted.register_members > counted.common_members then 'member_missing'
        when counted.dibao_members > counted.common_members then 'member_extra'
        when counted.has_one_head then 'same'
        else 'head_changed'
    end as state,
    'linked' as decision
from counted
