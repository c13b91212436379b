-- One row a pair of records of any other two rolls held to be one person, or under review.
--
-- column: a_roll the one roll
-- column: a_file its file
-- column: a_sheet its sheet
-- column: a_row its row
-- column: a_part its part, where one cell holds several owners
-- column: a_name its name
-- column: a_id_no its ID number
-- column: b_roll the other roll
-- column: b_file its file
-- column: b_sheet its sheet
-- column: b_row its row
-- column: b_part its part
-- column: b_name its name
-- column: b_id_no its ID number
-- column: method how they were found
-- column: weight log2 of the odds that they are one person
-- column: probability that they are one person
-- column: ground what the two were compared on; see link_bits
-- column: pattern how far they agree, a digit a comparison: ID, name, birth, sex, place, relation
-- column: decision linked or review
-- column: repair which side's ID was repaired, old → new; null when none

select
    links.a_roll,
    a.file as a_file,
    a.sheet as a_sheet,
    a.row as a_row,
    a.part as a_part,
    a.name as a_name,
    a.id_no as a_id_no,
    links.b_roll,
    b.file as b_file,
    b.sheet as b_sheet,
    b.row as b_row,
    b.part as b_part,
    b.name as b_name,
    b.id_no as b_id_no,
    links.method,
    links.weight,
    links.probability,
    case links.ground when 0 then 'apart' when 1 then 'household' when 2 then 'one_id' else 'alone' end as ground,
    links.pattern,
    links.decision,
    links.repair
from link.links as links
inner join raw.records as a on a.record = links.a_record
inner join raw.records as b on b.record = links.b_record
where not (links.a_roll = 'dibao_persons' and links.b_roll = 'register')
