-- A settled bill with the assistance that is due on it: the ratio of its class,
-- tekun, urban sanwu or dibao, of what the patient paid within the policy's range
-- above the start line, to the fen, half up. The class is the bill's own word,
-- else the roll the person is on (an urban record of tekun is sanwu); bills of other
-- classes are not here. A ratio that the place has no row for is null.
--
-- key: record

with

own_area as (
    select max(area_code) as area_code
    from policy.areas
),

tekun_people as (
    select people.person, min(tekun.record) as record, bool_or(tekun.urban) as urban
    from normal.tekun
    inner join link.people on people.record = tekun.record
    where tekun.on_roll
    group by people.person
),

dibao_people as (
    select person, min(record) as record
    from normal.members
    where roll = 'dibao' and on_roll
    group by person
),

classed as (
    select
        list.record,
        people.person,
        case
            when list.aid_class is not null then list.aid_class
            when tekun_people.urban then 'sanwu_urban'
            when tekun_people.record is not null then 'tekun'
            when dibao_people.record is not null then 'dibao'
        end as class,
        case when list.aid_class is null then coalesce(tekun_people.record, dibao_people.record) end as roll_record,
        greatest(list.policy_self_pay_fen - coalesce(list.start_line_fen, 0), 0) as counted_fen,
        list.assistance_fen,
        coalesce(list.cap_left_fen = 0, false)
        or coalesce(list.remark_code like '%capped%', false) as is_capped,
        coalesce(list.area_code, own_area.area_code) as area_code
    from raw.medical as list
    cross join own_area
    inner join link.people on people.record = list.record
    left join tekun_people on tekun_people.person = people.person
    left join dibao_people on dibao_people.person = people.person
    where list.policy_self_pay_fen is not null and list.assistance_fen is not null
),

judged as (
    select
        classed.record,
        classed.person,
        classed.class,
        classed.roll_record,
        classed.counted_fen,
        classed.assistance_fen,
        classed.is_capped,
        case classed.class
            when 'tekun' then places.ratio_tekun_ten_thousandths
            when 'sanwu_urban' then places.ratio_sanwu_ten_thousandths
            else places.ratio_serious_ten_thousandths
        end as ratio_ten_thousandths
    from classed
    left join normal.places on places.area_code = classed.area_code
    where classed.class in ('tekun', 'sanwu_urban', 'dibao')
)

select
    record,
    person,
    class,
    roll_record,
    is_capped,
    ratio_ten_thousandths,
    assistance_fen,
    floor_div(counted_fen * ratio_ten_thousandths + 500000, 1000000) as due_fen,
    counted_fen * ratio_ten_thousandths > (assistance_fen + 100) * 1000000 as is_short
from judged
