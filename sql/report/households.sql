-- One row a household of a roll that keeps households.
--
-- key: roll, household
-- column: roll the kind of list
-- column: household the roll's own key
-- column: head_name its head, else the first of its records
-- column: head_id_no the head's ID number
-- column: people how many the roll says they are, else its records
-- column: covered how many are covered; null where the roll does not say
-- column: area_code the longest place code known
-- column: town the town's name
-- column: village the village's name

with

counted as (
    select
        roll,
        household,
        coalesce(min(record) filter (where is_head and present), min(record) filter (where present), min(record)) as head_record,
        count(*) filter (where present) as members
    from normal.persons
    where roll in ('dibao_persons', 'register', 'tekun', 'edge', 'rigid_spending') and household is not null
    group by roll, household
),

figures as (
    select 'dibao_persons' as roll, household, people, covered from normal.dibao_households
    union all
    select 'register', household, people, null from normal.register_households
    union all
    select 'tekun', household, null, count(*) filter (where on_roll) from normal.tekun group by household
    union all
    select 'edge', household, null, count(*) filter (where on_roll) from normal.edge group by household
    union all
    select 'rigid_spending', household, null, count(*) filter (where on_roll) from normal.rigid group by household
)

select
    counted.roll,
    counted.household,
    heads.name as head_name,
    heads.id_no as head_id_no,
    coalesce(figures.people, counted.members) as people,
    figures.covered,
    heads.area_code,
    heads.town,
    heads.village
from counted
inner join normal.persons as heads on heads.record = counted.head_record
left join figures on figures.roll = counted.roll and figures.household = counted.household
