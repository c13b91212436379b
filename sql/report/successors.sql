-- A finding of tonight that continues one of last night under a corrected ID:
-- the same rule on the same name and place, gone under one ID number and new
-- under another, with nobody else in question on either side.
--
-- key: finding_id
-- key: predecessor

with

pairs as (
    select judged.finding_id, past_findings.finding_id as predecessor
    from report.judged as judged
    inner join past.findings as past_findings
        on past_findings.rule = judged.rule
        and past_findings.name = judged.name
        and past_findings.area_code is not distinct from judged.area_code
        and past_findings.id_no is distinct from judged.id_no
    inner join report.carried as carried
        on carried.finding_id = past_findings.finding_id and carried.state = 'gone'
    where not exists (select 1 from past.findings as same where same.finding_id = judged.finding_id)
)

select finding_id, predecessor
from pairs
qualify count(*) over (partition by finding_id) = 1 and count(*) over (partition by predecessor) = 1
