-- A way in which a dibao household is paid: an account and its holder, as the
-- latest such payment has them. Outside is a holder who is none of the
-- household's records, stopped ones among them; a household that the roll does not
-- have has nothing to compare. What excuses the holder stands beside it. What is
-- masked, damaged by a spreadsheet or too short is no account.
--
-- key: record

with

paid as (
    select
        payments.household,
        payments.record,
        payments.month,
        list.account_holder,
        list.account_holder_fold as name_fold,
        list.account_holder_code is not distinct from 'institution' as is_institution,
        list.holder_relation is not distinct from 'guardian' as is_guardian,
        replace(list.account, ' ', '') as account
    from normal.payments
    inner join raw.dibao_payments as list on list.record = payments.record
),

ranked as (
    select
        household, record, account_holder, name_fold, is_institution, is_guardian, account,
        row_number() over (
            partition by household, name_fold, account order by month desc, record nulls last
        ) as age
    from paid
),

ways as (
    select
        household, record, account_holder, name_fold, is_institution, is_guardian,
        case
            when length(account) < 8 or account like '%*%' or account like '%E+%' then cast(null as string)
            when length(account) > 15 and account like '%000' then cast(null as string)
            else account
        end as account
    from ranked
    where age = 1
),

own_names as (
    select distinct household, name_fold
    from normal.persons
    where roll = 'dibao_persons' and name_fold is not null
),

own_households as (
    select distinct household
    from own_names
),

strangers as (
    select distinct ways.household, ways.name_fold
    from ways
    semi join own_households on own_households.household = ways.household
    anti join own_names on own_names.household = ways.household and own_names.name_fold = ways.name_fold
    where ways.name_fold is not null
),

alike as (
    select distinct strangers.household, strangers.name_fold
    from strangers
    inner join own_names on own_names.household = strangers.household
    where name_level(strangers.name_fold, own_names.name_fold) >= 1
),

outsiders as (
    select strangers.household, strangers.name_fold
    from strangers
    anti join alike on alike.household = strangers.household and alike.name_fold = strangers.name_fold
),

guardianships as (
    select record, guardian_fold as name_fold from raw.children where guardian_fold is not null
    union all
    select record, guardian_fold as name_fold from raw.disability where guardian_fold is not null
),

guardian_names as (
    select distinct dibao.household, guardianships.name_fold
    from guardianships
    inner join link.people as wards on wards.record = guardianships.record
    inner join link.people on people.person = wards.person
    inner join normal.dibao on dibao.record = people.record
),

guardians as (
    select distinct ways.household, ways.name_fold
    from ways
    inner join guardian_names on guardian_names.household = ways.household
    where guardian_names.name_fold = ways.name_fold
    or guardian_names.name_fold <> ways.name_fold and name_level(guardian_names.name_fold, ways.name_fold) >= 1
),

homes as (
    select distinct home_fold as name_fold
    from raw.homes
    where home_fold is not null
)

select
    ways.record,
    ways.household,
    ways.account_holder,
    ways.account,
    outsiders.household is not null as is_outside,
    case
        when ways.is_guardian or guardians.household is not null then 'guardian'
        when ways.is_institution or homes.name_fold is not null then 'institution'
    end as excuse
from ways
left join outsiders on outsiders.household = ways.household and outsiders.name_fold = ways.name_fold
left join guardians on guardians.household = ways.household and guardians.name_fold = ways.name_fold
left join homes on homes.name_fold = ways.name_fold
