-- A payment of dibao with the household it was made to, found by its number,
-- else by its head's ID, on the roll or in the families' file; a household that
-- neither has keeps the key that the payment itself gives. In force is what arrived: returned and failed
-- payments are none. The total is the grant and the supplements where no total
-- stands.
--
-- key: record

with

households as (
    select household
    from normal.dibao
    union
    select household
    from normal.families
),

family_heads as (
    select list.id_no, min(families.household) as household
    from normal.families
    inner join raw.dibao_families as list on list.record = families.record
    where list.id_key is not null
    group by list.id_no
)

select
    list.record,
    coalesce(
        households.household,
        dibao_heads.household,
        family_heads.household,
        list.household_no,
        case when list.id_key is not null then list.id_no end,
        list.name_fold || '/' || coalesce(list.village, list.town, ''),
        list.id_no
    ) as household,
    list.month,
    coalesce(list.state in ('active', 'paid', 'normal'), true) as in_force,
    coalesce(list.remark_code like '%back!_pay%' escape '!', false) as back_pay,
    coalesce(list.total_fen, list.base_fen + coalesce(list.supplement_fen, 0), list.supplement_fen) as amount_fen,
    coalesce(list.base_fen, list.total_fen - list.supplement_fen) as base_fen,
    list.covered_people,
    case when length(list.area_code) >= 9 then substring(list.area_code, 1, 9) else list.town end as town
from raw.dibao_payments as list
left join households on households.household = list.household_no
left join normal.dibao_heads on dibao_heads.id_no = list.id_no
left join family_heads on family_heads.id_no = list.id_no
