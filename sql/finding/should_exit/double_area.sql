-- A person who is on dibao twice: in two households of different towns, counties
-- or kinds, urban and rural. What is not known does not differ.
--
-- title: 低保重复享受
-- subject: person
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: dibao_persons
-- exceptions: moved_this_month
-- reason: {name}同时在{households}个低保户在保，所在县、乡镇或城乡类别不同，较小的一份每月{month}元，
--   请核定应享受的一处，停发其余并处理重复资金。
-- facts: dibao_persons name id_no household_no benefit relation town village state start_month total_month
-- label: households 同时在保户数

with

standings as (
    select
        recipients.person,
        recipients.record,
        recipients.household,
        recipients.part_fen,
        coalesce(month_start(recipients.start_month) = month_start(night()), false) as began_now,
        case when length(dibao.area_code) >= 6 then substring(dibao.area_code, 1, 6) end as county,
        dibao.town,
        dibao.urban
    from normal.recipients
    inner join normal.dibao on dibao.record = recipients.record
    where recipients.roll = 'dibao'
),

pairs as (
    select
        one.person,
        one.record,
        other.record as other_record,
        least(one.part_fen, other.part_fen) as part_fen,
        one.began_now or other.began_now as moved
    from standings as one
    inner join standings as other on other.person = one.person
    where one.record < other.record
    and one.household <> other.household
    and (one.county <> other.county or one.town <> other.town or one.urban <> other.urban)
),

judged as (
    select person, bool_and(moved) as moved
    from pairs
    group by person
),

shown as (
    select pairs.person, pairs.record, pairs.other_record, pairs.part_fen
    from pairs
    inner join judged on judged.person = pairs.person
    where judged.moved or not pairs.moved
),

sides as (
    select person, record from shown
    union
    select person, other_record as record from shown
),

-- Of the two the first by the household's key stands for the person, whatever the
-- files' order.
placed as (
    select
        sides.person,
        sides.record,
        dibao.household,
        row_number() over (partition by sides.person order by dibao.household nulls last, sides.record nulls last) as place
    from sides
    inner join normal.dibao on dibao.record = sides.record
),

counted as (
    select
        person,
        min(record) filter (where place = 1) as record,
        count(distinct household) as households
    from placed
    group by person
),

parts as (
    select person, min(part_fen) as part_fen
    from shown
    group by person
),

keyed as (
    select
        counted.person,
        counted.record,
        counted.households,
        judged.moved,
        parts.part_fen,
        persons.household,
        person_key(counted.person, persons.id_no, persons.id_key, 'dibao', persons.household, persons.name_fold)
            as subject_key
    from counted
    inner join judged on judged.person = counted.person
    inner join parts on parts.person = counted.person
    inner join normal.persons on persons.record = counted.record
),

findings as (
    select
        person, record, households, moved, part_fen, household, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.household as dibao_household,
    case when findings.moved then 'moved_this_month' end as exception,
    findings.part_fen as month_fen,
    sides.record as evidence_record,
    findings.households
from findings
inner join sides on sides.person = findings.person
where findings.place = 1
