-- A person who died before a month for which the household was paid with the
-- dead counted, or who still stands on dibao or tekun in a roll of a later month.
-- The dead are counted in a payment when it is for at least one person more than
-- the living covered members of that month; where no number stands, when nobody
-- covered lives. The household of a person whom tonight's roll no longer has is
-- that of the last night that had; who has left the roll with them is taken for
-- living.
--
-- title: 死亡后仍领取
-- subject: person
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 动态管理、应退尽退
-- needs: deaths, dibao_persons | tekun
-- exceptions: count_reduced
-- reason: {name}于{died}死亡，{how}，请核实死亡日期后停发，并追缴多发资金。
-- facts: deaths name id_no died cremated cause;
--   dibao_persons name id_no relation covered state start_month stop_month total_month;
--   tekun name id_no state start_month stop_month total_month;
--   dibao_payments head_name month covered_people total base supplement state
-- word: how paid 死亡后的月份仍计入保障人数发放低保金
-- word: how reduced 仍在低保名册，发放人数已核减
-- word: how dibao 仍在低保名册
-- word: how tekun 仍在特困名册
-- label: died 死亡日期
-- label: how 情形
-- label: paid_month 最后多发月份
-- label: months 多发月数

with

deaths as (
    select person, record, died_on
    from normal.deaths
    where died_on is not null
),

dibao_records as (
    select
        deaths.person,
        deaths.died_on,
        dibao.record,
        dibao.household,
        dibao.on_roll and month_start(dibao.as_of) > month_start(deaths.died_on) as still_on
    from normal.dibao
    inner join link.people on people.record = dibao.record
    inner join deaths on deaths.person = people.person
    where dibao.covered
),

tekun_records as (
    select
        deaths.person,
        tekun.record,
        tekun.total_month_fen,
        month_start(tekun.as_of) > month_start(deaths.died_on) as still_on
    from normal.tekun
    inner join link.people on people.record = tekun.record
    inner join deaths on deaths.person = people.person
    where tekun.on_roll
),

ranked_leavers as (
    select
        deaths.person,
        deaths.died_on,
        deaths.record,
        leavers.household,
        row_number() over (
            partition by deaths.person
            order by leavers.night desc, leavers.household nulls last, leavers.no nulls last
        ) as place
    from deaths
    inner join normal.leavers on leavers.person = deaths.person
    anti join dibao_records on dibao_records.person = deaths.person
),

former_records as (
    select person, died_on, record, household
    from ranked_leavers
    where place = 1
),

households as (
    select distinct person, died_on, household
    from dibao_records
    union all
    select person, died_on, household
    from former_records
),

paid_months as (
    select
        payments.household,
        payments.month,
        cast(sum(payments.amount_fen) as bigint) as amount_fen,
        max(payments.covered_people) as covered_people
    from normal.payments
    semi join households on households.household = payments.household
    where payments.in_force and payments.month <= night()
    group by payments.household, payments.month
    having coalesce(sum(payments.amount_fen), 1) > 0
),

later_months as (
    select
        households.person,
        households.household,
        paid_months.month,
        paid_months.amount_fen,
        coalesce(paid_months.covered_people, families.covered_people) as told_people,
        count(*) over (partition by households.household, paid_months.month) as dead_people
    from households
    inner join paid_months on paid_months.household = households.household
    left join normal.families on families.household = households.household
    where paid_months.month > households.died_on
),

records as (
    select
        dibao.household,
        people.person,
        dibao_spells.began_month,
        dibao_spells.ended_month
    from normal.dibao
    inner join normal.dibao_spells on dibao_spells.record = dibao.record
    inner join link.people on people.record = dibao.record
    semi join households on households.household = dibao.household
    where dibao.covered
),

spells as (
    select household, person, began_month, ended_month
    from records
    union all
    select
        leavers.household,
        coalesce(leavers.person, cast(leavers.no as string)) as person,
        date '0001-01-01' as began_month,
        date '9999-12-31' as ended_month
    from normal.leavers
    anti join records on records.person = leavers.person
),

living as (
    select
        later_months.person,
        later_months.household,
        later_months.month,
        count(distinct spells.person) as living
    from later_months
    inner join spells on spells.household = later_months.household
    left join deaths on deaths.person = spells.person and deaths.died_on < later_months.month
    where spells.began_month <= later_months.month
    and later_months.month < spells.ended_month
    and deaths.person is null
    group by later_months.person, later_months.household, later_months.month
),

covered_months as (
    select
        later_months.person,
        later_months.household,
        later_months.month,
        later_months.amount_fen,
        coalesce(living.living, 0) as living,
        coalesce(
            later_months.told_people,
            case when living.living is null then later_months.dead_people end
        ) as covered_people
    from later_months
    left join living
        on living.person = later_months.person
        and living.household = later_months.household
        and living.month = later_months.month
),

counted_months as (
    select
        person,
        household,
        month,
        covered_people >= living + 1 as dead_counted,
        floor_div(amount_fen, covered_people) as part_fen,
        row_number() over (
            partition by person, covered_people >= living + 1
            order by month desc, household nulls last
        ) as age
    from covered_months
),

by_payments as (
    select
        person,
        max(month) filter (where dead_counted) as paid_month,
        count(*) filter (where dead_counted) as months,
        max(part_fen) filter (where dead_counted and age = 1) as part_fen,
        cast(sum(part_fen) filter (where dead_counted) as bigint) as total_fen,
        bool_and(coalesce(not dead_counted, false)) as all_reduced
    from counted_months
    group by person
),

by_dibao as (
    select
        dibao_records.person,
        coalesce(
            min(dibao_records.record) filter (where dibao_records.still_on),
            min(dibao_records.record)
        ) as record,
        bool_or(dibao_records.still_on) as still_on,
        min(floor_div(dibao_households.total_month_fen, dibao_households.covered))
            filter (where dibao_records.still_on) as part_fen
    from dibao_records
    inner join normal.dibao_households on dibao_households.household = dibao_records.household
    group by dibao_records.person
),

by_tekun as (
    select
        person,
        min(record) as record,
        bool_or(still_on) as still_on,
        min(total_month_fen) filter (where still_on) as part_fen
    from tekun_records
    group by person
),

judged as (
    select
        deaths.person,
        deaths.died_on,
        coalesce(by_dibao.record, by_tekun.record, former_records.record) as record,
        former_records.household as former_household,
        case
            when by_payments.paid_month is not null then 'paid'
            when by_dibao.still_on and not coalesce(by_payments.all_reduced, false) then 'dibao'
            when by_tekun.still_on then 'tekun'
            when by_dibao.still_on then 'reduced'
        end as how,
        by_payments.paid_month,
        by_payments.months,
        by_payments.part_fen as payment_part_fen,
        by_payments.total_fen,
        by_dibao.part_fen as dibao_part_fen,
        by_tekun.part_fen as tekun_part_fen
    from deaths
    left join by_payments on by_payments.person = deaths.person
    left join by_dibao on by_dibao.person = deaths.person
    left join by_tekun on by_tekun.person = deaths.person
    left join former_records on former_records.person = deaths.person
),

keyed as (
    select
        judged.person,
        judged.died_on,
        judged.record,
        judged.how,
        judged.paid_month,
        judged.months,
        case judged.how
            when 'paid' then judged.payment_part_fen
            when 'dibao' then judged.dibao_part_fen
            when 'tekun' then judged.tekun_part_fen
        end as month_fen,
        judged.total_fen,
        case when persons.roll = 'dibao_persons' then persons.household else judged.former_household end
            as dibao_household,
        person_key(
            judged.person,
            persons.id_no,
            persons.id_key,
            case when persons.roll = 'deaths' then 'dibao_persons' else persons.roll end,
            coalesce(persons.household, judged.former_household, ''),
            persons.name_fold
        ) as subject_key
    from judged
    inner join normal.persons on persons.record = judged.record
    where judged.how is not null
),

findings as (
    select
        person, died_on, record, how, paid_month, months, month_fen, total_fen, dibao_household, subject_key,
        row_number() over (partition by subject_key order by record nulls last) as place
    from keyed
),

single as (
    select person, died_on, record, how, paid_month, months, month_fen, total_fen, dibao_household, subject_key
    from findings
    where place = 1
),

evidence as (
    select single.subject_key, list.record
    from single
    inner join link.people on people.person = single.person
    inner join raw.deaths as list on list.record = people.record
    union
    select single.subject_key, dibao_records.record
    from single
    inner join dibao_records on dibao_records.person = single.person
    union
    select single.subject_key, tekun_records.record
    from single
    inner join tekun_records on tekun_records.person = single.person
    union
    select single.subject_key, payments.record
    from single
    inner join counted_months on counted_months.person = single.person
    inner join normal.payments
        on payments.household = counted_months.household and payments.month = counted_months.month
    where payments.in_force and (counted_months.dead_counted or single.how = 'reduced')
)

select
    single.subject_key,
    single.record as subject_record,
    single.dibao_household,
    case when single.how = 'reduced' then 'count_reduced' end as exception,
    single.month_fen,
    case when single.how = 'paid' then single.total_fen end as total_fen,
    evidence.record as evidence_record,
    single.died_on as died,
    single.how,
    single.paid_month,
    case when single.how = 'paid' then single.months end as months
from single
inner join evidence on evidence.subject_key = single.subject_key
