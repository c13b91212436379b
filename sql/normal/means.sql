-- Means of a register household that a rule would report without an exception:
-- a vehicle, a second home, a business, public pay. A row for each record that
-- says so.
--
-- key: household, means, record

select distinct household, means, record
from normal.holdings
where roll = 'register' and exception is null
