-- A record of a roll without a household number of its own, with the sheet it
-- stands on (a sheet holds 274877906944 record numbers): its household is told by
-- its head. Few rolls have any, so what follows looks at little else.
--
-- key: record

with

rolls as (
    select 'dibao_persons' as roll, record, household_no, head_id_no from raw.dibao_persons
    union all
    select 'tekun' as roll, record, household_no, head_id_no from raw.tekun
    union all
    select 'edge' as roll, record, household_no, head_id_no from raw.edge
    union all
    select 'rigid_spending' as roll, record, household_no, head_id_no from raw.rigid_spending
    union all
    select 'register' as roll, record, household_no, cast(null as string) as head_id_no from raw.register
)

select record, roll, floor_div(record, 274877906944) as sheet, head_id_no
from rolls
where household_no is null
