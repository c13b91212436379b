-- One of the two allowances of disabled people, with the person who draws it:
-- which (null where the list's word says neither), in force tonight or not, and
-- the money a month.
--
-- key: record

select
    list.record,
    people.person,
    list.kind,
    coalesce(list.state in ('active', 'paid', 'normal'), true)
    and coalesce(list.stop_month > month_start(night()), true) as in_force,
    coalesce(list.work_injury, false) as work_injury,
    coalesce(list.month_amount_fen, floor_div(list.amount_fen, coalesce(nullif(list.months, 0), 1))) as month_fen
from raw.disability_allowances as list
inner join link.people on people.record = list.record
