-- A finding, of tonight or carried from last night, that a waiver in force
-- tonight suppresses: for its rule or for all, with every one of ID and
-- household that the waiver gives. Of several the first line of waivers.csv.
--
-- key: finding_id

with

findings as (
    select finding_id, rule, id_no, dibao_household, register_household
    from report.judged
    union all
    select past_findings.finding_id, past_findings.rule, past_findings.id_no, past_findings.dibao_household, past_findings.register_household
    from past.findings as past_findings
    semi join report.carried as carried on carried.finding_id = past_findings.finding_id and carried.state = 'open'
)

select findings.finding_id, min(waivers.line) as line
from findings
inner join policy.waivers as waivers
    on waivers.rule in (findings.rule, '*')
    and (waivers.id_no is null or waivers.id_no = findings.id_no)
    and (waivers.household is null or waivers.household in (findings.dibao_household, findings.register_household))
    and (waivers.valid_from is null or waivers.valid_from <= night())
    and (waivers.valid_to is null or night() < waivers.valid_to)
group by findings.finding_id
