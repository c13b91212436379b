-- One row a household with its findings (一户一案): by the dibao household where a finding has one, else by the register's.
--
-- key: case_id
-- column: case_id the same from night to night
-- column: dibao_household the dibao roll's key of the household
-- column: register_household the register's key of the household
-- column: head_name the head of the household
-- column: head_id_no the head's ID number
-- column: area_code the longest place code known
-- column: town the town's name
-- column: village the village's name
-- column: findings that are not gone, suppressed ones too
-- column: should_enter of these, should be covered and is not
-- column: should_exit of these, should have left and has not
-- column: should_pay of these, due and unpaid, or paid wrongly
-- column: conflict of these, records that contradict each other
-- column: data_error of these, data quality
-- column: month_fen owed to the household less paid too much, a month, in fen; unsuppressed findings only
-- column: first_night the first night the household had a finding

with

findings as (
    select
        case
            when dibao_household is not null then 'dibao|' || dibao_household
            else 'register|' || register_household
        end as case_key,
        findings.*,
        rules.overpaid
    from report.findings as findings
    inner join found.rules as rules on rules.rule = findings.rule
    where findings.state <> 'gone' and coalesce(dibao_household, register_household) is not null
),

summed as (
    select
        case_key,
        min(dibao_household) as dibao_household,
        min(register_household) as register_household,
        count(*) as findings,
        count(*) filter (where side = 'should_enter') as should_enter,
        count(*) filter (where side = 'should_exit') as should_exit,
        count(*) filter (where side = 'should_pay') as should_pay,
        count(*) filter (where side = 'conflict') as conflict,
        count(*) filter (where side = 'data_error') as data_error,
        sum(case when overpaid then -month_fen else month_fen end)
            filter (where suppressed_by is null) as month_fen,
        min(first_night) as first_night
    from findings
    group by case_key
)

select
    substring(text_hash('case|' || summed.case_key), 1, 20) as case_id,
    summed.dibao_household,
    summed.register_household,
    households.head_name,
    households.head_id_no,
    households.area_code,
    households.town,
    households.village,
    cast(summed.findings as integer) as findings,
    cast(summed.should_enter as integer) as should_enter,
    cast(summed.should_exit as integer) as should_exit,
    cast(summed.should_pay as integer) as should_pay,
    cast(summed.conflict as integer) as conflict,
    cast(summed.data_error as integer) as data_error,
    cast(summed.month_fen as bigint) as month_fen,
    least(past_cases.first_night, summed.first_night) as first_night
from summed
left join report.households as households
    on households.roll = case when summed.dibao_household is not null then 'dibao_persons' else 'register' end
    and households.household = coalesce(summed.dibao_household, summed.register_household)
left join past.cases as past_cases
    on past_cases.case_id = substring(text_hash('case|' || summed.case_key), 1, 20)
