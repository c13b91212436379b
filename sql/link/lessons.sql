-- What pairs whose truth is known have in common, counted: same_id, two records of one
-- valid ID; crossed, two members of one household that stand on both rolls; chance,
-- some 200,000 of dibao each with three of the register picked blindly by their
-- places in the order of names. A pattern is as in link.candidates, without the ID.
--
-- key: lesson, pattern

with

people as (
    select
        matched.number,
        a.record as a_record,
        b.record as b_record,
        a.household as a_household,
        b.household as b_household,
        count(*) over (partition by a.household, b.household) <= 30 as is_family
    from link.matched
    inner join normal.persons as a on a.record = matched.a_record
    inner join normal.persons as b on b.record = matched.b_record
),

rolls as (
    select
        persons.record,
        persons.roll,
        persons.id_key,
        -- Counted by what is written and not by where: another order of rows or
        -- files must not teach anything else.
        cast(row_number() over (
            partition by persons.roll
            order by
                persons.name_fold nulls last, persons.birth nulls last, persons.id_no nulls last,
                persons.record nulls last
        ) as bigint) as number,
        count(*) over (partition by persons.roll) as people
    from normal.persons
    where persons.roll in ('dibao_persons', 'register') and persons.name_fold is not null
),

draws as (
    select
        rolls.record as a_record,
        rolls.id_key,
        rolls.number * steps.step as drawn_number
    from rolls
    cross join (values (7919), (104729), (1299709)) as steps (step)
    where
        rolls.roll = 'dibao_persons'
        and floor_div(rolls.number * 200000, rolls.people)
        <> floor_div((rolls.number - 1) * 200000, rolls.people)
),

drawable as (
    select
        rolls.record as b_record,
        rolls.id_key,
        rolls.number - 1 as place,
        rolls.people
    from rolls
    where rolls.roll = 'register'
),

register_size as (
    select max(drawable.people) as people
    from drawable
),

blind as (
    select
        draws.a_record,
        draws.id_key,
        draws.drawn_number
        - floor_div(draws.drawn_number, register_size.people) * register_size.people as place
    from draws
    cross join register_size
),

pairs as (
    select
        'same_id' as lesson,
        people.a_record,
        people.b_record
    from people
    union all
    select
        'crossed' as lesson,
        one.a_record,
        other.b_record
    from people as one
    inner join people as other
        on other.a_household = one.a_household
        and other.b_household = one.b_household
        and other.number <> one.number
    where one.is_family
    union all
    select
        'chance' as lesson,
        blind.a_record,
        drawable.b_record
    from blind
    inner join drawable on drawable.place = blind.place
    where (blind.id_key = drawable.id_key) is not true
)

select
    pairs.lesson,
    name_agreement(a.name_fold, b.name_fold, a.surname, b.surname) * 10000
    + agreement(a.birth, b.birth) * 1000
    + agreement(a.sex, b.sex) * 100
    + place_agreement(a.area_code, b.area_code, a.town, b.town, a.village, b.village) * 10
    + relation_agreement(a.relation, b.relation) as pattern,
    count(*) as pairs
from pairs
inner join normal.persons as a on a.record = pairs.a_record
inner join normal.persons as b on b.record = pairs.b_record
group by pairs.lesson, pattern
