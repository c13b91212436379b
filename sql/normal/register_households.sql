-- A household of the register with at least one member who is not gone: how many
-- they are, what the register says of the household, its income a head and year as
-- it stands there, and its adjusted income a head and month as a fraction, income_fen / income_parts. What stands on every
-- member's row is taken once: from the head's row, else from the first that has
-- it; the rows of those who are gone say nothing. Assistance money of the same file does not count as income. The grant is
-- what dibao would pay, an unknown income taken as none.
--
-- key: household

with

-- Without a single head the oldest member speaks, whatever the order of the rows.
placed as (
    select
        record, household, is_head, present, people, income_head_year_fen, dibao_income_year_fen,
        tekun_income_year_fen, watch, cleared, lifted, household_kind,
        row_number() over (
            partition by household
            order by
                case when is_head and present then 1 when present then 2 else 3 end nulls last,
                birth nulls last,
                record nulls last
        ) as place
    from normal.register
),

firsts as (
    select
        household,
        min(record) filter (where place = 1 and present) as head_record,
        cast(count(*) filter (where present) as bigint) as members,
        coalesce(
            min(record) filter (where is_head and present and people > 0),
            min(record) filter (where present and people > 0)
        ) as people_record,
        coalesce(
            min(record) filter (where is_head and present and income_head_year_fen is not null),
            min(record) filter (where present and income_head_year_fen is not null)
        ) as income_record,
        coalesce(
            min(record) filter (where is_head and present and dibao_income_year_fen is not null),
            min(record) filter (where present and dibao_income_year_fen is not null)
        ) as dibao_income_record,
        coalesce(
            min(record) filter (where is_head and present and tekun_income_year_fen is not null),
            min(record) filter (where present and tekun_income_year_fen is not null)
        ) as tekun_income_record,
        coalesce(
            min(record) filter (where is_head and present and watch is not null),
            min(record) filter (where present and watch is not null)
        ) as watch_record,
        coalesce(
            min(record) filter (where is_head and present and cleared is not null),
            min(record) filter (where present and cleared is not null)
        ) as cleared_record,
        coalesce(
            min(record) filter (where is_head and present and lifted is not null),
            min(record) filter (where present and lifted is not null)
        ) as lifted_record,
        coalesce(
            min(record) filter (where is_head and present and household_kind is not null),
            min(record) filter (where present and household_kind is not null)
        ) as kind_record
    from placed
    group by household
),

told as (
    select
        firsts.household,
        firsts.head_record,
        firsts.members,
        max(case when register.record = firsts.people_record then register.people end) as people,
        max(case when register.record = firsts.income_record then register.income_head_year_fen end)
            as income_head_year_fen,
        max(case when register.record = firsts.dibao_income_record then register.dibao_income_year_fen end)
            as dibao_income_year_fen,
        max(case when register.record = firsts.tekun_income_record then register.tekun_income_year_fen end)
            as tekun_income_year_fen,
        max(case when register.record = firsts.watch_record then register.watch end) as watch,
        bool_or(register.record = firsts.cleared_record and register.cleared) as cleared,
        max(case when register.record = firsts.lifted_record then register.lifted end) as lifted,
        max(case when register.record = firsts.kind_record then register.household_kind end) as household_kind,
        max(case when register.record = firsts.head_record then register.area_code end) as area_code,
        max(case when register.record = firsts.head_record then register.as_of end) as as_of
    from firsts
    inner join normal.register on register.household = firsts.household
    where firsts.members > 0
    group by firsts.household, firsts.head_record, firsts.members
),

measured as (
    select
        household,
        head_record,
        members,
        coalesce(people, members) as people,
        income_head_year_fen * coalesce(people, members)
        - coalesce(dibao_income_year_fen, 0) - coalesce(tekun_income_year_fen, 0) as income_fen,
        coalesce(people, members) * 12 as income_parts,
        income_head_year_fen,
        coalesce(watch, 'none') = 'none' as unwatched,
        coalesce(cleared, false) as cleared,
        coalesce(lifted in ('lifted', 'lifted_stable'), household_kind = 'lifted', false) as lifted,
        coalesce(watch not in ('none', 'unknown'), false) and cleared is not true
        or coalesce(lifted in ('not_lifted', 'returned'), false)
        or lifted is null and coalesce(household_kind in ('poor', 'dibao_poor', 'wubao_poor'), false) as in_need,
        area_code,
        as_of
    from told
)

select
    measured.household,
    measured.head_record,
    measured.members,
    measured.people,
    measured.income_fen,
    measured.income_parts,
    measured.income_head_year_fen,
    measured.unwatched,
    measured.cleared,
    measured.lifted,
    measured.in_need,
    measured.area_code,
    measured.as_of,
    places.standard_rural_fen as standard_fen,
    case
        when places.standard_rural_fen is not null then greatest(
            0,
            100 * ceil_div(
                places.standard_rural_fen * measured.income_parts - coalesce(measured.income_fen, 0), 1200
            )
        )
    end as grant_fen
from measured
left join normal.places on places.area_code = measured.area_code
