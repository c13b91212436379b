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
        decided.weight,
        decided.probability,
        coalesce(decided.ground, case when a.id_key = b.id_key then 2 else 0 end) as ground,
        coalesce(
            decided.pattern,
            case
                when a.id_key = b.id_key then 3
                when pairs.method = 'repaired_id' then 2
                when a.id_key is null or b.id_key is null then 1
                else 0
            end * 100000
            + name_agreement(a.name_fold, b.name_fold, a.surname, b.surname) * 10000
            + case
                when a.id_key <> b.id_key then 1
                else birth_agreement(
                    a.birth, b.birth,
                    coalesce(a.id_key = b.id_key, false) or pairs.method = 'repaired_id'
                )
            end * 1000
            + agreement(a.sex, b.sex) * 100
            + place_agreement(
                a.area_code, b.area_code, a.town, b.town, a.village, b.village
            ) * 10
            + relation_agreement(a.relation, b.relation)
        ) as pattern
    from pairs
    inner join normal.persons as a on a.record = pairs.a_record
    inner join normal.persons as b on b.record = pairs.b_record
    left join link.decided
        on decided.a_record = pairs.a_record and decided.b_record = pairs.b_record
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
    patterns.ground,
    patterns.pattern,
    coalesce(patterns.weight, weights.weight) as weight,
    coalesce(patterns.probability, weights.probability) as probability,
    patterns.decision,
    case
        when patterns.method = 'repaired_id' then coalesce(a_repair.repair, b_repair.repair)
    end as repair
from patterns
inner join link.weights
    on weights.ground = patterns.ground and weights.pattern = patterns.pattern
left join link.repair_texts as a_repair on a_repair.record = patterns.a_record
left join link.repair_texts as b_repair on b_repair.record = patterns.b_record
