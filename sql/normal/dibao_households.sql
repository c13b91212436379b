-- A household of the dibao roll: who speaks for it, how many belong to it, how
-- many of them are covered, and what stands on the roll for all of them. It is on
-- dibao while one record of it is. Where the families' file has the household,
-- its figures win; a household that stands there alone has no members here.
--
-- key: household

with

-- Without a single head the oldest member speaks, whatever the order of the rows.
placed as (
    select
        record, household, is_head, present, on_roll, urban, single_person, start_month, total_month_fen,
        row_number() over (
            partition by household
            order by
                case when is_head and present then 1 when present then 2 when is_head then 3 else 4 end nulls last,
                birth nulls last,
                record nulls last
        ) as place
    from normal.dibao
),

counted as (
    select
        household,
        min(record) filter (where place = 1) as head_record,
        cast(count(*) filter (where present) as bigint) as members,
        cast(count(*) filter (where on_roll) as bigint) as covered,
        bool_or(on_roll) as on_dibao,
        bool_or(urban and present) as urban,
        bool_or(on_roll and single_person) as single_person,
        min(start_month) filter (where on_roll) as start_month,
        coalesce(
            min(record) filter (where is_head and present and total_month_fen is not null),
            min(record) filter (where present and total_month_fen is not null)
        ) as total_record
    from placed
    group by household
),

rolled as (
    select
        counted.household,
        counted.head_record,
        counted.members,
        counted.covered,
        counted.on_dibao,
        counted.urban,
        counted.single_person,
        counted.start_month,
        heads.area_code,
        heads.town,
        heads.as_of,
        heads.method,
        money.total_month_fen
    from counted
    inner join normal.dibao as heads on heads.record = counted.head_record
    left join normal.dibao as money on money.record = counted.total_record
),

both_files as (
    select
        coalesce(rolled.household, families.household) as household,
        rolled.head_record,
        families.record as family_record,
        coalesce(rolled.members, 0) as members,
        coalesce(families.covered_people, rolled.covered) as covered,
        coalesce(rolled.on_dibao, families.present) as on_dibao,
        coalesce(rolled.urban, false) or coalesce(families.urban, false) as urban,
        coalesce(rolled.single_person, false) as single_person,
        rolled.start_month,
        coalesce(rolled.area_code, families.area_code) as area_code,
        rolled.town,
        coalesce(rolled.as_of, families.as_of) as as_of,
        coalesce(families.total_month_fen, rolled.total_month_fen) as total_month_fen,
        coalesce(families.people, rolled.members) as people,
        coalesce(families.method, rolled.method) as method,
        families.income_year_fen,
        families.deductions_year_fen,
        families.grace_from
    from rolled
    full outer join normal.families on families.household = rolled.household
)

select
    both_files.household,
    both_files.head_record,
    both_files.family_record,
    both_files.members,
    both_files.covered,
    both_files.on_dibao,
    both_files.urban,
    both_files.single_person,
    both_files.start_month,
    both_files.area_code,
    both_files.town,
    both_files.as_of,
    both_files.total_month_fen,
    both_files.people,
    both_files.method,
    both_files.income_year_fen,
    both_files.deductions_year_fen,
    both_files.grace_from,
    months_after(both_files.grace_from, places.grace_months) as grace_until,
    case when both_files.urban then places.standard_urban_fen else places.standard_rural_fen end as standard_fen
from both_files
left join normal.places on places.area_code = both_files.area_code
