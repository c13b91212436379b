-- A person who is on dibao and on tekun.
--
-- title: 低保与特困重复享受
-- subject: person
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(二)1 特困人员救助供养
-- needs: dibao_persons, tekun
-- exceptions: switch_month
-- reason: {name}同时在低保和特困名册在册，低保本人份额{dibao_part}元，特困{tekun_part}元，
--   请核定应享受的一种，停发另一种并处理重复资金。
-- facts: dibao_persons name id_no relation state start_month total_month;
--   tekun name id_no state start_month care_mode total_month
-- label: dibao_part 低保本人月份额
-- label: tekun_part 特困本人月金额

with

tekun_side as (
    select person, min(part_fen) as part_fen, min(start_month) as start_month
    from normal.recipients
    where roll = 'tekun'
    group by person
),

dibao_side as (
    select person, min(record) as record, min(part_fen) as part_fen, max(as_of) as as_of
    from normal.recipients
    where roll = 'dibao'
    group by person
),

keyed as (
    select
        dibao_side.person,
        dibao_side.record,
        dibao_side.part_fen as dibao_part_fen,
        tekun_side.part_fen as tekun_part_fen,
        month_start(tekun_side.start_month) = month_start(dibao_side.as_of) as switched,
        persons.household,
        person_key(dibao_side.person, persons.id_no, persons.id_key, 'dibao', persons.household, persons.name_fold)
            as subject_key
    from dibao_side
    inner join tekun_side on tekun_side.person = dibao_side.person
    inner join normal.persons on persons.record = dibao_side.record
),

findings as (
    select
        person, record, dibao_part_fen, tekun_part_fen, switched, household, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.household as dibao_household,
    case when findings.switched then 'switch_month' end as exception,
    least(findings.dibao_part_fen, findings.tekun_part_fen) as month_fen,
    recipients.record as evidence_record,
    findings.dibao_part_fen,
    findings.tekun_part_fen
from findings
inner join normal.recipients on recipients.person = findings.person
where findings.place = 1
