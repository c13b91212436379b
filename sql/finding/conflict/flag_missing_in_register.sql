-- A person on dibao or tekun whom the register has, without saying so.
--
-- title: 名册漏标低保或特困
-- subject: person
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: dibao_persons, register
-- exceptions: entered_recently
-- reason: {name}享受{benefits}，脱贫人口和监测对象名册未标注，请在系统中补录。
-- facts: register name id_no flag_dibao flag_tekun measures; dibao_persons name id_no state start_month;
--   tekun name id_no state start_month
-- word: benefits dibao 低保
-- word: benefits tekun 特困供养
-- word: benefits dibao_tekun 低保和特困供养
-- label: benefits 享受待遇

with

benefits as (
    select people.person, dibao.record, 'dibao' as roll, dibao.start_month
    from normal.dibao
    inner join link.people on people.record = dibao.record
    where dibao.on_roll
    union all
    select people.person, tekun.record, 'tekun' as roll, tekun.start_month
    from normal.tekun
    inner join link.people on people.record = tekun.record
    where tekun.on_roll
),

registered as (
    select
        members.person,
        min(members.record) as record,
        max(register.as_of) as as_of,
        bool_or(
            coalesce(register.flag_dibao, 'none') <> 'none'
            or coalesce(register.flag_tekun, 'none') <> 'none'
            or register.measures_dibao
            or register.measures_tekun
        ) as said
    from normal.members
    inner join normal.register on register.record = members.record
    where members.roll = 'register'
    group by members.person
),

judged as (
    select
        registered.person,
        registered.record,
        bool_or(benefits.roll = 'dibao') as on_dibao,
        bool_or(benefits.roll = 'tekun') as on_tekun,
        bool_and(coalesce(benefits.start_month >= month_start(registered.as_of), false)) as entered_lately
    from registered
    inner join benefits on benefits.person = registered.person
    where not registered.said
    group by registered.person, registered.record
),

keyed as (
    select
        judged.person,
        judged.record,
        judged.on_dibao,
        judged.on_tekun,
        judged.entered_lately,
        persons.household,
        person_key(judged.person, persons.id_no, persons.id_key, 'register', persons.household, persons.name_fold)
            as subject_key
    from judged
    inner join normal.persons on persons.record = judged.record
),

findings as (
    select
        person, record, on_dibao, on_tekun, entered_lately, household, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
),

evidence as (
    select subject_key, record from findings where place = 1
    union all
    select findings.subject_key, benefits.record
    from findings
    inner join benefits on benefits.person = findings.person
    where findings.place = 1
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.household as register_household,
    case when findings.entered_lately then 'entered_recently' end as exception,
    evidence.record as evidence_record,
    case
        when findings.on_dibao and findings.on_tekun then 'dibao_tekun'
        when findings.on_dibao then 'dibao'
        else 'tekun'
    end as benefits
from findings
inner join evidence on evidence.subject_key = findings.subject_key
where findings.place = 1
