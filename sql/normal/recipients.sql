-- A record on dibao or tekun tonight with the person and that person's part of
-- what is paid: an equal share of what the dibao household is paid, the whole of
-- a tekun record.
--
-- key: record

select
    dibao.record,
    'dibao' as roll,
    people.person,
    dibao.household,
    dibao.start_month,
    dibao.as_of,
    paid.part_fen
from normal.dibao
inner join link.people on people.record = dibao.record
left join normal.paid on paid.household = dibao.household
where dibao.on_roll
union all
select
    tekun.record,
    'tekun' as roll,
    people.person,
    tekun.household,
    tekun.start_month,
    tekun.as_of,
    tekun.total_month_fen as part_fen
from normal.tekun
inner join link.people on people.record = tekun.record
where tekun.on_roll
