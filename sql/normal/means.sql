-- Means of a register household that a rule would report without an exception:
-- a vehicle, a second home, a business, public pay. The record is one that says so.
--
-- key: household, means

select household, means, min(record) as record
from normal.holdings
where roll = 'register' and exception is null
group by household, means
