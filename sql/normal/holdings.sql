-- What members of a dibao or register household hold that speaks against need: a
-- vehicle, a business, public pay that no income of dibao reckons with, a second
-- home; in a dibao household also a formal income, a pension from the standard on.
-- What counts is shown; where nothing does, what there is, with the first reason
-- why not.
--
-- key: roll, household, means, record, member_record

with

incomes as (
    select people.person, dibao.record, coalesce(families.income_year_fen, dibao.income_year_fen) as income_fen
    from normal.dibao
    inner join link.people on people.record = dibao.record
    left join normal.families on families.household = dibao.household
    where dibao.present
),

highest_incomes as (
    select person, max(income_fen) as income_fen
    from incomes
    group by person
),

held as (
    select members.roll, members.household, 'vehicle' as means,
        vehicle_owners.record, members.record as member_record, vehicle_owners.exception
    from normal.vehicle_owners
    inner join normal.members on members.person = vehicle_owners.person
    union all
    select members.roll, members.household, 'business' as means,
        business_owners.record, members.record as member_record, business_owners.exception
    from normal.business_owners
    inner join normal.members on members.person = business_owners.person
    union all
    select members.roll, members.household, 'public_pay' as means,
        public_payees.record, members.record as member_record, public_payees.exception
    from normal.public_payees
    inner join normal.members on members.person = public_payees.person
    left join incomes on incomes.record = members.record
    left join highest_incomes
        on highest_incomes.person = case when members.roll = 'register' then members.person end
    where coalesce(incomes.income_fen, highest_incomes.income_fen, 0) = 0
    union all
    select roll, household, 'second_home' as means, record, member_record, exception
    from normal.second_homes
    union all
    select members.roll, members.household, 'formal_income' as means,
        formal_earners.record, members.record as member_record, formal_earners.exception
    from normal.formal_earners
    inner join normal.members on members.person = formal_earners.person
    inner join normal.dibao_households on dibao_households.household = members.household
    where members.roll = 'dibao'
    and coalesce(formal_earners.pension_fen, dibao_households.standard_fen) >= dibao_households.standard_fen
),

placed as (
    select
        roll, household, means, record, member_record, exception,
        case exception
            when 'disability_vehicle' then 1
            when 'two_three_wheeler' then 2
            when 'sole_livelihood' then 3
            when 'scrapped_or_sold' then 4
            when 'cancelled' then 1
            when 'cooperative_member' then 2
            when 'family_kiosk' then 3
            when 'welfare_post' then 1
            when 'village_temporary' then 2
            when 'demolition' then 1
            when 'homestead' then 2
            when 'laid_off' then 1
            when 'subsidised_post' then 2
            else 0
        end as place
    from held
),

judged as (
    select
        roll, household, means, record, member_record, place,
        min(place) over (partition by roll, household, means) as first_place,
        first_value(exception) over (
            partition by roll, household, means
            order by place nulls last, record nulls last, member_record nulls last
        ) as exception
    from placed
)

select roll, household, means, record, member_record, exception
from judged
where place = 0 or first_place > 0
