-- A valid ID that stands twice on one of the rolls with compatible names, in one
-- household or in two, while neither record is stopped or gone.
--
-- title: 同一人重复登记
-- subject: record
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: dibao_persons | tekun | register
-- reason: {name}的身份证号在{roll}中登记{records}次，请核对后删除重复记录。
-- facts: dibao_persons name id_no household_no relation state start_month;
--   tekun name id_no household_no state start_month; register name id_no household_no relation state
-- word: roll dibao_persons 低保名册
-- word: roll tekun 特困名册
-- word: roll register 脱贫人口和监测对象名册
-- label: roll 名册
-- label: records 登记次数

with

standing as (
    select record, roll, household, id_no, id_key, name_fold
    from normal.persons
    where roll in ('dibao_persons', 'tekun', 'register') and present and id_key is not null
),

repeated as (
    select roll, id_key
    from standing
    group by roll, id_key
    having count(*) > 1
),

copies as (
    select standing.record, standing.roll, standing.household, standing.id_no, standing.id_key, standing.name_fold
    from standing
    semi join repeated on repeated.roll = standing.roll and repeated.id_key = standing.id_key
),

doubles as (
    select distinct one.record, one.roll, one.household, one.id_no, one.name_fold
    from copies as one
    inner join copies as other on other.roll = one.roll and other.id_key = one.id_key
    where other.record <> one.record
    and (
        one.name_fold = other.name_fold
        or one.name_fold <> other.name_fold and name_level(one.name_fold, other.name_fold) >= 1
    )
),

-- The record shown is the first by household and name, whatever the files' order.
placed as (
    select
        roll, id_no, record,
        row_number() over (
            partition by roll, id_no order by household nulls last, name_fold nulls last, record nulls last
        ) as place
    from doubles
),

findings as (
    select roll, id_no, min(record) filter (where place = 1) as record, count(*) as records
    from placed
    group by roll, id_no
)

select
    findings.roll || ':' || findings.id_no as subject_key,
    findings.record as subject_record,
    case when findings.roll = 'dibao_persons' then subjects.household end as dibao_household,
    case when findings.roll = 'register' then subjects.household end as register_household,
    doubles.record as evidence_record,
    findings.roll,
    findings.records
from findings
inner join doubles as subjects on subjects.record = findings.record
inner join doubles on doubles.roll = findings.roll and doubles.id_no = findings.id_no
