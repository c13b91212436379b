-- A person who is a member of a household of dibao or of the register, with that
-- household on either roll: the one with the smaller key, where there are two.
--
-- key: person

select
    person,
    min(case when roll = 'dibao' then household end) as dibao_household,
    min(case when roll = 'register' then household end) as register_household
from normal.members
group by person
