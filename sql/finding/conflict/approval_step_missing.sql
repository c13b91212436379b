-- An application that was agreed to although a step of the procedure has no
-- date, or was taken before the one that it has to follow. On the same day is in
-- order.
--
-- title: 审批程序缺步骤或顺序颠倒
-- subject: application
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 调查、听证、公示、抽查、审批五步程序
-- needs: approvals
-- exceptions: not_sampled
-- reason: {name}的救助申请已批准，{how}（调查、听证、公示、抽查、审批依次为{dates}），请补齐程序或核对日期。
-- facts: approvals name id_no application_no benefit applied surveyed heard published sampled decided result
-- word: how missing 五步程序有缺
-- word: how out_of_order 五步程序日期先后颠倒
-- word: how both 五步程序有缺且日期先后颠倒
-- label: how 情形
-- label: dates 五步日期

with

own_area as (
    select max(area_code) as area_code
    from policy.areas
),

agreed as (
    select
        record,
        application_no,
        applied,
        coalesce(list.area_code, own_area.area_code) as area_code,
        coalesce(village, town, '') as place,
        sampled,
        coalesce(cast(surveyed as string), '-') || ', '
        || coalesce(cast(heard as string), '-') || ', '
        || coalesce(cast(published as string), '-') || ', '
        || coalesce(cast(sampled as string), '-') || ', '
        || coalesce(cast(decided as string), '-') as dates,
        surveyed is null or heard is null or published is null or decided is null as lacks_more_than_sample,
        coalesce(surveyed > heard, false)
        or coalesce(greatest(surveyed, heard) > published, false)
        or coalesce(greatest(surveyed, heard, published) > sampled, false)
        or coalesce(greatest(surveyed, heard, published, sampled) > decided, false) as out_of_order
    from raw.approvals as list
    cross join own_area
    where result = 'approved'
),

judged as (
    select
        agreed.record,
        agreed.dates,
        case
            when not agreed.out_of_order then 'missing'
            when agreed.lacks_more_than_sample or agreed.sampled is null then 'both'
            else 'out_of_order'
        end as how,
        case
            when not agreed.lacks_more_than_sample and not agreed.out_of_order and places.sampling_percent < 100
                then 'not_sampled'
        end as exception,
        coalesce(
            agreed.application_no,
            person_key(people.person, persons.id_no, persons.id_key, 'approvals', agreed.place, persons.name_fold)
            || ':' || coalesce(cast(agreed.applied as string), '')
        ) as application
    from agreed
    inner join normal.persons on persons.record = agreed.record
    inner join link.people on people.record = agreed.record
    left join normal.places on places.area_code = agreed.area_code
    where agreed.lacks_more_than_sample or agreed.sampled is null or agreed.out_of_order
),

ranked as (
    select
        record, dates, how, exception, application,
        row_number() over (
            partition by application order by exception is null desc, record nulls last
        ) as place
    from judged
)

select
    'application:' || application as subject_key,
    record as subject_record,
    exception,
    record as evidence_record,
    how,
    dates
from ranked
where place = 1
