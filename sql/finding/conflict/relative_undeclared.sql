-- A covered person of the dibao roll who is marked as a near relative of an
-- official, without a filing.
--
-- title: 近亲属享受低保未备案
-- subject: person
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 动态管理、公示公开
-- needs: dibao_persons
-- reason: {name}在保且标注为近亲属，没有备案记录，请核实亲属关系并补办备案。
-- facts: dibao_persons name id_no household_no relation relative relative_filed start_month

with

relatives as (
    select
        people.person,
        list.record,
        list.relative is true as is_relative,
        list.relative_filed is true as is_filed
    from raw.dibao_persons as list
    inner join normal.dibao on dibao.record = list.record
    inner join link.people on people.record = list.record
    where dibao.on_roll and (list.relative or list.relative_filed)
),

judged as (
    select person, min(record) filter (where is_relative) as record
    from relatives
    group by person
    having bool_or(is_relative) and not bool_or(is_filed)
),

keyed as (
    select
        judged.record,
        persons.household,
        person_key(judged.person, persons.id_no, persons.id_key, 'dibao', persons.household, persons.name_fold)
            as subject_key
    from judged
    inner join normal.persons on persons.record = judged.record
),

ranked as (
    select
        record, household, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
)

select
    subject_key,
    record as subject_record,
    household as dibao_household,
    cast(null as string) as exception,
    record as evidence_record
from ranked
where place = 1
