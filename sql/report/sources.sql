-- One row a sheet (a file without sheets, or one refused: one row): what was read of it, and how.
--
-- column: roll the kind of list
-- column: file the file, relative to the workspace
-- column: sheet the sheet; null where there are none
-- column: sha256 of the file's bytes
-- column: bytes of the file
-- column: as_of the date the list speaks of
-- column: format by content
-- column: encoding null where there is none
-- column: header_row the lowest row of the header
-- column: rows physical records: accepted + rejected
-- column: accepted records read
-- column: rejected records kept apart in rejects
-- column: other_rows titles, headers, repeats, totals, signatures, blanks
-- column: control_column the column whose total differs from its sum, else the first with a total
-- column: control_total the total the file itself gives
-- column: control_sum the sum of its rows
-- column: status read, refused, empty
-- column: note in words

select
    roll, file, sheet, sha256, bytes, as_of, format, encoding, header_row, rows, accepted, rejected,
    other_rows, control_column, control_total, control_sum, status, note
from raw.sources
