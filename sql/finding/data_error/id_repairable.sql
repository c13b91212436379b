-- A person of dibao, tekun or the register whose ID is wrong, while a linked
-- record with a compatible name holds the valid one. A suggestion: nothing is
-- changed in the roll.
--
-- title: 身份证号可更正
-- subject: record
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: dibao_persons | tekun | register
-- reason: {roll}中{name}的身份证号{old_id}有误，关联记录为{new_id}，请核对证件后更正。
-- facts: dibao_persons name id_no birth; tekun name id_no birth; register name id_no birth; edge name id_no;
--   rigid_spending name id_no; disability name id_no; disability_allowances name id_no; children name id_no;
--   deaths name id_no; insurance name id_no; medical name id_no; temporary_relief name id_no; vehicles name id_no;
--   houses name id_no; enterprises name id_no; fiscal_payroll name id_no; social_insurance name id_no;
--   provident_fund name id_no; approvals name id_no; homes name id_no
-- word: roll dibao_persons 低保名册
-- word: roll tekun 特困名册
-- word: roll register 脱贫人口和监测对象名册
-- label: roll 名册
-- label: old_id 现登记号码
-- label: new_id 建议更正为

with

wrong as (
    select
        wrong_ids.record,
        wrong_ids.roll,
        wrong_ids.kind,
        people.person,
        persons.household,
        persons.name_fold,
        persons.id_no,
        persons.id_key
    from normal.wrong_ids
    inner join link.people on people.record = wrong_ids.record
    inner join normal.persons on persons.record = wrong_ids.record
),

wanted as (
    select distinct person
    from wrong
),

sound as (
    select people.person, persons.record, persons.name_fold, persons.id_no, persons.id_key
    from wanted
    inner join link.people on people.person = wanted.person
    inner join normal.persons on persons.record = people.record
    where persons.id_key is not null and persons.id_kind in ('valid', 'certificate20', 'certificate22')
),

suggested as (
    select
        wrong.record,
        wrong.roll,
        wrong.household,
        sound.record as sound_record,
        sound.id_no as new_id,
        wrong.roll || ':' || case
            when wrong.id_key is not null then wrong.id_no
            else wrong.household || ':' || coalesce(wrong.name_fold, '')
        end as subject_key,
        row_number() over (partition by wrong.record order by sound.record nulls last) as nearness
    from wrong
    inner join sound on sound.person = wrong.person
    where sound.record <> wrong.record
    and (wrong.kind = 'legacy15' or wrong.id_key is distinct from sound.id_key)
    and (
        wrong.name_fold = sound.name_fold
        or wrong.name_fold <> sound.name_fold and name_level(wrong.name_fold, sound.name_fold) >= 1
    )
),

ranked as (
    select
        record, roll, household, sound_record, new_id, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from suggested
    where nearness = 1
),

old_ids as (
    select record, id_raw from raw.dibao_persons
    union all
    select record, id_raw from raw.tekun
    union all
    select record, id_raw from raw.register
),

findings as (
    select
        ranked.subject_key,
        ranked.record,
        ranked.roll,
        ranked.household,
        ranked.sound_record,
        old_ids.id_raw as old_id,
        ranked.new_id
    from ranked
    inner join old_ids on old_ids.record = ranked.record
    where ranked.place = 1
),

evidence as (
    select subject_key, record from findings
    union all
    select subject_key, sound_record as record from findings
)

select
    findings.subject_key,
    findings.record as subject_record,
    case when findings.roll = 'dibao_persons' then findings.household end as dibao_household,
    case when findings.roll = 'register' then findings.household end as register_household,
    evidence.record as evidence_record,
    findings.roll,
    findings.old_id,
    findings.new_id
from findings
inner join evidence on evidence.subject_key = findings.subject_key
