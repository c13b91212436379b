-- One row a rule: whether it ran tonight, and what it found.
--
-- key: rule
-- column: rule the rule's slug
-- column: side should_enter, should_exit, should_pay, conflict, data_error
-- column: status ran or skipped
-- column: reason why it was skipped, or how many subjects could not be judged; null otherwise
-- column: version a hash of the rule's text
-- column: program a hash of the program, its models and how it reads lists
-- column: policy what the rule judges by: its parameters that have begun, name@area from/to=value, and a hash of words and places
-- column: findings its rows of findings that are not gone
-- column: suppressed those of them that an exception or a waiver suppresses
-- column: by_moves of those new, changed, reopened or gone tonight: a person stands in another place; the six by_ columns add up to all of them
-- column: by_rows of these: a source row of the people came, changed or went
-- column: by_links of these: the records are held to be other persons
-- column: by_policy of these: a parameter, word or place is another
-- column: by_program of these: the rule or the program is another
-- column: by_night of these: only the day is another (an age, a term, a month)

with

turned as (
    select
        rule,
        count(*) filter (where cause = 'moves') as by_moves,
        count(*) filter (where cause = 'rows') as by_rows,
        count(*) filter (where cause = 'links') as by_links,
        count(*) filter (where cause = 'policy') as by_policy,
        count(*) filter (where cause = 'program') as by_program,
        count(*) filter (where cause = 'night') as by_night
    from report.causes
    group by rule
)

select
    rules.rule,
    rules.side,
    rules.status,
    rules.reason,
    rules.version,
    rules.program,
    rules.policy,
    cast(count(findings.finding_id) as integer) as findings,
    cast(count(findings.suppressed_by) as integer) as suppressed,
    cast(coalesce(max(turned.by_moves), 0) as integer) as by_moves,
    cast(coalesce(max(turned.by_rows), 0) as integer) as by_rows,
    cast(coalesce(max(turned.by_links), 0) as integer) as by_links,
    cast(coalesce(max(turned.by_policy), 0) as integer) as by_policy,
    cast(coalesce(max(turned.by_program), 0) as integer) as by_program,
    cast(coalesce(max(turned.by_night), 0) as integer) as by_night
from found.rules as rules
left join turned on turned.rule = rules.rule
left join report.findings as findings on findings.rule = rules.rule and findings.state <> 'gone'
group by rules.rule, rules.side, rules.status, rules.reason, rules.version, rules.program, rules.policy
