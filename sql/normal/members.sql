-- A member of a dibao or register household: a record of that roll, covered or
-- not, save those stopped or gone, with the person it is held to be tonight.
--
-- key: record

select
    dibao.record,
    'dibao' as roll,
    dibao.household,
    people.person,
    dibao.is_head,
    dibao.on_roll,
    dibao.labour,
    dibao.birth
from normal.dibao
inner join link.people on people.record = dibao.record
where dibao.present
union all
select
    register.record,
    'register' as roll,
    register.household,
    people.person,
    register.is_head,
    true as on_roll,
    register.labour,
    register.birth
from normal.register
inner join link.people on people.record = register.record
where register.present
