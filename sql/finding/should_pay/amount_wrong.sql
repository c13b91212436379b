-- A dibao household that is made up to the standard and whose grant, in the month
-- paid last, is not what its family's own income gives.
--
-- title: 低保金金额有误
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)1 低保标准、按差额发放
-- needs: dibao_families, dibao_payments
-- parameters: dibao_standard_rural | dibao_standard_urban
-- exceptions: grace_running, single_person_cover, standard_changed
-- reason: {name}户{paid_month}发放低保金{paid}元，按家庭申报收入应为{due}元（标准{standard}元，保障{covered}人），
--   请核定，少发的补发，多发的追缴。
-- facts: dibao_families people covered_people income_year method grace_from;
--   dibao_payments head_name head_id_no month covered_people base supplement total state remark;
--   dibao_persons name relation covered single_person method
-- label: due 应发低保金
-- label: paid 实发低保金
-- label: paid_month 发放月份
-- label: standard 低保标准（元/月）
-- label: covered 保障人数

with

wrong as (
    select
        dibao_households.household,
        dibao_households.head_record,
        dibao_households.family_record,
        dibao_households.area_code,
        dibao_households.standard_fen,
        dibao_households.covered,
        dibao_households.single_person,
        coalesce(dibao_households.grace_from <= night(), false)
        and coalesce(dibao_households.grace_until >= month_start(night()), false) as grace_running,
        case
            when dibao_households.urban then 'dibao_standard_urban' else 'dibao_standard_rural'
        end as standard_name,
        grants.grant_fen as due_fen,
        paid.base_fen as paid_fen,
        paid.month as paid_month
    from normal.dibao_households
    inner join normal.grants on grants.household = dibao_households.household
    inner join normal.paid on paid.household = dibao_households.household
    where dibao_households.on_dibao
    and dibao_households.method = 'makeup'
    and paid.base_fen <> grants.grant_fen
),

changed as (
    select distinct wrong.household
    from wrong
    inner join policy.parameters on parameters.name = wrong.standard_name
    where parameters.value is not null
    and month_start(parameters.valid_from) = wrong.paid_month
    and substring(wrong.area_code, 1, length(coalesce(parameters.area, ''))) = coalesce(parameters.area, '')
),

evidence as (
    select household, family_record as record from wrong where family_record is not null
    union all
    select household, head_record as record from wrong where head_record is not null
    union all
    select wrong.household, payments.record
    from wrong
    inner join normal.payments on payments.household = wrong.household and payments.month = wrong.paid_month
    where payments.in_force
)

select
    'dibao:' || wrong.household as subject_key,
    wrong.head_record as subject_record,
    wrong.household as dibao_household,
    register_of.register_household,
    case
        when wrong.grace_running then 'grace_running'
        when wrong.single_person then 'single_person_cover'
        when changed.household is not null then 'standard_changed'
    end as exception,
    wrong.due_fen - wrong.paid_fen as month_fen,
    evidence.record as evidence_record,
    case when wrong.head_record is null then list.name end as name,
    case when wrong.head_record is null then list.id_no end as id_no,
    case when wrong.head_record is null then wrong.area_code end as area_code,
    case when wrong.head_record is null then list.town end as town,
    case when wrong.head_record is null then list.village end as village,
    wrong.due_fen,
    wrong.paid_fen,
    wrong.paid_month,
    wrong.standard_fen,
    wrong.covered
from wrong
inner join evidence on evidence.household = wrong.household
left join changed on changed.household = wrong.household
left join raw.dibao_families as list on list.record = wrong.family_record
left join normal.register_of on register_of.dibao_household = wrong.household
