-- One row a rule: whether it ran tonight, and what it found.
--
-- key: rule
-- column: rule the rule's slug
-- column: side should_enter, should_exit, should_pay, conflict, data_error
-- column: status ran or skipped
-- column: reason why it was skipped, or how many subjects could not be judged; null otherwise
-- column: version a hash of the rule's text
-- column: findings its rows of findings that are not gone
-- column: suppressed those of them that an exception or a waiver suppresses

select
    rules.rule,
    rules.side,
    rules.status,
    rules.reason,
    rules.version,
    cast(count(findings.finding_id) as integer) as findings,
    cast(count(findings.suppressed_by) as integer) as suppressed
from found.rules as rules
left join report.findings as findings on findings.rule = rules.rule and findings.state <> 'gone'
group by rules.rule, rules.side, rules.status, rules.reason, rules.version
