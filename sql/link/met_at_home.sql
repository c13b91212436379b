-- A record left over of dibao and one of the register in two households that may be
-- one, at least one of them troubled. A household with over 30 left over is a village
-- in one cell: there only equal names meet.
--
-- key: a_record, b_record

with

at_home as (
    select distinct
        1 as roll_no,
        household_pairs.dibao_household as household
    from link.household_pairs
    union all
    select distinct
        2 as roll_no,
        household_pairs.register_household as household
    from link.household_pairs
),

members as (
    select
        persons.record,
        leftovers.roll_no,
        persons.household,
        persons.name_fold,
        troubled.record is not null as is_troubled,
        count(*) over (partition by leftovers.roll_no, persons.household) > 30 as is_crowd
    from link.leftovers
    inner join normal.persons using (record)
    inner join at_home
        on at_home.roll_no = leftovers.roll_no and at_home.household = persons.household
    left join link.troubled on troubled.record = persons.record
    where persons.name_fold is not null
)

select
    dibao.record as a_record,
    register.record as b_record
from link.household_pairs
inner join members as dibao
    on dibao.roll_no = 1
    and dibao.household = household_pairs.dibao_household
    and not dibao.is_crowd
inner join members as register
    on register.roll_no = 2
    and register.household = household_pairs.register_household
    and not register.is_crowd
where dibao.is_troubled or register.is_troubled
union
select
    dibao.record as a_record,
    register.record as b_record
from link.household_pairs
inner join members as dibao
    on dibao.roll_no = 1 and dibao.household = household_pairs.dibao_household
inner join members as register
    on register.roll_no = 2
    and register.household = household_pairs.register_household
    and register.name_fold = dibao.name_fold
where
    (dibao.is_troubled or register.is_troubled)
    and (dibao.is_crowd or register.is_crowd)
