-- A home or shop with a person who owns it, wholly or in part. One home may have
-- several owners and records: home tells it, by its title, else its location, else
-- the row it stands in (a row holds 64 record numbers). bought_on is the day of a
-- purchase. Without a word for its use it is a home.
--
-- key: record

select
    list.record,
    people.person,
    coalesce(list.title_no, list.location, cast(floor_div(list.record, 64) as string)) as home,
    coalesce(list.use = 'shop', false) as is_shop,
    coalesce(list.use in ('home', 'homestead'), list.use_raw is null) as is_home,
    coalesce(list.use = 'homestead', false) as is_homestead,
    coalesce(list.gained = 'resettlement', false) as is_resettlement,
    case when list.gained = 'purchase' then list.registered_on end as bought_on
from raw.houses as list
inner join link.people on people.record = list.record
