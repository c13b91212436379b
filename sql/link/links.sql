-- A pair of records held to be one person (linked), or to be looked at by an officer
-- (review), with how they met and what speaks for it: weight is the log2 odds of
-- their pattern (what agrees, what differs, what is missing; see
-- pipeline/link/weights.go), probability what follows from it. A birth date that
-- comes out of another ID is not counted against the pair twice. Side a is the roll
-- that link.rolls names first.
--
-- key: a_record, b_record
-- check: decision in ('linked', 'review')

with

pairs as (
    select
        linked_pairs.a_record,
        linked_pairs.b_record,
        linked_pairs.a_roll_no,
        linked_pairs.b_roll_no,
        linked_pairs.method,
        'linked' as decision
    from link.linked_pairs
    union all
    select
        review_pairs.a_record,
        review_pairs.b_record,
        review_pairs.a_roll_no,
        review_pairs.b_roll_no,
        'none' as method,
        'review' as decision
    from link.review_pairs
),

patterns as (
    select
        pairs.a_record,
        pairs.b_record,
        a.roll as a_roll,
        b.roll as b_roll,
        pairs.method,
        pairs.decision,
        case
            when a.id_key = b.id_key then 300000
            when pairs.method = 'repaired_id' then 200000
            when a.id_key is null or b.id_key is null then 100000
            else 0
        end
        + case
            when a.name_fold = b.name_fold then 50000
            when a.name_fold is null or b.name_fold is null then 0
            else name_level(a.name_fold, b.name_fold) * 10000
        end
        + case
            when a.birth = b.birth then 2000
            when a.id_key <> b.id_key then 1000
            when a.birth <> b.birth then 0
            else 1000
        end
        + case when a.sex = b.sex then 200 when a.sex <> b.sex then 0 else 100 end
        + case
            when length(a.area_code) = 12 and a.area_code = b.area_code then 20
            when length(a.area_code) < 9 and a.town = b.town and a.village = b.village then 20
            when substring(a.area_code, 1, 9) = substring(b.area_code, 1, 9) then 10
            when a.area_code is null or b.area_code is null then 10
            when length(a.area_code) < 9 or length(b.area_code) < 9 then 10
            else 0
        end
        + case
            when pairs.method <> 'household' then 0
            when a.relation = b.relation then 2
            else 1
        end as pattern
    from pairs
    inner join normal.persons as a on a.record = pairs.a_record
    inner join normal.persons as b on b.record = pairs.b_record
)

select
    patterns.a_record,
    patterns.b_record,
    patterns.a_roll,
    patterns.b_roll,
    case
        when patterns.decision = 'linked' then patterns.method
        when patterns.pattern >= 300000 then 'exact_id'
        else 'name_place'
    end as method,
    patterns.pattern,
    weights.weight,
    weights.probability,
    patterns.decision,
    case
        when patterns.method = 'repaired_id' then coalesce(a_repair.repair, b_repair.repair)
    end as repair
from patterns
inner join link.weights using (pattern)
left join link.repair_texts as a_repair on a_repair.record = patterns.a_record
left join link.repair_texts as b_repair on b_repair.record = patterns.b_record
