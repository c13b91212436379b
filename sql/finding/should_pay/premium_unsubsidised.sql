-- A person whose premium is to be subsidised and who, in the year of the night, is
-- not insured, is insured twice, or is not subsidised as the class requires.
--
-- title: 参保资助未落实
-- subject: person
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(三)3 资助参保
-- needs: insurance, dibao_persons | tekun | register
-- parameters: annual_premium
-- unready: 参保与资助名册没有本年度的记录
-- exceptions: employee_insured, newborn, other_province, link_under_review
-- reason: {name}{how}（已资助{subsidy}元，当年个人缴费标准{premium}元），请核实参保和资助情况。
-- facts: dibao_persons name id_no state; tekun name id_no state; register name id_no watch cleared lifted;
--   insurance name id_no year scheme subsidy_class subsidy own_pay place;
--   social_insurance scheme state identity stopped; disability certificate_no disability level state valid_until
-- word: how uninsured 本年度未参加基本医保
-- word: how twice 本年度重复参保
-- word: how in_full 本年度参保未获全额资助
-- word: how in_part 本年度参保未获资助
-- label: how 情形
-- label: subsidy 已资助金额
-- label: premium 个人缴费标准

with

judged as (
    select
        subsidised.person,
        subsidised.record,
        subsidised.roll,
        subsidised.premium_fen,
        insured.is_employee,
        insured.is_elsewhere,
        coalesce(insured.subsidy_fen, 0) as subsidy_fen,
        case
            when insured.person is null then 'uninsured'
            when insured.schemes > 1 or insured.places > 1 then 'twice'
            when not insured.is_told then cast(null as string)
            when (subsidised.in_full or insured.is_sanwu) and insured.subsidy_fen < subsidised.premium_fen
                then 'in_full'
            when insured.subsidy_fen <= 0 then 'in_part'
        end as how
    from normal.subsidised
    left join normal.insured on insured.person = subsidised.person
    where subsidised.premium_fen is not null
),

keyed as (
    select
        judged.person,
        judged.record,
        judged.premium_fen,
        judged.is_employee,
        judged.is_elsewhere,
        judged.subsidy_fen,
        judged.how,
        judged.how = 'uninsured' and coalesce(year(persons.birth) = year(night()), false) as is_newborn,
        person_key(judged.person, persons.id_no, persons.id_key, judged.roll, persons.household, persons.name_fold)
            as subject_key
    from judged
    inner join normal.persons on persons.record = judged.record
    where judged.how is not null
),

ranked as (
    select
        person, record, premium_fen, is_employee, is_elsewhere, subsidy_fen, how, is_newborn,
        subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
),

employees as (
    select people.person, min(list.record) as record
    from raw.social_insurance as list
    inner join link.people on people.record = list.record
    where list.scheme = 'employee_medical'
    and coalesce(list.state in ('paying', 'drawing', 'active', 'normal'), true)
    and coalesce(list.stopped > night(), true)
    group by people.person
),

reviewed as (
    select reviews.person, min(list.record) as record
    from normal.reviews
    inner join raw.insurance as list on list.record = reviews.record
    where list.year = year(night())
    group by reviews.person
),

findings as (
    select
        ranked.subject_key,
        ranked.person,
        ranked.record,
        ranked.premium_fen,
        ranked.subsidy_fen,
        ranked.how,
        employees.record as employee_record,
        reviewed.record as review_record,
        case
            when ranked.is_employee or employees.person is not null then 'employee_insured'
            when ranked.is_newborn then 'newborn'
            when ranked.is_elsewhere then 'other_province'
            when ranked.how = 'uninsured' and reviewed.person is not null then 'link_under_review'
        end as exception
    from ranked
    left join employees on employees.person = ranked.person
    left join reviewed on reviewed.person = ranked.person
    where ranked.place = 1
),

evidence as (
    select subject_key, record
    from findings
    union
    select findings.subject_key, list.record
    from findings
    inner join link.people on people.person = findings.person
    inner join raw.insurance as list on list.record = people.record
    where list.year = year(night())
    union
    select findings.subject_key, severe.record
    from findings
    inner join normal.severe on severe.person = findings.person
    where findings.how = 'in_full' and severe.mental
    union
    select subject_key, employee_record as record
    from findings
    where employee_record is not null
    union
    select subject_key, review_record as record
    from findings
    where exception = 'link_under_review'
)

select
    findings.subject_key,
    findings.record as subject_record,
    households_of.dibao_household,
    households_of.register_household,
    findings.exception,
    evidence.record as evidence_record,
    findings.how,
    findings.subsidy_fen,
    findings.premium_fen
from findings
inner join evidence on evidence.subject_key = findings.subject_key
left join normal.households_of on households_of.person = findings.person
