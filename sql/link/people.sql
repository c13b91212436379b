-- A record and its person: one text for all records held to be one person tonight,
-- the same as long as its members are. It is the person's ID; with the name, where
-- persons with incompatible names share that ID; else the first roll, household and
-- name the person stands with, numbered where that is not single. link_state is
-- linked or review by the register for a record of dibao and the other way round,
-- for every other list by any of the rolls of households.
--
-- key: record
-- check: person is not null
-- check: link_state in ('linked', 'review', 'unlinked')

with

-- A person whose records all have one ID needs no search; one found to be several
-- identities has the smallest of their numbers.
merged as (
    select
        groups.person_no,
        min(identities.own_id_no) as id_no
    from link.components
    inner join link.identities using (identity)
    inner join link.groups on groups.record = identities.record
    where identities.own_id_no is not null
    group by groups.person_no
),

numberless as (
    select
        groups.person_no,
        groups.record,
        groups.roll_no
    from link.groups
    anti join merged on merged.person_no = groups.person_no
    where groups.identity < 0
),

sharing as (
    select
        numberless.person_no,
        min(persons.id_no || '~' || persons.name_fold) as person
    from numberless
    inner join normal.persons using (record)
    inner join link.split_names
        on split_names.id_key = persons.id_key and split_names.name_fold = persons.name_fold
    group by numberless.person_no
),

unnumbered as (
    select
        numberless.person_no,
        numberless.record,
        numberless.roll_no,
        rolls.roll || ':'
        || coalesce(persons.household, persons.area_code, '') || ':'
        || coalesce(persons.name_fold, '') as person,
        coalesce(persons.sex, '') as sex,
        persons.birth
    from numberless
    inner join link.rolls on rolls.roll_no = numberless.roll_no
    inner join normal.persons using (record)
    anti join sharing on sharing.person_no = numberless.person_no
),

first_standing as (
    select
        unnumbered.person_no,
        unnumbered.person,
        unnumbered.sex,
        unnumbered.birth,
        unnumbered.record,
        row_number() over (
            partition by unnumbered.person_no
            order by unnumbered.roll_no nulls last, unnumbered.person nulls last,
                unnumbered.sex nulls last, unnumbered.birth nulls last, unnumbered.record nulls last
        ) as standing
    from unnumbered
),

counted as (
    select
        first_standing.person_no,
        first_standing.person,
        cast(row_number() over (
            partition by first_standing.person
            order by first_standing.sex nulls last, first_standing.birth nulls last,
                first_standing.record nulls last
        ) as bigint) as n
    from first_standing
    where first_standing.standing = 1
),

named as (
    select merged.person_no, merged.id_no as person
    from merged
    union all
    select sharing.person_no, sharing.person
    from sharing
    union all
    select
        counted.person_no,
        case
            when counted.n = 1 then counted.person
            else counted.person || ':' || cast(counted.n as string)
        end as person
    from counted
),

judged as (
    select linked_pairs.a_record as record, 2 as state
    from link.linked_pairs
    where linked_pairs.b_roll_no = 2 or linked_pairs.a_roll_no > 2 and linked_pairs.b_roll_no <= 5
    union all
    select linked_pairs.b_record as record, 2 as state
    from link.linked_pairs
    union all
    select review_pairs.a_record as record, 1 as state
    from link.review_pairs
    where review_pairs.b_roll_no = 2 or review_pairs.a_roll_no > 2 and review_pairs.b_roll_no <= 5
    union all
    select review_pairs.b_record as record, 1 as state
    from link.review_pairs
),

states as (
    select
        judged.record,
        max(judged.state) as state
    from judged
    group by judged.record
)

select
    identities.record,
    coalesce(named.person, identities.own_id_no) as person,
    case states.state when 2 then 'linked' when 1 then 'review' else 'unlinked' end as link_state
from link.identities
left join link.components on components.identity = identities.identity
left join named on named.person_no = coalesce(components.component, identities.identity)
left join states on states.record = identities.record
