-- A finding that came, changed or went since the last night, in each night in which it stood.
--
-- key: finding_id, night

select finding_id, 'tonight' as night, rule, state, subject, area_code, id_no, dibao_household, register_household
from report.findings
where state in ('new', 'reopened', 'changed')

union all

select findings.finding_id, 'before', findings.rule, turned.state, findings.subject,
    findings.area_code, findings.id_no, findings.dibao_household, findings.register_household
from past.findings as findings
inner join report.findings as turned on turned.finding_id = findings.finding_id
where turned.state in ('changed', 'gone') and findings.state <> 'gone'
