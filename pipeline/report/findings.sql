-- A row a finding: where it is shown, in which order, whose money it is.
create table officers.findings as
select
    findings.finding_id,
    findings.rule,
    findings.side,
    findings.certainty,
    findings.state,
    findings.first_night,
    findings.nights_open,
    findings.suppressed_by,
    findings.subject,
    coalesce(findings.town, '') as town,
    coalesce(findings.village, '') as village,
    findings.name,
    findings.id_no,
    findings.dibao_household,
    findings.register_household,
    findings.month_fen,
    findings.total_fen,
    findings.reason,
    findings.basis,
    coalesce(findings.area_code, '') as area_code,
    -- The workbook: a town, told apart by its code where two share a name.
    case when settings.above_county then left(coalesce(findings.area_code, ''), 6) else '' end as county,
    case
        when coalesce(findings.town, '') = '' then ''
        when length(findings.area_code) >= 9 then left(findings.area_code, 9)
        else ''
    end || '/' || coalesce(findings.town, '') as place,
    findings.state = 'gone' as is_gone,
    findings.suppressed_by is not null as is_suppressed,
    coalesce('d' || findings.dibao_household, 'r' || findings.register_household) as household,
    case
        when findings.subject not in ('household', 'area')
            then coalesce(
                findings.id_no,
                nullif(concat_ws('|', findings.name, findings.dibao_household, findings.register_household), '')
            )
    end as person,
    -- Owed to a household, or paid too much: both as positive amounts.
    case
        when coalesce(rules.overpays, findings.side = 'should_exit') then 0
        else greatest(coalesce(findings.month_fen, 0), 0)
    end as owed_fen,
    case
        when coalesce(rules.overpays, findings.side = 'should_exit')
            then abs(coalesce(findings.month_fen, 0))
        else greatest(-coalesce(findings.month_fen, 0), 0)
    end as over_fen,
    coalesce(rules.title, findings.rule) as title,
    coalesce(rules.pos, 1000) as rule_pos
from published.findings as findings
cross join officers.settings as settings
left join officers.rules as rules using (rule);
