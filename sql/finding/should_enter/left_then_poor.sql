-- A register household in need of which a member, gone or not, has left dibao
-- within the months that an exit counts, by a stopped record or by the rolls of
-- earlier nights, and of which nobody is on dibao or tekun now.
--
-- title: 退出低保后返困
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 动态管理、应保尽保
-- needs: dibao_persons, register
-- parameters: left_months
-- exceptions: died, moved, grace_running, link_under_review
-- reason: {name}户于{left_month}退出低保，现为监测对象或未脱贫户，且无人享受低保或特困，
--   请入户核实，符合条件的及时重新纳入。
-- facts: register name relation state left_reason watch cleared lifted income_head_year;
--   dibao_persons name id_no relation state stop_month stop_reason; deaths name died cremated
-- label: left_month 退出低保月份
-- label: left_household 原低保户
-- label: people 家庭人口
-- label: standard 低保标准（元/月）
-- label: income_month 月人均收入（扣除救助金）

with

exits as (
    select
        people.person,
        dibao.household,
        dibao.record,
        dibao.stop_month as left_on,
        coalesce(dibao.stop_reason, heads.stop_reason, families.stop_reason) as stop_reason
    from normal.dibao
    inner join link.people on people.record = dibao.record
    inner join normal.dibao_households on dibao_households.household = dibao.household
    left join normal.dibao as heads on heads.record = dibao_households.head_record
    left join normal.families on families.household = dibao.household
    where dibao.covered and not dibao.present and dibao.stop_month <= night()
    union all
    select
        person,
        household,
        cast(null as bigint) as record,
        night as left_on,
        cast(null as string) as stop_reason
    from normal.leavers
    where person is not null
),

protections as (
    select record, person
    from normal.protections
    where roll in ('dibao', 'tekun')
),

protected_households as (
    select distinct members.household
    from normal.members
    semi join protections on protections.person = members.person
    where members.roll = 'register'
),

formers as (
    select
        register.household,
        register.record as register_record,
        register.left_as,
        exits.person,
        exits.household as left_household,
        exits.record,
        exits.left_on,
        exits.stop_reason
    from exits
    inner join link.people on people.person = exits.person
    inner join normal.register on register.record = people.record
    inner join normal.register_households on register_households.household = register.household
    inner join normal.places on places.area_code = register_households.area_code
    anti join protections on protections.person = exits.person
    anti join protected_households on protected_households.household = register.household
    where register_households.in_need
    and exits.left_on >= case
        when exits.record is null then months_after(night(), - places.left_months)
        else month_start(months_after(night(), - places.left_months))
    end
),

former_persons as (
    select
        formers.household,
        formers.person,
        bool_or(
            coalesce(formers.stop_reason = 'dead', false)
            or coalesce(formers.left_as = 'dead', false)
            or deaths.record is not null and coalesce(deaths.died_on <= night(), true)
        ) as died,
        bool_or(
            coalesce(formers.stop_reason in ('moved_away', 'moved_hukou'), false)
            or coalesce(formers.left_as = 'moved', false)
        ) as moved,
        bool_or(
            coalesce(dibao_households.grace_from <= night(), false)
            and coalesce(dibao_households.grace_until >= month_start(night()), false)
        ) as grace_running
    from formers
    left join normal.deaths on deaths.person = formers.person
    left join normal.dibao_households on dibao_households.household = formers.left_household
    group by formers.household, formers.person
),

judged as (
    select
        household,
        bool_and(died) as died,
        bool_and(moved) as moved,
        bool_or(grace_running) as grace_running
    from former_persons
    group by household
),

last_exits as (
    select
        household,
        left_household,
        left_on,
        row_number() over (
            partition by household
            order by left_on desc, left_household nulls last, register_record nulls last
        ) as place
    from formers
),

kin as (
    select household, person
    from normal.members
    where roll = 'register'
    union
    select household, person
    from former_persons
),

reviewed as (
    select distinct kin.household
    from kin
    inner join normal.reviews on reviews.person = kin.person
    semi join protections on protections.record = reviews.record
),

evidence as (
    select household, record
    from normal.members
    where roll = 'register'
    union
    select household, register_record as record
    from formers
    union
    select household, record
    from formers
    where record is not null
    union
    select formers.household, deaths.record
    from formers
    inner join normal.deaths on deaths.person = formers.person
)

select
    'register:' || judged.household as subject_key,
    register_households.head_record as subject_record,
    judged.household as register_household,
    case
        when judged.died then 'died'
        when judged.moved then 'moved'
        when judged.grace_running then 'grace_running'
        when reviewed.household is not null then 'link_under_review'
    end as exception,
    register_households.grant_fen as month_fen,
    evidence.record as evidence_record,
    month_start(last_exits.left_on) as left_month,
    last_exits.left_household,
    register_households.people,
    register_households.standard_fen,
    floor_div(register_households.income_fen, register_households.income_parts) as income_month_fen
from judged
inner join normal.register_households on register_households.household = judged.household
inner join last_exits on last_exits.household = judged.household and last_exits.place = 1
inner join evidence on evidence.household = judged.household
left join reviewed on reviewed.household = judged.household
