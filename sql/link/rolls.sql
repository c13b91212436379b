-- A kind of list that names persons, and its place in the order in which the
-- two sides of a link are named: the smaller number is side a. The rolls of
-- households come first; they are the spine to which every other list is
-- linked.
--
-- key: roll
-- key: roll_no

select
    rolls.roll,
    rolls.roll_no,
    rolls.is_spine
from (
    values
    ('dibao_persons', 1, true),
    ('register', 2, true),
    ('tekun', 3, true),
    ('edge', 4, true),
    ('rigid_spending', 5, true),
    ('disability', 6, false),
    ('disability_allowances', 7, false),
    ('children', 8, false),
    ('deaths', 9, false),
    ('insurance', 10, false),
    ('medical', 11, false),
    ('temporary_relief', 12, false),
    ('vehicles', 13, false),
    ('houses', 14, false),
    ('enterprises', 15, false),
    ('fiscal_payroll', 16, false),
    ('social_insurance', 17, false),
    ('provident_fund', 18, false),
    ('approvals', 19, false),
    ('homes', 20, false)
) as rolls (roll, roll_no, is_spine)
