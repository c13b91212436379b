-- A child who draws the orphans' guarantee and is on dibao or tekun. To a child
-- whom in fact nobody brings up the difference is paid lawfully. Other children
-- in need on the list draw no guarantee.
--
-- title: 孤儿保障与低保、特困重复享受
-- subject: person
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(二)3 困境儿童保障
-- needs: children, dibao_persons | tekun
-- exceptions: lawful_top_up
-- reason: {name}已享受孤儿基本生活保障（每月{child_part}元），又在低保或特困名册在册（本人份额每月{benefit_part}元），
--   请核定应享受的一种，停发另一种并处理重复资金。
-- facts: children name id_no kind care_mode standard_month amount_month state;
--   dibao_persons name id_no relation state start_month total_month; tekun name id_no state start_month total_month
-- label: child_part 儿童保障月金额
-- label: benefit_part 低保或特困本人月份额

with

guarantees as (
    select
        people.person,
        list.record,
        coalesce(list.amount_month_fen, list.standard_month_fen) as part_fen,
        coalesce(list.kind = 'de_facto', false) as is_top_up
    from raw.children as list
    inner join link.people on people.record = list.record
    where coalesce(list.state in ('active', 'normal'), true) and coalesce(list.kind <> 'other', true)
),

children as (
    select
        person,
        coalesce(min(part_fen) filter (where not is_top_up), min(part_fen)) as part_fen,
        bool_and(is_top_up) as is_top_up
    from guarantees
    group by person
),

benefits as (
    select
        person,
        coalesce(min(record) filter (where roll = 'dibao'), min(record)) as record,
        min(part_fen) as part_fen
    from normal.recipients
    group by person
),

keyed as (
    select
        children.person,
        benefits.record,
        children.is_top_up,
        children.part_fen as child_part_fen,
        benefits.part_fen as benefit_part_fen,
        recipients.roll,
        recipients.household,
        person_key(
            children.person, persons.id_no, persons.id_key, recipients.roll, recipients.household, persons.name_fold
        ) as subject_key
    from children
    inner join benefits on benefits.person = children.person
    inner join normal.recipients on recipients.record = benefits.record
    inner join normal.persons on persons.record = benefits.record
),

findings as (
    select
        person, record, is_top_up, child_part_fen, benefit_part_fen, roll, household, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
),

evidence as (
    select person, record from guarantees
    union
    select person, record from normal.recipients
)

select
    findings.subject_key,
    findings.record as subject_record,
    case when findings.roll = 'dibao' then findings.household end as dibao_household,
    case when findings.is_top_up then 'lawful_top_up' end as exception,
    least(findings.child_part_fen, findings.benefit_part_fen) as month_fen,
    evidence.record as evidence_record,
    findings.child_part_fen,
    findings.benefit_part_fen
from findings
inner join evidence on evidence.person = findings.person
where findings.place = 1
