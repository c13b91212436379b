-- A place named by a record or by the policy, or the workspace's own area, with
-- what is in force there at the night: of each parameter the row of the longest area
-- that the place's code begins with. Money is in fen; null where the place has
-- no row.
--
-- key: area_code

with

places as (
    select area_code from normal.persons where area_code is not null
    union
    select area_code from policy.areas where area_code is not null
    union
    select area as area_code from policy.parameters where length(area) > 0
),

tonight as (
    select name, coalesce(area, '') as area, value
    from policy.parameters
    where value is not null
    and (valid_from is null or valid_from <= night())
    and (valid_to is null or night() < valid_to)
),

lengths as (
    select distinct length(area) as characters
    from tonight
),

prefixes as (
    select places.area_code, lengths.characters, substring(places.area_code, 1, lengths.characters) as area
    from places
    cross join lengths
    where length(places.area_code) >= lengths.characters
),

ranked as (
    select
        prefixes.area_code,
        tonight.name,
        tonight.value,
        row_number() over (
            partition by prefixes.area_code, tonight.name
            order by prefixes.characters desc, tonight.value nulls last
        ) as nearness
    from prefixes
    inner join tonight on tonight.area = prefixes.area
),

chosen as (
    select
        area_code,
        name,
        in_fen(value) as fen,
        floor_div(in_fen(value), 100) as whole,
        cast(round(value * 10000, 0) as bigint) as ten_thousandths
    from ranked
    where nearness = 1
)

select
    places.area_code,
    max(chosen.fen) filter (where chosen.name = 'dibao_standard_rural') as standard_rural_fen,
    max(chosen.fen) filter (where chosen.name = 'dibao_standard_urban') as standard_urban_fen,
    max(chosen.ten_thousandths) filter (where chosen.name = 'edge_multiple') as edge_ten_thousandths,
    max(chosen.fen) filter (where chosen.name = 'living_allowance') as living_allowance_fen,
    max(chosen.fen) filter (where chosen.name = 'care_allowance') as care_allowance_fen,
    max(chosen.fen) filter (where chosen.name = 'self_pay_limit') as self_pay_limit_fen,
    max(chosen.fen) filter (where chosen.name = 'monitoring_line') as monitoring_line_fen,
    cast(max(chosen.whole) filter (where chosen.name = 'grace_months') as int) as grace_months,
    cast(max(chosen.whole) filter (where chosen.name = 'refusal_months') as int) as refusal_months,
    cast(max(chosen.whole) filter (where chosen.name = 'left_months') as int) as left_months,
    cast(max(chosen.whole) filter (where chosen.name = 'purchase_months') as int) as purchase_months,
    cast(max(chosen.whole) filter (where chosen.name = 'relief_months') as int) as relief_months,
    cast(max(chosen.whole) filter (where chosen.name = 'recheck_months_a') as int) as recheck_months_a,
    cast(max(chosen.whole) filter (where chosen.name = 'recheck_months_b') as int) as recheck_months_b,
    cast(max(chosen.whole) filter (where chosen.name = 'recheck_months_c') as int) as recheck_months_c,
    max(chosen.whole) filter (where chosen.name = 'all_dibao_registered') as all_dibao_registered,
    max(chosen.whole) filter (where chosen.name = 'sampling_percent') as sampling_percent,
    max(chosen.fen) filter (where chosen.name = 'poverty_line') as poverty_line_fen,
    max(chosen.ten_thousandths) filter (where chosen.name = 'standard_share_of_poverty_line')
        as standard_share_ten_thousandths,
    max(chosen.fen) filter (where chosen.name = 'tekun_standard') as tekun_standard_fen,
    max(chosen.fen) filter (where chosen.name = 'consumption_per_head') as consumption_fen,
    max(chosen.ten_thousandths) filter (where chosen.name = 'tekun_share_of_consumption')
        as tekun_share_ten_thousandths,
    max(chosen.fen) filter (where chosen.name = 'assistance_budget') as assistance_budget_fen,
    max(chosen.ten_thousandths) filter (where chosen.name = 'medical_ratio_tekun') as ratio_tekun_ten_thousandths,
    max(chosen.ten_thousandths) filter (where chosen.name = 'medical_ratio_sanwu_urban')
        as ratio_sanwu_ten_thousandths,
    max(chosen.ten_thousandths) filter (where chosen.name = 'medical_ratio_serious')
        as ratio_serious_ten_thousandths,
    max(chosen.ten_thousandths) filter (where chosen.name = 'supplement_class_a') as share_a_ten_thousandths,
    max(chosen.ten_thousandths) filter (where chosen.name = 'supplement_class_b') as share_b_ten_thousandths,
    cast(max(chosen.whole) filter (where chosen.name = 'elder_age') as int) as elder_age,
    max(chosen.fen) filter (where chosen.name = 'supplement_elder') as elder_fen,
    max(chosen.fen) filter (where chosen.name = 'supplement_severe_disability') as severe_fen,
    max(chosen.fen) filter (where chosen.name = 'supplement_serious_illness') as serious_fen,
    max(chosen.fen) filter (where chosen.name = 'supplement_pupil') as pupil_fen,
    max(chosen.fen) filter (where chosen.name = 'supplement_single_parent') as single_parent_fen,
    max(chosen.fen) filter (where chosen.name = 'annual_premium') as annual_premium_fen
from places
left join chosen on chosen.area_code = places.area_code
group by places.area_code
