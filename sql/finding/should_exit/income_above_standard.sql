-- A dibao household whose income a head and month reaches its standard, by the
-- register household with the most linked members or by the family's own figures.
--
-- title: 收入达到或超过低保标准
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 收入核查、应退尽退
-- needs: dibao_persons, register | dibao_families
-- parameters: dibao_standard_rural | dibao_standard_urban
-- exceptions: grace_running, single_person_cover, deductions
-- reason: {name}户月人均收入不低于低保标准{standard}元（名册收入{register_income_month}元，
--   低保家庭申报收入{family_income_month}元），请复核收入，确已稳定超过的按渐退或退出办理。
-- facts: dibao_persons name relation covered single_person;
--   dibao_families people income_year deductions_year grace_from;
--   register name relation people income_head_year dibao_income_year tekun_income_year
-- label: standard 低保标准（元/月）
-- label: register_income_month 名册月人均收入（扣除救助金）
-- label: family_income_month 低保家庭申报月人均收入

with

incomes as (
    select
        dibao_households.household,
        dibao_households.head_record,
        dibao_households.family_record,
        dibao_households.standard_fen,
        register_of.register_household,
        register_households.head_record as register_record,
        register_households.income_fen as register_fen,
        register_households.income_parts as register_parts,
        dibao_households.income_year_fen as family_fen,
        dibao_households.people * 12 as family_parts,
        coalesce(dibao_households.deductions_year_fen, 0) as deductions_fen,
        coalesce(dibao_households.grace_from <= night(), false)
        and coalesce(dibao_households.grace_until >= month_start(night()), false) as grace_running,
        dibao_households.single_person
    from normal.dibao_households
    left join normal.register_of on register_of.dibao_household = dibao_households.household
    left join normal.register_households on register_households.household = register_of.register_household
    where dibao_households.on_dibao and dibao_households.head_record is not null
),

findings as (
    select
        incomes.household,
        incomes.head_record,
        incomes.family_record,
        incomes.register_household,
        incomes.register_record,
        incomes.standard_fen,
        floor_div(incomes.register_fen, incomes.register_parts) as register_income_month_fen,
        floor_div(incomes.family_fen, incomes.family_parts) as family_income_month_fen,
        paid.paid_fen,
        case
            when incomes.grace_running then 'grace_running'
            when incomes.single_person then 'single_person_cover'
            when coalesce(
                incomes.register_fen * incomes.family_parts
                < (incomes.standard_fen * incomes.family_parts + incomes.deductions_fen) * incomes.register_parts,
                true
            ) and coalesce(
                incomes.family_fen - incomes.deductions_fen < incomes.standard_fen * incomes.family_parts,
                true
            ) then 'deductions'
        end as exception
    from incomes
    left join normal.paid on paid.household = incomes.household
    where incomes.register_fen >= incomes.standard_fen * incomes.register_parts
    or incomes.family_fen >= incomes.standard_fen * incomes.family_parts
),

evidence as (
    select household, head_record as record from findings
    union all
    select household, family_record as record from findings where family_record is not null
    union all
    select household, register_record as record from findings where register_record is not null
)

select
    'dibao:' || findings.household as subject_key,
    findings.head_record as subject_record,
    findings.household as dibao_household,
    findings.register_household,
    findings.exception,
    findings.paid_fen as month_fen,
    evidence.record as evidence_record,
    findings.standard_fen,
    findings.register_income_month_fen,
    findings.family_income_month_fen
from findings
inner join evidence on evidence.household = findings.household
