-- A dibao household whose members together own two or more homes or a shop, or
-- bought a home within the months that a purchase counts.
--
-- title: 名下有多套住房或商铺
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 家庭经济状况部门信息核对
-- needs: houses, dibao_persons
-- parameters: purchase_months
-- exceptions: demolition, homestead
-- reason: {name}户在保，家庭成员名下有住房{homes}套、商铺{shops}处，近期购房{purchases}套，
--   请核实房产来源和居住情况，按财产认定办法处理。
-- facts: houses name title_no location area use gained registered_on; dibao_persons name relation covered
-- label: homes 住房套数
-- label: shops 商铺数
-- label: purchases 近期购房套数

with

findings as (
    select household, homes, shops, purchases, exception
    from normal.second_homes
    where roll = 'dibao'
    group by household, homes, shops, purchases, exception
),

evidence as (
    select household, record from normal.second_homes where roll = 'dibao'
    union
    select household, member_record as record from normal.second_homes where roll = 'dibao'
)

select
    'dibao:' || findings.household as subject_key,
    dibao_households.head_record as subject_record,
    findings.household as dibao_household,
    register_of.register_household,
    findings.exception,
    paid.paid_fen as month_fen,
    evidence.record as evidence_record,
    findings.homes,
    findings.shops,
    findings.purchases
from findings
inner join evidence on evidence.household = findings.household
inner join normal.dibao_households on dibao_households.household = findings.household
left join normal.register_of on register_of.dibao_household = findings.household
left join normal.paid on paid.household = findings.household
where dibao_households.on_dibao
