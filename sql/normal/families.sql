-- A dibao household as the families' file of the same export has it, found by
-- its number, else by its head's ID. Of several rows the one in force, else the
-- first.
--
-- key: household

with

own_area as (
    select max(area_code) as area_code
    from policy.areas
),

households as (
    select distinct household
    from normal.dibao
),

placed as (
    select
        list.record,
        coalesce(
            households.household,
            dibao_heads.household,
            list.household_no,
            case when list.id_key is not null then list.id_no end,
            list.name_fold || '/' || coalesce(list.village, list.town, ''),
            list.id_no
        ) as household,
        coalesce(list.state in ('active', 'paid', 'normal'), true)
        and coalesce(list.stop_month > month_start(night()), true) as present,
        coalesce(list.benefit = 'urban', false) as urban,
        case when list.people > 0 then list.people end as people,
        list.covered_people,
        list.income_year_fen,
        list.deductions_year_fen,
        list.total_month_fen,
        list.class,
        list.method,
        list.grace_from,
        list.start_month,
        list.stop_month,
        list.stop_reason,
        list.as_of,
        coalesce(list.area_code, own_area.area_code) as area_code
    from raw.dibao_families as list
    cross join own_area
    left join households on households.household = list.household_no
    left join normal.dibao_heads on dibao_heads.id_no = list.id_no
),

ranked as (
    select
        record, household, present, urban, people, covered_people, income_year_fen,
        deductions_year_fen, total_month_fen, class, method, grace_from, start_month,
        stop_month, stop_reason, as_of, area_code,
        row_number() over (partition by household order by present desc, record nulls last) as place
    from placed
)

select
    household,
    record,
    present,
    urban,
    people,
    covered_people,
    income_year_fen,
    deductions_year_fen,
    total_month_fen,
    class,
    method,
    grace_from,
    start_month,
    stop_month,
    stop_reason,
    as_of,
    area_code
from ranked
where place = 1
