-- An area whose rural dibao standard is under the share of the poverty line that
-- it has to reach: the workspace's own area, and each area inside it with a
-- figure of its own.
--
-- title: 农村低保标准低于规定比例
-- subject: area
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)1 低保标准与扶贫标准衔接
-- needs: any
-- parameters: dibao_standard_rural, standard_share_of_poverty_line, poverty_line
-- reason: 本地农村低保标准每年{standard_year}元，低于国家扶贫标准{poverty_line}元的{share}%（{floor_year}元），请按规定调整标准。
-- label: standard_year 农村低保标准（元/年）
-- label: poverty_line 国家扶贫标准（元/年）
-- label: share 应达比例（%）
-- label: floor_year 应达标准（元/年）

with

areas as (
    select distinct area_code
    from normal.area_figures
    where name in ('dibao_standard_rural', 'standard_share_of_poverty_line', 'poverty_line')
)

select
    'area:' || places.area_code as subject_key,
    cast(null as bigint) as subject_record,
    cast(null as string) as exception,
    places.area_code,
    places.standard_rural_fen * 12 as standard_year_fen,
    places.poverty_line_fen,
    percent_text(places.standard_share_ten_thousandths) as share,
    ceil_div(places.poverty_line_fen * places.standard_share_ten_thousandths, 1000000) as floor_year_fen
from areas
inner join normal.places on places.area_code = areas.area_code
where places.standard_rural_fen * 12 * 1000000 < places.poverty_line_fen * places.standard_share_ten_thousandths
