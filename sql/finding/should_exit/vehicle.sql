-- A dibao household of which a member owns a vehicle.
--
-- title: 名下有机动车
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 家庭经济状况部门信息核对
-- needs: vehicles, dibao_persons
-- exceptions: disability_vehicle, two_three_wheeler, sole_livelihood, scrapped_or_sold
-- reason: {name}户在保，家庭成员名下有机动车{vehicles}辆，请核实车辆情况，按财产认定办法处理。
-- facts: vehicles name plate plate_kind kind use registered_on state remark; dibao_persons name relation covered
-- label: vehicles 车辆数

with

held as (
    select household, record, member_record, exception
    from normal.holdings
    where roll = 'dibao' and means = 'vehicle'
),

counted as (
    select household, max(exception) as exception, count(distinct record) as vehicles
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
    counted.vehicles
from counted
inner join evidence on evidence.household = counted.household
inner join normal.dibao_households on dibao_households.household = counted.household
left join normal.register_of on register_of.dibao_household = counted.household
left join normal.paid on paid.household = counted.household
where dibao_households.on_dibao
