-- A finding of tonight by a rule that ran, before it is compared with the
-- nights before and with the waivers: its id and the hash of its facts. The hash
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
)

select
    substring(text_hash(findings.rule || '|' || findings.subject_key), 1, 20) as finding_id,
    findings.rule,
    rules.side,
    rules.certainty,
    findings.exception,
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
