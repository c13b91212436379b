-- A vehicle with the person who owns it, and the reason why it does not count
-- against a household, if there is one. Where its kind is not known, its plate tells.
--
-- key: record

select
    list.record,
    people.person,
    case
        when list.kind = 'disability' then 'disability_vehicle'
        when coalesce(list.kind, list.plate_kind) in ('motorcycle', 'moped', 'tricycle', 'e_bike') then 'two_three_wheeler'
        when list.remark_code like '%sole!_livelihood%' escape '!' then 'sole_livelihood'
        when list.state not in ('normal', 'active') then 'scrapped_or_sold'
    end as exception
from raw.vehicles as list
inner join link.people on people.record = list.record
