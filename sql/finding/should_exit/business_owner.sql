-- A dibao household of which a member stands behind a business: as its legal
-- representative, its operator, or the holder of half of it or more.
--
-- title: 名下有经营主体
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 家庭经济状况部门信息核对
-- needs: enterprises, dibao_persons
-- exceptions: cancelled, cooperative_member, family_kiosk
-- reason: {name}户在保，家庭成员登记为经营主体的法定代表人、经营者或半数以上股东（{businesses}条登记），
--   请核实经营情况和收入，按财产认定办法处理。
-- facts: enterprises name company kind role share founded state remark; dibao_persons name relation covered
-- label: businesses 经营主体登记数

with

held as (
    select household, record, member_record, exception
    from normal.holdings
    where roll = 'dibao' and means = 'business'
),

counted as (
    select household, max(exception) as exception, count(distinct record) as businesses
    from held
    group by household
),

evidence as (
    select household, record from held
    union
    select household, member_record as record from held
)

select
    'dibao:' || counted.household as subject_key,
    dibao_households.head_record as subject_record,
    counted.household as dibao_household,
    register_of.register_household,
    counted.exception,
    paid.paid_fen as month_fen,
    evidence.record as evidence_record,
    counted.businesses
from counted
inner join evidence on evidence.household = counted.household
inner join normal.dibao_households on dibao_households.household = counted.household
left join normal.register_of on register_of.dibao_household = counted.household
left join normal.paid on paid.household = counted.household
where dibao_households.on_dibao
