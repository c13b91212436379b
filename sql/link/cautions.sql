-- What linking left alone because it would say nothing of anybody, or pair everybody
-- with everybody, and whether the county was too small to learn from (fewer than 50
-- people whose ID stands once on both rolls): published with the run, never silent.
--
-- key: caution

with

born_so as (
    select
        troubled.birth,
        troubled.town,
        count(*) as records
    from link.troubled
    where troubled.birth is not null and troubled.town is not null
    group by troubled.roll_no, troubled.birth, troubled.town
    having count(*) > 20
),

named_so as (
    select
        troubled.name_fold,
        troubled.town,
        count(*) as records
    from link.troubled
    where troubled.town is not null
    group by troubled.roll_no, troubled.name_fold, troubled.town
    having count(*) > 20
),

left_so as (
    select
        persons.household,
        count(*) as records
    from link.leftovers
    inner join normal.persons using (record)
    where persons.household is not null
    group by leftovers.roll_no, persons.household
    having count(*) > 30
),

numbered_so as (
    select
        crowded_keys.id_key,
        count(*) as records
    from link.crowded_keys
    inner join normal.persons using (id_key)
    group by crowded_keys.id_key
),

lessons as (
    select count(*) as records
    from link.matched
),

found as (
    select 'crowded_births' as caution, count(*) as cases, sum(born_so.records) as records
    from born_so
    union all
    select 'crowded_names' as caution, count(*) as cases, sum(named_so.records) as records
    from named_so
    union all
    select 'crowded_households' as caution, count(*) as cases, sum(left_so.records) as records
    from left_so
    union all
    select 'crowded_ids' as caution, count(*) as cases, sum(numbered_so.records) as records
    from numbered_so
    union all
    select
        'few_lessons' as caution,
        case when lessons.records < 50 then 1 else 0 end as cases,
        lessons.records
    from lessons
)

select
    found.caution,
    cast(found.cases as bigint) as cases,
    cast(found.records as bigint) as records
from found
where found.cases > 0
