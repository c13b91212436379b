-- A person whose own part of the hospital bills of the last twelve months is over
-- the limit, and who is on none of dibao, tekun, edge and rigid spending: anybody
-- on the medical list.
--
-- title: 医疗自付过高未纳入保障
-- subject: person
-- certainty: C
-- basis: 《社保兜底脱贫工程实施方案》二(三)2 大病、支出型贫困救助
-- needs: medical, dibao_persons
-- parameters: self_pay_limit
-- exceptions: outside_policy_range, link_under_review
-- reason: {name}近12个月医疗自付{self_pay}元，超过{self_pay_limit}元，未享受低保、特困、低保边缘或刚性支出救助，
--   请入户核实，符合条件的及时纳入。
-- facts: medical name id_no hospital discharged settled total basic_paid serious_paid assistance policy_self_pay;
--   register name id_no watch cleared; dibao_persons name id_no covered state
-- label: self_pay 近12个月医疗自付
-- label: policy_self_pay 其中政策范围内自付
-- label: self_pay_limit 自付限额

with

keyed as (
    select
        patients.person,
        patients.record,
        patients.self_pay_fen,
        patients.policy_self_pay_fen,
        patients.self_pay_limit_fen,
        person_key(
            patients.person, persons.id_no, persons.id_key,
            patients.roll, coalesce(patients.household, ''), persons.name_fold
        ) as subject_key
    from normal.patients
    inner join normal.persons on persons.record = patients.record
    anti join normal.protections on protections.person = patients.person
    where patients.self_pay_fen > patients.self_pay_limit_fen
),

single as (
    select
        subject_key, person, record, self_pay_fen, policy_self_pay_fen, self_pay_limit_fen,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
),

reviewed as (
    select distinct reviews.person
    from normal.reviews
    semi join normal.protections on protections.record = reviews.record
),

findings as (
    select
        single.subject_key,
        single.person,
        single.record,
        households_of.dibao_household,
        households_of.register_household,
        households_of.area_code,
        households_of.town,
        households_of.village,
        single.self_pay_fen,
        single.policy_self_pay_fen,
        single.self_pay_limit_fen,
        case
            when single.policy_self_pay_fen < single.self_pay_limit_fen then 'outside_policy_range'
            when reviewed.person is not null then 'link_under_review'
        end as exception
    from single
    left join reviewed on reviewed.person = single.person
    left join normal.households_of on households_of.person = single.person
    where single.place = 1
),

evidence as (
    select subject_key, record
    from findings
    union
    select findings.subject_key, bills.record
    from findings
    inner join normal.bills on bills.person = findings.person
    where bills.billed_on >= months_after(night(), -12) and bills.billed_on < night()
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.dibao_household,
    findings.register_household,
    findings.exception,
    evidence.record as evidence_record,
    findings.area_code,
    findings.town,
    findings.village,
    findings.self_pay_fen,
    findings.policy_self_pay_fen,
    findings.self_pay_limit_fen
from findings
inner join evidence on evidence.subject_key = findings.subject_key
