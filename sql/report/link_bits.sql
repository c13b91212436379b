-- One row a ground and level of a comparison: how many bits it speaks for two records being one person's, as learnt from tonight's lists.
--
-- key: ground, comparison, level
-- column: ground what the two are compared on: alone or apart (nothing known of their households), household (others of them are linked), one_id (one valid ID)
-- column: comparison id, name, birth, sex, place, relation; prior is the weight before anything is compared, same_name log2 of the chance that two persons share a name
-- column: level the digit of links.pattern, the higher the better
-- column: bits log2 of how much likelier the level is among records of one person

select grounds.name as ground, bits.comparison, bits.level, bits.bits
from link.bits as bits
inner join (values (0, 'apart'), (1, 'household'), (2, 'one_id'), (3, 'alone')) as grounds (ground, name) on grounds.ground = bits.ground
