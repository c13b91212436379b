-- A person on dibao who lives alone by both rolls, is not able to work, and is
-- sixty, or under sixteen, or severely disabled: one for tekun.
--
-- title: 低保对象符合特困条件
-- subject: person
-- certainty: C
-- basis: 《社保兜底脱贫工程实施方案》二(二)1 特困人员救助供养
-- needs: dibao_persons
-- exceptions: wish_on_record
-- reason: {name}为低保对象，单人户、无劳动能力，{ground}，
--   请核实有无法定赡养、抚养、扶养义务人，符合特困条件且本人愿意的转为特困供养。
-- facts: dibao_persons name id_no relation birth labour disability level state start_month;
--   register name relation labour; approvals name benefit applied decided wish;
--   disability name certificate_no disability level state valid_until; tekun name disability level state
-- word: ground old 年满60周岁
-- word: ground child 未满16周岁
-- word: ground severe 重度残疾
-- label: ground 情形
-- label: tekun_standard 特困基本生活标准（元/月）
-- label: paid 现领低保金（元/月）

with

alone as (
    select members.record, members.person, members.household
    from normal.members
    inner join normal.dibao_households on dibao_households.household = members.household
    where members.roll = 'dibao' and members.on_roll and dibao_households.members = 1
),

registered as (
    select
        members.person,
        min(members.record) as record,
        min(members.birth) as birth,
        bool_and(register_households.members = 1) as alone
    from normal.members
    inner join normal.register_households on register_households.household = members.household
    where members.roll = 'register'
    group by members.person
),

aged as (
    select
        alone.record,
        alone.person,
        alone.household,
        registered.record as register_record,
        severe.record as severe_record,
        whole_years(coalesce(dibao.birth, registered.birth), night()) as age
    from alone
    inner join normal.dibao on dibao.record = alone.record
    left join registered on registered.person = alone.person
    left join normal.severe on severe.person = alone.person
    anti join normal.able on able.record = alone.record
    where coalesce(registered.alone, true)
),

grounded as (
    select
        record, person, household, register_record, severe_record,
        case
            when age >= 60 then 'old'
            when age < 16 then 'child'
            when severe_record is not null then 'severe'
        end as ground
    from aged
),

keyed as (
    select
        grounded.record,
        grounded.person,
        grounded.household,
        grounded.register_record,
        grounded.severe_record,
        grounded.ground,
        person_key(
            grounded.person, persons.id_no, persons.id_key, 'dibao', grounded.household, persons.name_fold
        ) as subject_key
    from grounded
    inner join normal.persons on persons.record = grounded.record
    where grounded.ground is not null
),

single as (
    select
        record, person, household, register_record, severe_record, ground, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
),

wishes as (
    select people.person, min(list.record) as record
    from raw.approvals as list
    inner join link.people on people.record = list.record
    where list.wish = 'no_tekun'
    group by people.person
),

findings as (
    select
        single.subject_key,
        single.record,
        single.household,
        single.register_record,
        single.severe_record,
        single.ground,
        wishes.record as wish_record,
        places.tekun_standard_fen,
        paid.paid_fen
    from single
    inner join normal.dibao on dibao.record = single.record
    left join wishes on wishes.person = single.person
    left join normal.places on places.area_code = dibao.area_code
    left join normal.paid on paid.household = single.household
    where single.place = 1
),

evidence as (
    select subject_key, record from findings
    union
    select subject_key, register_record as record from findings where register_record is not null
    union
    select subject_key, severe_record as record from findings where severe_record is not null
    union
    select subject_key, wish_record as record from findings where wish_record is not null
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.household as dibao_household,
    register_of.register_household,
    case when findings.wish_record is not null then 'wish_on_record' end as exception,
    findings.tekun_standard_fen - findings.paid_fen as month_fen,
    evidence.record as evidence_record,
    findings.ground,
    findings.tekun_standard_fen,
    findings.paid_fen
from findings
inner join evidence on evidence.subject_key = findings.subject_key
left join normal.register_of on register_of.dibao_household = findings.household
