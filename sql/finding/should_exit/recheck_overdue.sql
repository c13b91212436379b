-- A household on dibao whose last review is longer ago than its class allows.
--
-- title: 定期复核逾期
-- subject: household
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 收入核查、动态管理
-- needs: dibao_families
-- parameters: recheck_months_a | recheck_months_b | recheck_months_c
-- reason: {name}户为{class}，最近一次复核在{reviewed_on}，应于{due_on}前再次复核，至今没有复核记录，请尽快入户复核。
-- facts: dibao_families class review state; dibao_persons name class state
-- word: class a A类
-- word: class b B类
-- word: class c C类
-- label: class 类别
-- label: reviewed_on 最近复核日期
-- label: due_on 应复核日期

with

findings as (
    select
        dibao_households.household,
        dibao_households.head_record,
        dibao_households.family_record,
        dibao_households.area_code,
        register_of.register_household,
        rechecks.class,
        rechecks.reviewed_on,
        rechecks.due_on
    from normal.rechecks
    inner join normal.dibao_households on dibao_households.household = rechecks.household
    left join normal.register_of on register_of.dibao_household = rechecks.household
    where rechecks.due_on < night()
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
    evidence.record as evidence_record,
    lone.name,
    lone.id_no,
    case when lone.record is not null then findings.area_code end as area_code,
    lone.town,
    lone.village,
    findings.class,
    findings.reviewed_on,
    findings.due_on
from findings
inner join evidence on evidence.household = findings.household
left join raw.dibao_families as lone
    on lone.record = case when findings.head_record is null then findings.family_record end
