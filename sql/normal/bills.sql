-- A bill of the medical list with the patient, and what the patient paid of it:
-- the whole less what insurance and assistance paid. It is dated by its
-- settlement, else by the discharge.
--
-- key: record

select
    list.record,
    people.person,
    coalesce(list.settled, list.discharged) as billed_on,
    list.total_fen
    - coalesce(list.basic_paid_fen, 0)
    - coalesce(list.serious_paid_fen, 0)
    - coalesce(list.assistance_fen, 0) as self_pay_fen,
    list.policy_self_pay_fen
from raw.medical as list
inner join link.people on people.record = list.record
