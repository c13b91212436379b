-- A person of whom linked records of dibao and the register say different things:
-- sex, birth date, labour word or disability level. What one side leaves empty,
-- or says in a word that no table knows, is no difference, nor what a record says
-- that is stopped or gone; nor is a skill, for
-- which the words of civil affairs have no name.
--
-- title: 两册个人信息不一致
-- subject: person
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: dibao_persons, register
-- reason: {name}在低保名册与脱贫人口和监测对象名册中的{what}不一致，请核对后更正。
-- facts: dibao_persons name id_no sex birth labour level certificate_no; register name id_no sex birth labour
-- word: what sex 性别
-- word: what birth 出生日期
-- word: what labour 劳动能力
-- word: what level 残疾等级
-- word: what sex_birth 性别、出生日期
-- word: what sex_labour 性别、劳动能力
-- word: what sex_level 性别、残疾等级
-- word: what birth_labour 出生日期、劳动能力
-- word: what birth_level 出生日期、残疾等级
-- word: what labour_level 劳动能力、残疾等级
-- word: what sex_birth_labour 性别、出生日期、劳动能力
-- word: what sex_birth_level 性别、出生日期、残疾等级
-- word: what sex_labour_level 性别、劳动能力、残疾等级
-- word: what birth_labour_level 出生日期、劳动能力、残疾等级
-- word: what sex_birth_labour_level 性别、出生日期、劳动能力、残疾等级
-- label: what 不一致项

with

compared as (
    select
        links.a_record as dibao_record,
        links.b_record as register_record,
        coalesce(dibao.sex <> register.sex, false) as sex_differs,
        coalesce(dibao.birth <> register.birth, false) as birth_differs,
        coalesce(
            dibao.labour <> register.labour
            and not (dibao.labour in ('able', 'skilled') and register.labour in ('able', 'skilled')),
            false
        ) as labour_differs,
        coalesce(coalesce(dibao.level, dibao.certificate_level, dibao.id_level) <> register.id_level, false)
            as level_differs
    from link.links
    inner join raw.dibao_persons as dibao on dibao.record = links.a_record
    inner join raw.register as register on register.record = links.b_record
    anti join normal.departed as stopped on stopped.record = links.a_record
    anti join normal.departed as gone on gone.record = links.b_record
    where links.a_roll = 'dibao_persons' and links.b_roll = 'register' and links.decision = 'linked'
),

differing as (
    select
        people.person,
        compared.dibao_record,
        compared.register_record,
        compared.sex_differs,
        compared.birth_differs,
        compared.labour_differs,
        compared.level_differs
    from compared
    inner join link.people on people.record = compared.dibao_record
    where compared.sex_differs or compared.birth_differs or compared.labour_differs or compared.level_differs
),

-- Who stands in two households is shown in the one whose key comes first.
placed as (
    select
        differing.person,
        differing.dibao_record,
        differing.register_record,
        differing.sex_differs,
        differing.birth_differs,
        differing.labour_differs,
        differing.level_differs,
        row_number() over (
            partition by differing.person
            order by dibao.household nulls last, register.household nulls last, differing.dibao_record nulls last,
                differing.register_record nulls last
        ) as place
    from differing
    inner join normal.persons as dibao on dibao.record = differing.dibao_record
    inner join normal.persons as register on register.record = differing.register_record
),

judged as (
    select
        person,
        min(dibao_record) filter (where place = 1) as dibao_record,
        min(register_record) filter (where place = 1) as register_record,
        concat_ws(
            '_',
            case when bool_or(sex_differs) then 'sex' end,
            case when bool_or(birth_differs) then 'birth' end,
            case when bool_or(labour_differs) then 'labour' end,
            case when bool_or(level_differs) then 'level' end
        ) as what
    from placed
    group by person
),

keyed as (
    select
        judged.person,
        judged.dibao_record,
        judged.what,
        dibao.household as dibao_household,
        register.household as register_household,
        person_key(judged.person, dibao.id_no, dibao.id_key, 'dibao', dibao.household, dibao.name_fold) as subject_key
    from judged
    inner join normal.persons as dibao on dibao.record = judged.dibao_record
    inner join normal.persons as register on register.record = judged.register_record
),

findings as (
    select
        person, dibao_record, what, dibao_household, register_household, subject_key,
        row_number() over (partition by subject_key order by dibao_record nulls last) as place
    from keyed
),

evidence as (
    select person, dibao_record as record from differing
    union
    select person, register_record as record from differing
)

select
    findings.subject_key,
    findings.dibao_record as subject_record,
    findings.dibao_household,
    findings.register_household,
    cast(null as string) as exception,
    evidence.record as evidence_record,
    findings.what
from findings
inner join evidence on evidence.person = findings.person
where findings.place = 1
