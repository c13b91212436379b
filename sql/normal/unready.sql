-- A rule whose lists are there tonight but do not hold what it judges by, so that
-- it is skipped. Asked before any model runs: it reads the lists alone.
--
-- key: rule

with

supplements as (
    select count(*) as columns_there
    from raw.headers
    where raw_table = 'dibao_persons' and column_name = 'supplement_month'
),

insurances as (
    select count(*) as rows_there
    from raw.insurance
    where year = year(night())
)

select 'supplement_wrong' as rule
from supplements
where columns_there = 0
union all
select 'premium_unsubsidised' as rule
from insurances
where rows_there = 0
