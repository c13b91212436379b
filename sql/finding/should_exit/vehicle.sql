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

owned as (
    select
        members.household,
        members.record as member_record,
        vehicle_owners.record,
        case vehicle_owners.exception
            when 'disability_vehicle' then 1
            when 'two_three_wheeler' then 2
            when 'sole_livelihood' then 3
            when 'scrapped_or_sold' then 4
            else 0
        end as place
    from normal.vehicle_owners
    inner join normal.members on members.person = vehicle_owners.person
    inner join normal.dibao_households on dibao_households.household = members.household
    where members.roll = 'dibao' and dibao_households.on_dibao
),

judged as (
    select household, min(place) as place
    from owned
    group by household
),

shown as (
    select owned.household, owned.member_record, owned.record
    from owned
    inner join judged on judged.household = owned.household
    where judged.place > 0 or owned.place = 0
),

counted as (
    select household, count(distinct record) as vehicles
    from shown
    group by household
),

evidence as (
    select household, record from shown
    union
    select household, member_record as record from shown
)

select
    'dibao:' || judged.household as subject_key,
    dibao_households.head_record as subject_record,
    judged.household as dibao_household,
    register_of.register_household,
    case judged.place
        when 1 then 'disability_vehicle'
        when 2 then 'two_three_wheeler'
        when 3 then 'sole_livelihood'
        when 4 then 'scrapped_or_sold'
    end as exception,
    paid.paid_fen as month_fen,
    evidence.record as evidence_record,
    counted.vehicles
from judged
inner join counted on counted.household = judged.household
inner join evidence on evidence.household = judged.household
inner join normal.dibao_households on dibao_households.household = judged.household
left join normal.register_of on register_of.dibao_household = judged.household
left join normal.paid on paid.household = judged.household
