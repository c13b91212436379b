-- A person on dibao whose supplement is not the highest one due.
--
-- title: 分类施保金额有误
-- subject: person
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)3 分类施保
-- needs: dibao_persons
-- unready: 低保人员名册没有分类施保金额一列
-- reason: {name}每月应享受分类施保{due}元（{kind}），名册为{paid}元，请核定，少发的补发，多发的追缴。
-- facts: dibao_persons name id_no relation class birth health school school_until marital disability level
--   supplement_month; disability name certificate_no disability level state valid_until
-- word: kind class 按类别增发
-- word: kind elder 老年人
-- word: kind severe 重度残疾人
-- word: kind serious 重病患者
-- word: kind pupil 在校学生
-- word: kind single_parent 单亲家庭
-- word: kind none 无应享项目
-- label: due 应享分类施保金额
-- label: paid 名册分类施保金额
-- label: kind 应享项目

with

keyed as (
    select
        supplements.person,
        supplements.record,
        supplements.due_fen,
        supplements.paid_fen,
        supplements.kind,
        persons.household,
        person_key(supplements.person, persons.id_no, persons.id_key, 'dibao', persons.household, persons.name_fold)
            as subject_key
    from normal.supplements
    inner join normal.persons on persons.record = supplements.record
    where supplements.is_told and supplements.paid_fen <> supplements.due_fen
),

findings as (
    select
        person, record, due_fen, paid_fen, kind, household, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
),

evidence as (
    select findings.subject_key, dibao.record
    from findings
    inner join link.people on people.person = findings.person
    inner join normal.dibao on dibao.record = people.record
    where findings.place = 1 and dibao.on_roll
    union
    select findings.subject_key, severe.record
    from findings
    inner join normal.severe on severe.person = findings.person
    where findings.place = 1 and findings.kind = 'severe'
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.household as dibao_household,
    cast(null as string) as exception,
    findings.due_fen - findings.paid_fen as month_fen,
    evidence.record as evidence_record,
    findings.due_fen,
    findings.paid_fen,
    findings.kind
from findings
inner join evidence on evidence.subject_key = findings.subject_key
where findings.place = 1
