-- One row a finding and night: a lead for a person to check, nothing that stops anybody's money.
--
-- key: finding_id
-- column: finding_id the same from night to night while rule and subject are the same
-- column: rule the rule's slug
-- column: side should_enter, should_exit, should_pay, conflict, data_error
-- column: certainty A the records contradict each other, B a strong lead, C a screening lead
-- column: state new, open, changed, reopened; gone for one no longer found (its last row, for one night)
-- column: first_night the first night it was ever found
-- column: nights_open published nights since it was last new or reopened, tonight included
-- column: predecessor the finding this one continues after its subject's ID was corrected
-- column: suppressed_by exception:<name> or waiver:<line of waivers.csv> where it is kept but not to be worked on
-- column: area_code the longest place code known
-- column: town the town's name
-- column: village the village's name
-- column: subject person, household, payment, claim, application, record, area
-- column: name of the person or of the household's head
-- column: id_no ID number, 18 characters where possible
-- column: dibao_household the dibao roll's key of the household
-- column: register_household the register's key of the household
-- column: month_fen money a month at stake, in fen
-- column: total_fen money at stake over the months known, in fen
-- column: reason one sentence an officer can act on
-- column: basis the policy clause
-- column: evidence_hash over roll, field and value of the facts; changes when, and only when, they change

with

tonight as (
    select
        judged.* exclude (finding_no, exception),
        coalesce('exception:' || judged.exception, 'waiver:' || waived.line) as suppressed_by,
        case
            when last_night.state <> 'gone' and last_night.evidence_hash = judged.evidence_hash then 'open'
            when last_night.state <> 'gone' then 'changed'
            when last_night.state = 'gone' or earlier.first_night is not null then 'reopened'
            else 'new'
        end as state,
        least(last_night.first_night, earlier.first_night, night()) as first_night,
        case when last_night.state <> 'gone' then last_night.nights_open + 1 else 1 end as nights_open,
        coalesce(last_night.predecessor, successors.predecessor) as predecessor
    from report.judged as judged
    left join past.findings as last_night using (finding_id)
    left join past.first_nights as earlier using (finding_id)
    left join report.successors as successors using (finding_id)
    left join report.waived as waived using (finding_id)
),

before as (
    select
        past_findings.* exclude (state, nights_open, suppressed_by),
        carried.state,
        -- A carried finding keeps its exception, but waivers are tonight's.
        case
            when carried.state = 'gone' or past_findings.suppressed_by like 'exception:%' then past_findings.suppressed_by
            else 'waiver:' || waived.line
        end as suppressed_by,
        case when carried.state = 'gone' then past_findings.nights_open else past_findings.nights_open + 1 end as nights_open
    from past.findings as past_findings
    inner join report.carried as carried using (finding_id)
    left join report.waived as waived using (finding_id)
),

both_nights as (
    select * from tonight
    union all by name
    select * from before
)

select
    finding_id,
    rule,
    side,
    certainty,
    state,
    first_night,
    cast(nights_open as integer) as nights_open,
    predecessor,
    suppressed_by,
    area_code,
    town,
    village,
    subject,
    name,
    id_no,
    dibao_household,
    register_household,
    month_fen,
    total_fen,
    reason,
    basis,
    evidence_hash
from both_nights
