-- Why a finding came, changed or went since the last night: one cause, the
-- first that holds. What lies nearest to the finding comes first, what could
-- explain everything last; ARCHITECTURE.md says why in this order.
--
--   rows     nothing was published before: every row is new; or the rule did not run the last night, for want of a list
--   program  the last night did not have the rule
--   policy   the rule did not run the last night, for want of a parameter
--   moves    one of its people stands in another place on a list that the rule reads
--   rows     a row of its people or households, on a list that the rule reads, came, changed or went; of a whole area's finding, any row of those lists
--   links    its records are held to be other persons than the last night, though none of the above
--   policy   a parameter of its place by which the rule judges has another value or begins or ends; or the words or places
--   program  the rule's text, another model or the program is another
--   night    none of these: the day is another (an age, a term, a month)
--
-- key: finding_id
-- check: cause in ('moves', 'rows', 'links', 'policy', 'program', 'night')

with

turned as (
    select
        finding_id,
        min(rule) as rule,
        min(subject) as subject,
        min(area_code) as area_code
    from report.turned
    group by finding_id
),

-- The records that can be a reason, in both nights: of the lists that the rule reads.
records as (
    select records.*
    from since.records as records
    inner join turned on turned.finding_id = records.finding_id
    semi join since.rolls as rolls on rolls.rule = turned.rule and rolls.roll = records.roll
),

places as (
    select distinct finding_id, night, roll, id_no, area_code, coalesce(town, '') as town
    from records
    where changed and id_no is not null
),

-- A place of tonight that the person did not have, beside one that is no more.
-- One place that is only known better is no move.
moves as (
    select distinct tonight.finding_id
    from places as tonight
    inner join places as before
        on before.finding_id = tonight.finding_id and before.roll = tonight.roll and before.id_no = tonight.id_no
        and before.night = 'before'
        and (
            (not starts_with(before.area_code, tonight.area_code) and not starts_with(tonight.area_code, before.area_code))
            or (before.town <> tonight.town and before.town <> '' and tonight.town <> '')
        )
    anti join places as same
        on same.night = 'before' and same.finding_id = tonight.finding_id and same.roll = tonight.roll and same.id_no = tonight.id_no
        and same.area_code = tonight.area_code and same.town = tonight.town
    anti join places as stayed
        on stayed.night = 'tonight' and stayed.finding_id = before.finding_id and stayed.roll = before.roll and stayed.id_no = before.id_no
        and stayed.area_code = before.area_code and stayed.town = before.town
    where tonight.night = 'tonight'
),

row_changes as (
    select finding_id from records where changed
    union
    select shown.finding_id
    from since.shown as shown
    inner join since.files as files on files.night = shown.night and files.file = shown.file
    union
    select turned.finding_id
    from turned
    inner join since.rolls as rolls on rolls.rule = turned.rule
    inner join since.rows as changed on changed.roll = rolls.roll
    where turned.subject = 'area'
),

-- Who is held to be one person with whom, and how surely, as one text a night.
persons as (
    select
        finding_id,
        night,
        concat_ws('|', roll, coalesce(person, ''), coalesce(link_state, ''), coalesce(id_no, ''), coalesce(name, '')) as record,
        person,
        link_state,
        concat_ws('|', roll, coalesce(id_no, ''), coalesce(name, ''), coalesce(link_state, '')) as content
    from since.records
),

groups as (
    select finding_id, night, string_agg(content, ';' order by content) as members
    from persons
    group by finding_id, night, coalesce(person, record)
),

held as (
    select finding_id, night, string_agg(members, chr(10) order by members) as persons
    from groups
    group by finding_id, night
),

relinked as (
    select turned.finding_id
    from turned
    left join held as tonight on tonight.finding_id = turned.finding_id and tonight.night = 'tonight'
    left join held as before on before.finding_id = turned.finding_id and before.night = 'before'
    where tonight.persons is distinct from before.persons
),

policies as (
    select distinct turned.finding_id
    from turned
    inner join since.policy as policy on policy.rule = turned.rule
    where turned.area_code is null or starts_with(turned.area_code, policy.area) or starts_with(policy.area, turned.area_code)
)

select
    turned.finding_id,
    turned.rule,
    case
        when not exists (select 1 from past.rules) then 'rows'
        when last_night.rule is null then 'program'
        when last_night.status = 'skipped' and last_night.reason like '缺参数%' then 'policy'
        when last_night.status = 'skipped' then 'rows'
        when moves.finding_id is not null then 'moves'
        when row_changes.finding_id is not null then 'rows'
        when relinked.finding_id is not null then 'links'
        when policies.finding_id is not null then 'policy'
        when rules.version is distinct from last_night.version or rules.program is distinct from last_night.program then 'program'
        else 'night'
    end as cause
from turned
left join past.rules as last_night on last_night.rule = turned.rule
left join found.rules as rules on rules.rule = turned.rule
left join moves on moves.finding_id = turned.finding_id
left join row_changes on row_changes.finding_id = turned.finding_id
left join relinked on relinked.finding_id = turned.finding_id
left join policies on policies.finding_id = turned.finding_id
