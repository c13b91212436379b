-- One row a pair of records of dibao and the register held to be one person, or under review.
--
-- column: dibao_file the file of the dibao record
-- column: dibao_sheet its sheet
-- column: dibao_row its row
-- column: dibao_name its name
-- column: dibao_id_no its ID number
-- column: register_file the file of the register's record
-- column: register_sheet its sheet
-- column: register_row its row
-- column: register_name its name
-- column: register_id_no its ID number
-- column: method how they were found
-- column: weight log2 of the odds that they are one person
-- column: probability that they are one person
-- column: ground what the two were compared on; see link_bits
-- column: pattern how far they agree, a digit a comparison: ID, name, birth, sex, place, relation
-- column: decision linked or review
-- column: repair which side's ID was repaired, old → new; null when none

select
    dibao.file as dibao_file,
    dibao.sheet as dibao_sheet,
    dibao.row as dibao_row,
    dibao.name as dibao_name,
    dibao.id_no as dibao_id_no,
    register.file as register_file,
    register.sheet as register_sheet,
    register.row as register_row,
    register.name as register_name,
    register.id_no as register_id_no,
    links.method,
    links.weight,
    links.probability,
    case links.ground when 0 then 'apart' when 1 then 'household' when 2 then 'one_id' else 'alone' end as ground,
    links.pattern,
    links.decision,
    links.repair
from link.links as links
inner join raw.dibao_persons as dibao on dibao.record = links.a_record
inner join raw.register as register on register.record = links.b_record
where links.a_roll = 'dibao_persons' and links.b_roll = 'register'
