-- A person with a formal income: who pays into an employees' scheme or a housing
-- fund, or draws a pension of any scheme, whose amount stands beside it; and the
-- reason why it does not count against a household, if there is one. A list that
-- gives an amount and no state is one of pensions drawn. What ended earlier than
-- three months before the night is no income.
--
-- key: record

with

insured as (
    select
        list.record,
        list.scheme,
        list.identity,
        list.pension_month_fen,
        coalesce(list.state in ('drawing', 'suspended'), list.state_raw is null and list.pension_month_fen > 0, false)
            as is_drawing,
        coalesce(list.state in ('paying', 'drawing', 'active', 'normal'), true)
        and coalesce(list.stopped > night(), true) as in_force,
        coalesce(list.stopped >= months_after(night(), -3) and list.stopped < night(), false) as just_stopped
    from raw.social_insurance as list
),

incomes as (
    select
        record,
        case when is_drawing then pension_month_fen end as pension_fen,
        case
            when not in_force then 'laid_off'
            when identity = 'welfare_post' then 'subsidised_post'
        end as exception
    from insured
    where (in_force or just_stopped)
    and case
        when is_drawing then pension_month_fen is not null
        else coalesce(scheme not in ('resident_pension', 'resident_medical'), false)
        and identity is distinct from 'flexible'
    end
    union all
    select list.record, cast(null as bigint) as pension_fen, cast(null as string) as exception
    from raw.provident_fund as list
    where coalesce(list.state in ('normal', 'active'), true)
)

select incomes.record, people.person, incomes.pension_fen, incomes.exception
from incomes
inner join link.people on people.record = incomes.record
