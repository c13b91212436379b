-- A household on dibao and the register households that share a person with it,
-- where their members are not the same people: the stopped and the gone are none,
-- covered or not does not matter, nor who is the head.
--
-- title: 低保户与脱贫监测户成员不一致
-- subject: household
-- certainty: C
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: dibao_persons, register
-- exceptions: not_local, link_under_review
-- reason: {name}户的低保家庭成员与脱贫人口和监测对象名册{how}
--   （低保缺：{missing}；低保多：{extra}），请核实共同生活的家庭成员。
-- facts: dibao_persons name id_no household_no relation covered; register name id_no household_no relation state away
-- word: how split 不一致，一户低保对应多户
-- word: how merged 不一致，多户低保对应一户
-- word: how member_missing 相比缺少成员
-- word: how member_extra 相比多出成员
-- label: how 情形
-- label: missing 低保缺少的成员
-- label: extra 低保多出的成员

with

pairs as (
    select household_links.dibao_household, household_links.register_household, household_links.state
    from link.household_links
    inner join normal.dibao_households on dibao_households.household = household_links.dibao_household
    where household_links.common_members > 0 and dibao_households.on_dibao
),

dibao_members as (
    select household, person, min(record) as record
    from normal.members
    where roll = 'dibao'
    group by household, person
),

register_members as (
    select
        members.household,
        members.person,
        min(members.record) as record,
        bool_or(coalesce(list.away <> 'home', false)) as is_away
    from normal.members
    inner join raw.register as list on list.record = members.record
    where members.roll = 'register'
    group by members.household, members.person
),

reviewed as (
    select distinct reviews.person, members.roll, members.household
    from normal.reviews
    inner join normal.members on members.record = reviews.record
),

missing as (
    select
        pairs.dibao_household,
        pairs.state,
        register_members.record,
        register_members.is_away,
        reviewed.person is not null as is_reviewed
    from pairs
    inner join register_members on register_members.household = pairs.register_household
    anti join dibao_members
        on dibao_members.household = pairs.dibao_household and dibao_members.person = register_members.person
    left join reviewed
        on reviewed.household = pairs.dibao_household and reviewed.person = register_members.person
        and reviewed.roll = 'dibao'
),

extra as (
    select
        pairs.dibao_household,
        pairs.state,
        dibao_members.record,
        reviewed.person is not null as is_reviewed
    from pairs
    inner join dibao_members on dibao_members.household = pairs.dibao_household
    anti join register_members
        on register_members.household = pairs.register_household and register_members.person = dibao_members.person
    left join reviewed
        on reviewed.household = pairs.register_household and reviewed.person = dibao_members.person
        and reviewed.roll = 'register'
),

differing as (
    select dibao_household, state, record, true as is_missing, is_away, is_reviewed
    from missing
    union all
    select dibao_household, state, record, false as is_missing, false as is_away, is_reviewed
    from extra
),

judged as (
    select
        differing.dibao_household,
        case
            when bool_or(differing.state = 'split') then 'split'
            when bool_or(differing.state = 'merged') then 'merged'
            when bool_or(differing.is_missing) then 'member_missing'
            else 'member_extra'
        end as how,
        bool_and(differing.is_away) filter (where differing.is_missing) as all_away,
        bool_and(differing.is_reviewed) as all_reviewed,
        list_text(array_agg(distinct persons.name) filter (where differing.is_missing and persons.name is not null))
            as missing,
        list_text(array_agg(distinct persons.name) filter (where not differing.is_missing and persons.name is not null))
            as extra
    from differing
    inner join normal.persons on persons.record = differing.record
    group by differing.dibao_household
),

evidence as (
    select judged.dibao_household, dibao_members.record
    from judged
    inner join dibao_members on dibao_members.household = judged.dibao_household
    union
    select judged.dibao_household, register_members.record
    from judged
    inner join pairs on pairs.dibao_household = judged.dibao_household
    inner join register_members on register_members.household = pairs.register_household
)

select
    'dibao:' || judged.dibao_household as subject_key,
    dibao_households.head_record as subject_record,
    judged.dibao_household,
    register_of.register_household,
    case
        when judged.all_away then 'not_local'
        when judged.all_reviewed then 'link_under_review'
    end as exception,
    evidence.record as evidence_record,
    judged.how,
    judged.missing,
    judged.extra
from judged
inner join evidence on evidence.dibao_household = judged.dibao_household
inner join normal.dibao_households on dibao_households.household = judged.dibao_household
left join normal.register_of on register_of.dibao_household = judged.dibao_household
