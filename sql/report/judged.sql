-- A finding of tonight by a rule that ran, before it is compared with the
-- nights before: its id, who suppressed it, and the hash of its facts. The hash
-- is over how many facts there are and the sums of their digests: it needs no
-- order, and no finding's facts in one place.
--
-- key: finding_id

with

facts as (
    select
        finding_no,
        text_hash(concat_ws('|', count(*), sum(lower_half), sum(upper_half))) as evidence_hash
    from (
        select
            finding_no,
            md5_number_lower(concat_ws(chr(31), coalesce(roll, ''), field, coalesce(value, chr(30)))) as lower_half,
            md5_number_upper(concat_ws(chr(31), coalesce(roll, ''), field, coalesce(value, chr(30)))) as upper_half
        from found.facts
    )
    group by finding_no
),

waived as (
    select findings.finding_no, min(waivers.line) as line
    from found.findings as findings
    inner join policy.waivers as waivers
        on waivers.rule in (findings.rule, '*')
        and (waivers.id_no is null or waivers.id_no = findings.id_no)
        and (waivers.household is null or waivers.household in (findings.dibao_household, findings.register_household))
        and (waivers.valid_from is null or waivers.valid_from <= night())
        and (waivers.valid_to is null or night() < waivers.valid_to)
    group by findings.finding_no
)

select
    substring(text_hash(findings.rule || '|' || findings.subject_key), 1, 20) as finding_id,
    findings.rule,
    rules.side,
    rules.certainty,
    case
        when findings.exception is not null then 'exception:' || findings.exception
        when waived.line is not null then 'waiver:' || waived.line
    end as suppressed_by,
    findings.area_code,
    findings.town,
    findings.village,
    rules.subject,
    findings.name,
    findings.id_no,
    findings.dibao_household,
    findings.register_household,
    findings.month_fen,
    findings.total_fen,
    findings.reason,
    rules.basis,
    coalesce(facts.evidence_hash, text_hash('')) as evidence_hash,
    findings.finding_no
from found.findings as findings
inner join found.rules as rules on rules.rule = findings.rule
left join facts on facts.finding_no = findings.finding_no
left join waived on waived.finding_no = findings.finding_no
