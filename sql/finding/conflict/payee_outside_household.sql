-- A household whose payments go to an account that none of its records holds,
-- or that another household is paid through too.
--
-- title: 收款账户不属于本户
-- subject: payment
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 按月发放、社会化发放
-- needs: dibao_payments, dibao_persons
-- exceptions: guardian, institution
-- reason: {name}户的低保金{how}（账户名：{holders}；同一账户的其他户：{other_households}），请核实代领手续和账户。
-- facts: dibao_payments head_name head_id_no household_no month total account_holder account holder_relation;
--   dibao_persons name id_no relation
-- word: how outside 发入不属于本户成员的账户
-- word: how shared 与其他户发入同一账户
-- word: how both 发入不属于本户成员的账户，且与其他户同一账户
-- label: how 情形
-- label: holders 账户名
-- label: other_households 同一账户的其他户

with

account_households as (
    select distinct account, household
    from normal.payees
    where account is not null
),

shared_accounts as (
    select account
    from account_households
    group by account
    having count(*) > 1
),

sharers as (
    select one.household, list_text(array_agg(distinct other.household)) as other_households
    from account_households as one
    semi join shared_accounts on shared_accounts.account = one.account
    inner join account_households as other on other.account = one.account
    where other.household <> one.household
    group by one.household
),

wrong as (
    select
        payees.household,
        payees.record,
        payees.account_holder,
        payees.is_outside,
        shared_accounts.account is not null as is_shared,
        case payees.excuse when 'guardian' then 1 when 'institution' then 2 else 0 end as place
    from normal.payees
    left join shared_accounts on shared_accounts.account = payees.account
    where payees.is_outside or shared_accounts.account is not null
),

judged as (
    select household, min(place) as place
    from wrong
    group by household
),

shown as (
    select wrong.household, wrong.record, wrong.account_holder, wrong.is_outside, wrong.is_shared
    from wrong
    inner join judged on judged.household = wrong.household
    where judged.place > 0 or wrong.place = 0
),

findings as (
    select
        shown.household,
        case
            when not bool_or(shown.is_shared) then 'outside'
            when not bool_or(shown.is_outside) then 'shared'
            else 'both'
        end as how,
        bool_or(shown.is_shared) as is_shared,
        list_text(array_agg(distinct shown.account_holder) filter (where shown.account_holder is not null)) as holders,
        min(shown.record) as record
    from shown
    group by shown.household
),

evidence as (
    select household, record from shown
    union
    select findings.household, dibao_households.head_record as record
    from findings
    inner join normal.dibao_households on dibao_households.household = findings.household
    where dibao_households.head_record is not null
)

select
    'dibao:' || findings.household as subject_key,
    dibao_households.head_record as subject_record,
    findings.household as dibao_household,
    case judged.place when 1 then 'guardian' when 2 then 'institution' end as exception,
    evidence.record as evidence_record,
    case when dibao_households.head_record is null then list.name end as name,
    case when dibao_households.head_record is null then list.id_no end as id_no,
    case when dibao_households.head_record is null then list.area_code end as area_code,
    case when dibao_households.head_record is null then list.town end as town,
    case when dibao_households.head_record is null then list.village end as village,
    findings.how,
    findings.holders,
    case when findings.is_shared then sharers.other_households end as other_households
from findings
inner join judged on judged.household = findings.household
inner join evidence on evidence.household = findings.household
left join raw.dibao_payments as list on list.record = findings.record
left join sharers on sharers.household = findings.household
left join normal.dibao_households on dibao_households.household = findings.household
