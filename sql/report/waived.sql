-- A finding, of tonight or carried from last night, that a waiver in force
-- tonight suppresses: for its rule or for all, with every one of ID and
-- household that the waiver gives. Of several the first line of waivers.csv.
--
-- key: finding_id

with

in_force as (
    select rule, id_no, household, line
    from policy.waivers
    where (valid_from is null or valid_from <= night()) and (valid_to is null or night() < valid_to)
),

findings as (
    select finding_id, rule, id_no, dibao_household, register_household
    from report.judged
    union all
    select past_findings.finding_id, past_findings.rule, past_findings.id_no, past_findings.dibao_household, past_findings.register_household
    from past.findings as past_findings
    semi join report.carried as carried on carried.finding_id = past_findings.finding_id and carried.state = 'open'
),

-- By the ID, and by each of the two households where the waiver gives no ID.
meant as (
    select findings.finding_id, findings.rule, in_force.rule as waived_rule, in_force.line,
        coalesce(in_force.household in (findings.dibao_household, findings.register_household), in_force.household is null) as is_meant
    from findings
    inner join in_force on in_force.id_no = findings.id_no
    union all
    select findings.finding_id, findings.rule, in_force.rule as waived_rule, in_force.line, in_force.id_no is null as is_meant
    from findings
    inner join in_force on in_force.household = findings.dibao_household
    union all
    select findings.finding_id, findings.rule, in_force.rule as waived_rule, in_force.line, in_force.id_no is null as is_meant
    from findings
    inner join in_force on in_force.household = findings.register_household
)

select finding_id, min(line) as line
from meant
where is_meant and waived_rule in (rule, '*')
group by finding_id
