-- A disability certificate with the person who holds it: in force tonight or
-- not, and severe or not: level 1 or 2, or level 3 of the mind. Level and class
-- are the list's own, else those in the certificate's number.
--
-- key: record

select
    list.record,
    people.person,
    coalesce(list.state in ('active', 'normal'), true)
    and coalesce(list.valid_until >= night(), true) as in_force,
    coalesce(
        coalesce(list.level, list.id_level) in ('1', '2')
        or coalesce(list.level, list.id_level) = '3'
        and (
            list.disability in ('intellectual', 'mental')
            or list.disability is null and list.id_disability in ('5', '6')
        ),
        false
    ) as severe
from raw.disability as list
inner join link.people on people.record = list.record
