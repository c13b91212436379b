-- What a dibao household is paid: the payments of its latest month, not after
-- the night, that has one in force, reversals included; without payments what
-- stands on the roll. A person's part is an equal share among the covered
-- persons of that payment, else of the roll, rounded down to the fen. The grant
-- alone is known where every payment of the month tells it.
--
-- key: household

with

months as (
    select
        household,
        month,
        cast(sum(amount_fen) as bigint) as paid_fen,
        case when count(*) = count(base_fen) then cast(sum(base_fen) as bigint) end as base_fen,
        max(covered_people) as covered_people,
        row_number() over (partition by household order by month desc) as age
    from normal.payments
    where in_force and month <= night()
    group by household, month
)

select
    dibao_households.household,
    months.month,
    coalesce(months.paid_fen, dibao_households.total_month_fen) as paid_fen,
    months.base_fen,
    floor_div(
        coalesce(months.paid_fen, dibao_households.total_month_fen),
        coalesce(months.covered_people, dibao_households.covered)
    ) as part_fen
from normal.dibao_households
left join months on months.household = dibao_households.household and months.age = 1
