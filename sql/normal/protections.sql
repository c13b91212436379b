-- A record that protects a person tonight: on dibao and covered, on tekun, or of
-- a family on the edge or in rigid spending. Of a families' list it is the head,
-- known by a valid ID and a compatible name.
--
-- key: record

with

rolls as (
    select record, 'dibao' as roll from normal.dibao where on_roll
    union all
    select record, 'tekun' as roll from normal.tekun where on_roll
    union all
    select record, 'edge' as roll from normal.edge where on_roll
    union all
    select record, 'rigid' as roll from normal.rigid where on_roll
),

families as (
    select record, 'edge' as roll, id_key, name_fold, state, stop_month
    from raw.edge_families
    union all
    select record, 'rigid' as roll, id_key, name_fold, state, stop_month
    from raw.rigid_spending_families
),

heads as (
    select families.record, families.roll, min(people.person) as person
    from families
    inner join normal.persons on persons.id_key = families.id_key
    inner join link.people on people.record = persons.record
    where coalesce(families.state in ('active', 'paid', 'normal'), true)
    and coalesce(families.stop_month > month_start(night()), true)
    and (
        persons.name_fold = families.name_fold
        or persons.name_fold <> families.name_fold and name_level(persons.name_fold, families.name_fold) >= 1
    )
    group by families.record, families.roll
)

select rolls.record, rolls.roll, people.person
from rolls
inner join link.people on people.record = rolls.record
union all
select record, roll, person
from heads
