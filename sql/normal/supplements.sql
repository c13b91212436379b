-- A person on dibao with the supplement that the roll has and the highest one
-- that is due: a share of the standard by class, for the old, the severely
-- disabled, the seriously ill, pupils, single parents and their children. One
-- without a figure at the place is not due; due_fen is null where the class has a
-- share and the place no standard. is_told is whether every list that the person
-- is on has a column for it; there, empty is nothing.
--
-- key: person

with

covered as (
    select
        dibao.record,
        dibao.household,
        people.person,
        coalesce(list.class, families.class) as class,
        dibao.birth,
        list.health,
        list.school is not null and coalesce(list.school_until >= month_start(night()), true) as is_pupil,
        coalesce(list.supplement_month_fen, 0) as paid_fen,
        headers.sheet is not null as is_told,
        case when dibao.urban then places.standard_urban_fen else places.standard_rural_fen end as standard_fen,
        dibao.area_code
    from normal.dibao
    inner join raw.dibao_persons as list on list.record = dibao.record
    inner join link.people on people.record = dibao.record
    left join normal.families on families.household = dibao.household
    left join normal.places on places.area_code = dibao.area_code
    left join raw.headers
        on headers.sheet = floor_div(dibao.record, 274877906944)
        and headers.raw_table = 'dibao_persons'
        and headers.column_name = 'supplement_month'
    where dibao.on_roll
),

shares as (
    select
        covered.person,
        covered.standard_fen,
        case covered.class
            when 'a' then places.share_a_ten_thousandths
            when 'b' then places.share_b_ten_thousandths
        end as ten_thousandths
    from covered
    inner join normal.places on places.area_code = covered.area_code
),

due as (
    select person, 'class' as kind, floor_div(standard_fen * ten_thousandths + 500000, 1000000) as fen
    from shares
    where ten_thousandths is not null
    union all
    select covered.person, 'elder' as kind, places.elder_fen as fen
    from covered
    inner join normal.places on places.area_code = covered.area_code
    where places.elder_fen is not null and whole_years(covered.birth, night()) >= places.elder_age
    union all
    select covered.person, 'severe' as kind, places.severe_fen as fen
    from covered
    inner join normal.places on places.area_code = covered.area_code
    inner join normal.severe on severe.person = covered.person
    where places.severe_fen is not null
    union all
    select covered.person, 'serious' as kind, places.serious_fen as fen
    from covered
    inner join normal.places on places.area_code = covered.area_code
    where places.serious_fen is not null and covered.health = 'serious'
    union all
    select covered.person, 'pupil' as kind, places.pupil_fen as fen
    from covered
    inner join normal.places on places.area_code = covered.area_code
    where places.pupil_fen is not null and covered.is_pupil
    union all
    select covered.person, 'single_parent' as kind, places.single_parent_fen as fen
    from covered
    inner join normal.places on places.area_code = covered.area_code
    inner join normal.single_parents on single_parents.record = covered.record
    where places.single_parent_fen is not null
),

ranked as (
    select
        person, kind, fen,
        row_number() over (partition by person order by fen is null desc, fen desc, kind nulls last) as place
    from due
),

-- Who stands in two households is shown in the one whose key comes first.
placed as (
    select
        person, record, paid_fen, is_told,
        row_number() over (partition by person order by household nulls last, record nulls last) as place
    from covered
),

paid as (
    select
        person,
        min(record) filter (where place = 1) as record,
        cast(sum(paid_fen) as bigint) as paid_fen,
        bool_and(is_told) as is_told
    from placed
    group by person
)

select
    paid.person,
    paid.record,
    paid.paid_fen,
    paid.is_told,
    case when ranked.person is null then 0 else ranked.fen end as due_fen,
    coalesce(ranked.kind, 'none') as kind
from paid
left join ranked on ranked.person = paid.person and ranked.place = 1
