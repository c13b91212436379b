-- A person of dibao, tekun or the register whose ID is wrong. Records that only
-- differ in the row they stand on are one.
--
-- title: 身份证号有误
-- subject: record
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: dibao_persons | tekun | register
-- reason: {roll}中{name}的身份证号{kind}，请核对证件后更正。
-- facts: dibao_persons name id_no sex birth; tekun name id_no sex birth; register name id_no id_kind sex birth
-- word: roll dibao_persons 低保名册
-- word: roll tekun 特困名册
-- word: roll register 脱贫人口和监测对象名册
-- word: kind bad_length 位数不对
-- word: kind bad_check 校验码不对
-- word: kind bad_birth 出生日期段不是真实日期
-- word: kind masked 被遮盖
-- word: kind placeholder 是占位号码
-- word: kind damaged 被表格软件损坏
-- word: kind legacy15 为15位旧号，需升级为18位
-- word: kind empty 为空
-- word: kind birth_differs 与本记录出生日期不一致
-- word: kind sex_differs 与本记录性别不一致
-- label: roll 名册
-- label: kind 错误类型

with

keyed as (
    select
        wrong_ids.record,
        wrong_ids.roll,
        wrong_ids.kind,
        persons.household,
        persons.name_fold,
        wrong_ids.roll || ':' || case
            when persons.id_key is not null then persons.id_no
            else persons.household || ':' || coalesce(persons.name_fold, '')
        end as subject_key
    from normal.wrong_ids
    inner join normal.persons on persons.record = wrong_ids.record
),

ranked as (
    select
        record, roll, kind, household, subject_key,
        row_number() over (
            partition by subject_key order by household nulls last, name_fold nulls last, record nulls last
        ) as place
    from keyed
)

select
    ranked.subject_key,
    ranked.record as subject_record,
    case when ranked.roll = 'dibao_persons' then ranked.household end as dibao_household,
    case when ranked.roll = 'register' then ranked.household end as register_household,
    keyed.record as evidence_record,
    ranked.roll,
    ranked.kind
from ranked
inner join keyed on keyed.subject_key = ranked.subject_key
where ranked.place = 1
