-- Two records of different lists held to be one person, at least one of them on
-- dibao, the register, tekun, edge or rigid spending. Two other lists meet in
-- people.person alone: their pairs would be many and say nothing more. Whoever
-- is twice on a roll has a row for each record.
--
-- key: a_record, b_record

with

pairs as (
    select
        a.record as a_record,
        b.record as b_record,
        a.roll_no as a_roll_no,
        b.roll_no as b_roll_no,
        a.person_no,
        a.identity as a_identity,
        b.identity as b_identity
    from link.groups as a
    inner join link.groups as b on a.person_no = b.person_no and a.roll_no < b.roll_no
    where a.is_spine
),

-- How two identities met; where they met by way of a third, the weakest method
-- of that person: household before name_place before repaired_id before scored.
methods as (
    select
        edges.a_node as from_identity,
        edges.b_node as to_identity,
        edges.method
    from link.edges
    union all
    select
        edges.b_node as from_identity,
        edges.a_node as to_identity,
        edges.method
    from link.edges
),

weakest as (
    select
        components.component,
        min(edges.method) as method
    from link.edges
    inner join link.components on components.identity = edges.a_node
    group by components.component
)

select
    pairs.a_record,
    pairs.b_record,
    pairs.a_roll_no,
    pairs.b_roll_no,
    case
        when pairs.a_identity = pairs.b_identity then 'exact_id'
        else coalesce(methods.method, weakest.method)
    end as method
from pairs
left join methods
    on methods.from_identity = pairs.a_identity and methods.to_identity = pairs.b_identity
left join weakest on weakest.component = pairs.person_no
