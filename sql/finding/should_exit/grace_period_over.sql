-- A dibao household whose grace period has run out and which is still on dibao.
--
-- title: 渐退期满仍在保
-- subject: household
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 动态管理、应退尽退
-- needs: dibao_families
-- parameters: grace_months
-- reason: {name}户渐退期自{grace_from}起，于{grace_until}届满，仍在保，请办理退出并停发。
-- facts: dibao_families state grace_from; dibao_persons name state start_month stop_month
-- label: grace_from 渐退起始日期
-- label: grace_until 渐退届满日期

with

findings as (
    select
        dibao_households.household,
        dibao_households.head_record,
        dibao_households.family_record,
        case when dibao_households.head_record is null then list.name end as name,
        case when dibao_households.head_record is null then list.id_no end as id_no,
        case when dibao_households.head_record is null then dibao_households.area_code end as area_code,
        case when dibao_households.head_record is null then list.town end as town,
        case when dibao_households.head_record is null then list.village end as village,
        dibao_households.grace_from,
        dibao_households.grace_until,
        register_of.register_household,
        paid.paid_fen
    from normal.dibao_households
    inner join raw.dibao_families as list on list.record = dibao_households.family_record
    left join normal.register_of on register_of.dibao_household = dibao_households.household
    left join normal.paid on paid.household = dibao_households.household
    where dibao_households.on_dibao
    and dibao_households.grace_until < month_start(night())
),

evidence as (
    select household, family_record as record from findings
    union all
    select household, head_record as record from findings where head_record is not null
)

select
    'dibao:' || findings.household as subject_key,
    findings.head_record as subject_record,
    findings.household as dibao_household,
    findings.register_household,
    cast(null as string) as exception,
    findings.paid_fen as month_fen,
    evidence.record as evidence_record,
    findings.name,
    findings.id_no,
    findings.area_code,
    findings.town,
    findings.village,
    findings.grace_from,
    findings.grace_until
from findings
inner join evidence on evidence.household = findings.household
