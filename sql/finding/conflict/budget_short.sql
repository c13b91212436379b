-- An area whose budget of assistance is under what dibao and tekun on the roll
-- cost in twelve months: the workspace's own area, and each area inside it with a
-- budget of its own.
--
-- title: 救助资金预算不足
-- subject: area
-- certainty: C
-- basis: 《社保兜底脱贫工程实施方案》二(三)1 救助资金预算
-- needs: dibao_persons
-- parameters: assistance_budget
-- reason: 本地在册低保每月{dibao_month}元、特困每月{tekun_month}元，全年需{needed_year}元，
--   超过救助资金预算{budget}元，请核实预算安排。
-- label: dibao_month 在册低保月发放额
-- label: tekun_month 在册特困月发放额
-- label: needed_year 全年需求
-- label: budget 救助资金年度预算

with

costs as (
    select area_code, total_month_fen as dibao_fen, 0 as tekun_fen
    from normal.dibao_households
    where on_dibao
    union all
    select area_code, 0 as dibao_fen, total_month_fen as tekun_fen
    from normal.tekun
    where on_roll
),

sums as (
    select
        area_code,
        cast(sum(dibao_fen) as bigint) as dibao_fen,
        cast(sum(tekun_fen) as bigint) as tekun_fen
    from costs
    group by area_code
),

areas as (
    select
        area_figures.area_code,
        places.assistance_budget_fen as budget_fen,
        cast(sum(coalesce(sums.dibao_fen, 0)) as bigint) as dibao_month_fen,
        cast(sum(coalesce(sums.tekun_fen, 0)) as bigint) as tekun_month_fen
    from normal.area_figures
    inner join normal.places on places.area_code = area_figures.area_code
    inner join sums
        on substring(sums.area_code, 1, length(area_figures.area_code)) = area_figures.area_code
    where area_figures.name = 'assistance_budget'
    group by area_figures.area_code, places.assistance_budget_fen
)

select
    'area:' || area_code as subject_key,
    cast(null as bigint) as subject_record,
    cast(null as string) as exception,
    area_code,
    dibao_month_fen,
    tekun_month_fen,
    12 * (dibao_month_fen + tekun_month_fen) as needed_year_fen,
    budget_fen
from areas
where 12 * (dibao_month_fen + tekun_month_fen) > budget_fen
