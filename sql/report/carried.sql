-- A finding of the last night that tonight does not find by itself: one whose
-- rule is skipped tonight goes on as it was (open), the others are gone.
--
-- key: finding_id

select
    findings.finding_id,
    case when rules.status = 'skipped' then 'open' else 'gone' end as state
from past.findings as findings
left join found.rules as rules on rules.rule = findings.rule
anti join report.judged as judged on judged.finding_id = findings.finding_id
where findings.state <> 'gone'
