-- A household that a great bill or the death of an earner has struck within the
-- months that a shock counts, and that has had no temporary relief and nobody
-- starting on dibao or tekun since: the register household of the person struck,
-- else the dibao household. Of several shocks the last one counts.
--
-- title: 突发困难后未获救助
-- subject: household
-- certainty: C
-- basis: 《社保兜底脱贫工程实施方案》二(四) 临时救助、救急难
-- needs: temporary_relief, dibao_persons, medical | deaths
-- parameters: self_pay_limit, relief_months
-- exceptions: protected_before, link_under_review
-- reason: {name}户于{shock_on}{how}，此后没有临时救助，也没有人新纳入低保或特困，
--   请入户核实，符合条件的及时救助。
-- facts: medical name id_no settled discharged total basic_paid serious_paid assistance;
--   deaths name id_no died cremated; register name relation labour watch cleared;
--   dibao_persons name relation labour state start_month; tekun name state start_month
-- word: how bill 医疗自付超过限额
-- word: how death 有劳动能力的成员死亡
-- label: how 突发困难
-- label: shock_on 发生日期
-- label: self_pay 该次医疗自付

with

events as (
    select person, record, billed_on as shock_on, 'bill' as how, self_pay_fen
    from normal.bills
    union all
    select person, record, died_on as shock_on, 'death' as how, cast(null as bigint) as self_pay_fen
    from normal.deaths
),

struck as (
    select
        members.roll,
        members.household,
        events.record,
        events.shock_on,
        events.how,
        events.self_pay_fen,
        able.record is not null and whole_years(members.birth, events.shock_on) between 18 and 59 as is_earner,
        rank() over (partition by events.record order by members.roll = 'register' desc) as nearness
    from events
    inner join normal.members on members.person = events.person
    left join normal.able on able.record = members.record
),

households as (
    select 'register' as roll, household, head_record, area_code
    from normal.register_households
    union all
    select 'dibao' as roll, household, head_record, area_code
    from normal.dibao_households
    where on_dibao and head_record is not null
),

shocks as (
    select
        struck.roll, struck.household, struck.record, struck.shock_on, struck.how, struck.self_pay_fen
    from struck
    inner join households on households.roll = struck.roll and households.household = struck.household
    inner join normal.places on places.area_code = households.area_code
    where struck.nearness = 1
    and struck.shock_on >= months_after(night(), - places.relief_months)
    and struck.shock_on < night()
    and case struck.how when 'bill' then struck.self_pay_fen > places.self_pay_limit_fen else struck.is_earner end
),

ranked as (
    select
        roll, household, record, shock_on, how, self_pay_fen,
        row_number() over (partition by roll, household order by shock_on desc, record nulls last) as place
    from shocks
),

last_shocks as (
    select roll, household, record, shock_on, how, self_pay_fen
    from ranked
    where place = 1
),

help as (
    select list.record, people.person, list.approved as helped_on, false as lasting
    from raw.temporary_relief as list
    inner join link.people on people.record = list.record
    union all
    select
        dibao.record, people.person,
        last_day(coalesce(dibao.start_month, date '0001-01-01')) as helped_on, dibao.on_roll as lasting
    from normal.dibao
    inner join link.people on people.record = dibao.record
    where dibao.covered
    union all
    select
        tekun.record, people.person,
        last_day(coalesce(tekun.start_month, date '0001-01-01')) as helped_on, tekun.on_roll as lasting
    from normal.tekun
    inner join link.people on people.record = tekun.record
),

helped as (
    select
        last_shocks.roll,
        last_shocks.household,
        bool_or(coalesce(help.helped_on >= last_shocks.shock_on, false)) as since,
        bool_or(help.lasting) as lasting
    from last_shocks
    inner join normal.members on members.roll = last_shocks.roll and members.household = last_shocks.household
    inner join help on help.person = members.person
    group by last_shocks.roll, last_shocks.household
),

reviewed as (
    select distinct last_shocks.roll, last_shocks.household
    from last_shocks
    inner join normal.members on members.roll = last_shocks.roll and members.household = last_shocks.household
    inner join normal.reviews on reviews.person = members.person
    inner join help on help.record = reviews.record
    where help.lasting or help.helped_on >= last_shocks.shock_on
),

findings as (
    select
        last_shocks.roll,
        last_shocks.household,
        last_shocks.record,
        last_shocks.shock_on,
        last_shocks.how,
        last_shocks.self_pay_fen,
        case
            when helped.lasting then 'protected_before'
            when reviewed.household is not null then 'link_under_review'
        end as exception
    from last_shocks
    left join helped on helped.roll = last_shocks.roll and helped.household = last_shocks.household
    left join reviewed on reviewed.roll = last_shocks.roll and reviewed.household = last_shocks.household
    where helped.since is not true
),

evidence as (
    select roll, household, record
    from findings
    union
    select members.roll, members.household, help.record
    from findings
    inner join normal.members on members.roll = findings.roll and members.household = findings.household
    inner join help on help.person = members.person
    where help.lasting
    union
    select members.roll, members.household, members.record
    from findings
    inner join normal.members on members.roll = findings.roll and members.household = findings.household
)

select
    findings.roll || ':' || findings.household as subject_key,
    households.head_record as subject_record,
    case when findings.roll = 'dibao' then findings.household end as dibao_household,
    case when findings.roll = 'register' then findings.household else register_of.register_household end
        as register_household,
    findings.exception,
    evidence.record as evidence_record,
    findings.how,
    findings.shock_on,
    findings.self_pay_fen
from findings
inner join households on households.roll = findings.roll and households.household = findings.household
inner join evidence on evidence.roll = findings.roll and evidence.household = findings.household
left join normal.register_of
    on register_of.dibao_household = case when findings.roll = 'dibao' then findings.household end
