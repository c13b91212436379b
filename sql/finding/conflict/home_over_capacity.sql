-- A home that has more residents than places, or a resident of kind tekun who is
-- not on the tekun roll.
--
-- title: 供养机构超员或入住人员不在特困名册
-- subject: area
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(二)2 供养服务机构
-- needs: homes, tekun
-- exceptions: link_under_review
-- reason: {name}核定床位{places}张，入住{residents}人，其中不在特困名册的特困人员{strangers}人，请核实床位和入住人员。
-- facts: homes home places name id_no moved_in resident_kind; tekun name id_no state care_mode home
-- label: places 核定床位
-- label: residents 入住人数
-- label: strangers 不在特困名册的特困人员

with

own_area as (
    select max(area_code) as area_code
    from policy.areas
),

supported as (
    select record, person
    from normal.protections
    where roll = 'tekun'
),

supported_people as (
    select distinct person
    from supported
),

reviewed as (
    select reviews.person, min(reviews.record) as record
    from normal.reviews
    semi join supported on supported.record = reviews.record
    group by reviews.person
),

residents as (
    select
        list.home,
        list.record,
        people.person,
        coalesce(list.resident_kind = 'tekun', false) and supported_people.person is null as is_stranger,
        reviewed.record as review_record
    from raw.homes as list
    inner join link.people on people.record = list.record
    left join supported_people on supported_people.person = people.person
    left join reviewed on reviewed.person = people.person
),

beds as (
    select home, max(places) as places
    from raw.homes
    group by home
),

counted as (
    select
        beds.home,
        beds.places,
        cast(count(distinct residents.person) as bigint) as residents,
        cast(count(distinct residents.person) filter (where residents.is_stranger) as bigint) as strangers,
        coalesce(bool_or(residents.is_stranger and residents.review_record is null), false) as has_stranger
    from beds
    inner join residents on residents.home = beds.home
    group by beds.home, beds.places
),

findings as (
    select
        home,
        places,
        residents,
        strangers,
        case
            when not has_stranger and coalesce(residents <= places, true) then 'link_under_review'
        end as exception
    from counted
    where strangers > 0 or residents > places
),

evidence as (
    select findings.home, residents.record
    from findings
    inner join residents on residents.home = findings.home
    where residents.is_stranger or findings.residents > findings.places
    union
    select findings.home, residents.review_record as record
    from findings
    inner join residents on residents.home = findings.home
    where residents.is_stranger and residents.review_record is not null
)

select
    'home:' || findings.home as subject_key,
    cast(null as bigint) as subject_record,
    findings.exception,
    evidence.record as evidence_record,
    findings.home as name,
    own_area.area_code,
    findings.places,
    findings.residents,
    findings.strangers
from findings
cross join own_area
inner join evidence on evidence.home = findings.home
