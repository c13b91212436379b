-- An enterprise with the person who stands for it: legal representative,
-- operator, or holder of at least half, and the reason why it does not count
-- against a household, if there is one. A list that names no role names its
-- owners.
--
-- key: record

select
    list.record,
    people.person,
    case
        when list.state not in ('operating', 'active', 'normal') then 'cancelled'
        when list.kind = 'cooperative' then 'cooperative_member'
        when list.remark_code like '%family!_kiosk%' escape '!' then 'family_kiosk'
    end as exception
from raw.enterprises as list
inner join link.people on people.record = list.record
where list.role in ('legal', 'operator')
or coalesce(list.role, 'holder') = 'holder' and list.share >= 50
or list.role_raw is null and list.share is null
