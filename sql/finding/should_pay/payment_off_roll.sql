-- A dibao household that was paid for a month in which it is not on dibao, or
-- that was on dibao before and in the latest month that its town's payment files
-- have, and was not paid in it.
--
-- title: 发放与名册不一致
-- subject: payment
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 动态管理、按月发放
-- money: overpaid
-- needs: dibao_payments, dibao_persons
-- exceptions: back_pay, returned
-- reason: {name}户{how}（{months}），请核对名册与发放记录，多发的追缴，漏发的补发。
-- facts: dibao_payments head_name head_id_no household_no month covered_people base supplement total state remark;
--   dibao_persons name id_no household_no state start_month stop_month
-- word: how off_roll 不在保月份仍有发放
-- word: how unpaid 在保未发放
-- word: how both 不在保月份有发放且在保月份未发放
-- label: how 情形
-- label: months 月份

with

paid as (
    select record, household, month, in_force, back_pay, amount_fen, town
    from normal.payments
    where month <= night()
),

on_roll as (
    select distinct paid.record
    from paid
    inner join normal.dibao_spells on dibao_spells.household = paid.household
    where dibao_spells.began_month <= paid.month and paid.month < dibao_spells.ended_month
),

off_roll as (
    select
        paid.record,
        paid.household,
        paid.month,
        paid.amount_fen,
        case when paid.back_pay then 1 when paid.in_force then 0 else 2 end as place
    from paid
    anti join on_roll on on_roll.record = paid.record
),

off_months as (
    select household, month, place, cast(sum(amount_fen) as bigint) as amount_fen
    from off_roll
    group by household, month, place
    having coalesce(sum(amount_fen), 1) > 0
),

latest_months as (
    select coalesce(dibao_households.town, paid.town, '') as town, max(paid.month) as month
    from paid
    left join normal.dibao_households on dibao_households.household = paid.household
    group by coalesce(dibao_households.town, paid.town, '')
),

due as (
    select distinct dibao_households.household, latest_months.month
    from normal.dibao_households
    inner join latest_months on latest_months.town = coalesce(dibao_households.town, '')
    inner join normal.dibao_spells on dibao_spells.household = dibao_households.household
    where dibao_spells.dated
    and dibao_spells.began_month < latest_months.month
    and latest_months.month < dibao_spells.ended_month
),

arrived as (
    select household, month
    from paid
    where in_force and coalesce(amount_fen >= 0, true)
),

unpaid as (
    select due.household, due.month
    from due
    anti join arrived on arrived.household = due.household and arrived.month = due.month
),

off_households as (
    select off_months.household, min(off_months.place) as place
    from off_months
    left join unpaid on unpaid.household = off_months.household
    where off_months.place = 0 or unpaid.household is null
    group by off_months.household
),

counted_months as (
    select
        off_months.household,
        off_months.month,
        off_months.place,
        off_months.amount_fen,
        row_number() over (
            partition by off_months.household order by off_months.month desc, off_months.place nulls last
        ) as age
    from off_months
    inner join off_households on off_households.household = off_months.household
    where off_households.place > 0 or off_months.place = 0
),

all_months as (
    select household, month from counted_months
    union
    select household, month from unpaid
),

months as (
    select household, list_text(array_agg(substring(cast(month as string), 1, 7))) as months
    from all_months
    group by household
),

findings as (
    select
        months.household,
        months.months,
        case
            when unpaid.household is null then 'off_roll'
            when off_households.household is null then 'unpaid'
            else 'both'
        end as how,
        case
            when unpaid.household is not null then cast(null as string)
            when off_households.place = 1 then 'back_pay'
            when off_households.place = 2 then 'returned'
        end as exception,
        counted_months.amount_fen
    from months
    left join off_households on off_households.household = months.household
    left join counted_months on counted_months.household = months.household and counted_months.age = 1
    left join unpaid on unpaid.household = months.household
),

evidence as (
    select off_roll.household, off_roll.record
    from off_roll
    inner join counted_months
        on counted_months.household = off_roll.household
        and counted_months.month = off_roll.month
        and counted_months.place = off_roll.place
    union
    select paid.household, paid.record
    from unpaid
    inner join paid on paid.household = unpaid.household and paid.month = unpaid.month
    union
    select findings.household, dibao_households.head_record as record
    from findings
    inner join normal.dibao_households on dibao_households.household = findings.household
    where dibao_households.head_record is not null
),

payees as (
    select household, min(record) as record
    from off_roll
    group by household
),

unknown_heads as (
    select payees.household, list.name, list.id_no, list.area_code, list.town, list.village
    from payees
    inner join raw.dibao_payments as list on list.record = payees.record
)

select
    'dibao:' || findings.household as subject_key,
    dibao_households.head_record as subject_record,
    findings.household as dibao_household,
    findings.exception,
    findings.amount_fen as month_fen,
    evidence.record as evidence_record,
    case when dibao_households.head_record is null then unknown_heads.name end as name,
    case when dibao_households.head_record is null then unknown_heads.id_no end as id_no,
    case when dibao_households.head_record is null then unknown_heads.area_code end as area_code,
    case when dibao_households.head_record is null then unknown_heads.town end as town,
    case when dibao_households.head_record is null then unknown_heads.village end as village,
    findings.how,
    findings.months
from findings
inner join evidence on evidence.household = findings.household
left join normal.dibao_households on dibao_households.household = findings.household
left join unknown_heads on unknown_heads.household = findings.household
