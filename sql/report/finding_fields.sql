-- One row a finding and fact: what the finding rests on, with the cell it came from.
--
-- column: finding_id the finding
-- column: roll the list the fact is of; null where it was computed
-- column: field the canonical column, or the name of a computed fact
-- column: value as text: money in yuan with two places, 2026-11-20, 2026-11, true, words as they came; null where empty
-- column: raw the cell as it came; null where computed
-- column: file the file, relative to the workspace
-- column: sheet the sheet; null where there are none
-- column: row the physical row or line, from 1
-- column: as_of the date the list speaks of

select judged.finding_id, facts.roll, facts.field, facts.value, facts.raw, facts.file, facts.sheet, facts.row, facts.as_of
from found.facts as facts
inner join report.judged as judged on judged.finding_no = facts.finding_no

union all

select fields.finding_id, fields.roll, fields.field, fields.value, fields.raw, fields.file, fields.sheet, fields.row, fields.as_of
from past.finding_fields as fields
semi join report.carried as carried on carried.finding_id = fields.finding_id
