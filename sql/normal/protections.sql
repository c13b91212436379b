-- A record that protects a person tonight: on dibao and covered, on tekun, or of
-- a family on the edge or in rigid spending.
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
)

select rolls.record, rolls.roll, people.person
from rolls
inner join link.people on people.record = rolls.record
