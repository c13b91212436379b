-- An area whose tekun standard is under the share of last year's consumption a
-- head that it has to reach: the workspace's own area, and each area inside it
-- with a figure of its own.
--
-- title: 特困供养标准低于规定比例
-- subject: area
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(二)1 特困人员救助供养标准
-- needs: any
-- parameters: tekun_standard, tekun_share_of_consumption, consumption_per_head
-- reason: 本地特困供养标准每年{standard_year}元，低于上年度居民人均消费支出{consumption}元的{share}%（{floor_year}元），请按规定调整标准。
-- label: standard_year 特困供养标准（元/年）
-- label: consumption 上年度居民人均消费支出（元）
-- label: share 应达比例（%）
-- label: floor_year 应达标准（元/年）

with

areas as (
    select distinct area_code
    from normal.area_figures
    where name in ('tekun_standard', 'tekun_share_of_consumption', 'consumption_per_head')
)

select
    'area:' || places.area_code as subject_key,
    cast(null as bigint) as subject_record,
    cast(null as string) as exception,
    places.area_code,
    places.tekun_standard_fen * 12 as standard_year_fen,
    places.consumption_fen,
    percent_text(places.tekun_share_ten_thousandths) as share,
    ceil_div(places.consumption_fen * places.tekun_share_ten_thousandths, 1000000) as floor_year_fen
from areas
inner join normal.places on places.area_code = areas.area_code
where places.tekun_standard_fen * 12 * 1000000 < places.consumption_fen * places.tekun_share_ten_thousandths
