-- A household that has been lifted out of poverty and is not under watch, although
-- the register's own income a head and year is under the line of watching.
--
-- title: 收入低于监测范围未纳入监测
-- subject: household
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 动态管理、应保尽保
-- needs: register
-- parameters: monitoring_line
-- reason: {name}户为脱贫户，人均纯收入{income_head_year}元，低于监测范围{monitoring_line}元，
--   监测对象类别为空，请入户核实，符合条件的及时纳入监测。
-- facts: register name relation household_kind lifted watch income_head_year
-- label: income_head_year 人均纯收入（元/年）
-- label: monitoring_line 监测范围（元/年）

select
    'register:' || register_households.household as subject_key,
    register_households.head_record as subject_record,
    register_households.household as register_household,
    cast(null as string) as exception,
    members.record as evidence_record,
    register_households.income_head_year_fen,
    places.monitoring_line_fen
from normal.register_households
inner join normal.places on places.area_code = register_households.area_code
inner join normal.members on members.household = register_households.household and members.roll = 'register'
where register_households.lifted
and register_households.unwatched
and register_households.income_head_year_fen < places.monitoring_line_fen
