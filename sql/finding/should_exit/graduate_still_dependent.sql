-- A person on dibao who has left school before the month of the night, and whose
-- school still stands on the roll or who is still paid what a pupil is paid.
--
-- title: 已毕业仍按在读学生保障
-- subject: person
-- certainty: C
-- basis: 《社保兜底脱贫工程实施方案》二(一)3 分类施保
-- needs: dibao_persons
-- exceptions: studies_on
-- reason: {name}已于{left_school}毕业，名册仍按在读学生登记或发放分类施保金，请核实是否升学，已就业或无学籍的据实调整。
-- facts: dibao_persons name relation school school_kind school_from school_until supplement_month employment remark
-- label: left_school 毕业日期

with

graduates as (
    select
        recipients.person,
        recipients.record,
        recipients.household,
        list.school_until as left_school,
        list.supplement_month_fen,
        coalesce(list.remark_code like '%studies!_on%' escape '!', false)
        or coalesce(list.school_from > list.school_until, false) as studies_on
    from normal.recipients
    inner join raw.dibao_persons as list on list.record = recipients.record
    inner join normal.dibao on dibao.record = recipients.record
    left join normal.places on places.area_code = dibao.area_code
    where recipients.roll = 'dibao'
    and list.school_until < month_start(night())
    and (list.school is not null or list.supplement_month_fen = places.pupil_fen)
),

keyed as (
    select
        graduates.record,
        graduates.household,
        graduates.left_school,
        graduates.supplement_month_fen,
        graduates.studies_on,
        person_key(
            graduates.person, persons.id_no, persons.id_key, 'dibao', graduates.household, persons.name_fold
        ) as subject_key
    from graduates
    inner join normal.persons on persons.record = graduates.record
),

findings as (
    select
        record, household, left_school, supplement_month_fen, studies_on, subject_key,
        row_number() over (partition by subject_key order by studies_on nulls last, record nulls last) as place
    from keyed
)

select
    subject_key,
    record as subject_record,
    household as dibao_household,
    case when studies_on then 'studies_on' end as exception,
    supplement_month_fen as month_fen,
    record as evidence_record,
    left_school
from findings
where place = 1
