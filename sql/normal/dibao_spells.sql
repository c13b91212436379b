-- A spell of a dibao household on the roll: paid from began_month on, no longer
-- in ended_month. One record covered is one spell, and its family's row where
-- the household has no records. A stop without a month is known since the month
-- of the list; a spell is dated when it tells its beginning, and its end if it has one.
--
-- key: record

with

spells as (
    select
        record,
        household,
        start_month,
        coalesce(stop_month, case when not present then month_start(as_of) end) as stop_month,
        start_month is not null and (present or stop_month is not null) as dated
    from normal.dibao
    where covered
    union all
    select
        families.record,
        families.household,
        families.start_month,
        coalesce(
            families.stop_month, case when not families.present then month_start(families.as_of) end
        ) as stop_month,
        families.start_month is not null and (families.present or families.stop_month is not null) as dated
    from normal.families
    anti join normal.dibao on dibao.household = families.household
)

select
    record,
    household,
    coalesce(start_month, date '0001-01-01') as began_month,
    coalesce(stop_month, date '9999-12-31') as ended_month,
    dated
from spells
