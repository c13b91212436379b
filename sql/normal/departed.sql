-- A record that no longer stands on its own roll: stopped on a benefit's roll,
-- gone from the register. A state that no table knows counts as in force; the
-- month of the stop itself is no longer paid. In old forms of the register the
-- reason for leaving stands without a state.
--
-- key: record

with

states as (
    select record, 'dibao_persons' as roll, state, stop_month from raw.dibao_persons
    union all
    select record, 'tekun' as roll, state, stop_month from raw.tekun
    union all
    select record, 'edge' as roll, state, stop_month from raw.edge
    union all
    select record, 'rigid_spending' as roll, state, stop_month from raw.rigid_spending
    union all
    select
        record,
        'register' as roll,
        case when state_raw is null and left_reason_raw is not null then 'gone' else state end as state,
        cast(null as date) as stop_month
    from raw.register
)

select record, roll
from states
where state not in ('active', 'paid', 'normal') or stop_month <= month_start(night())
