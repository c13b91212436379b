-- One row a rejected record, or a cell of an accepted one that could not be read.
--
-- column: roll the kind of list
-- column: file the file, relative to the workspace
-- column: sheet the sheet; null where there are none
-- column: row the physical row or line, from 1
-- column: column_name null for a rejected record; the column of a cell that became null in an accepted one
-- column: reason why, as a code
-- column: cells the cells as they came, at most 4 KiB

select roll, file, sheet, row, column_name, reason, cells
from raw.rejects
