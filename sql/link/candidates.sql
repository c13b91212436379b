-- A record left over of dibao and one of the register that met, and of which nobody
-- has decided that they are two persons', compared once: the
-- pattern has a digit a comparison (link.Comparisons), the two households are those
-- in which they stand, and the frequencies are how common the name is, its surname
-- in the place that both live in and its given name among those of the surname.
--
-- key: a_record, b_record

with

met as (
    select met_by_number.a_record, met_by_number.b_record
    from link.met_by_number
    union
    select met_by_place.a_record, met_by_place.b_record
    from link.met_by_place
    union
    select met_at_home.a_record, met_at_home.b_record
    from link.met_at_home
)

select
    a_leftover.identity as a_node,
    b_leftover.identity as b_node,
    met.a_record,
    met.b_record,
    household_pairs.dibao_household,
    household_pairs.register_household,
    coalesce(household_pairs.common, 0) as common,
    a_leftover.is_alone or b_leftover.is_alone as is_alone,
    case
        when a.id_key = b.id_key then 3
        when met_by_number.is_repaired then 2
        when a.id_key is null or b.id_key is null then 1
        else 0
    end * 100000
    + name_agreement(a.name_fold, b.name_fold, a.surname, b.surname) * 10000
    + case
        when met_by_number.is_repaired then birth_agreement(a.birth, b.birth, true)
        when a.id_key <> b.id_key then 1
        else birth_agreement(a.birth, b.birth, coalesce(a.id_key = b.id_key, false))
    end * 1000
    + agreement(a.sex, b.sex) * 100
    + place_agreement(a.area_code, b.area_code, a.town, b.town, a.village, b.village) * 10
    + relation_agreement(a.relation, b.relation) as pattern,
    coalesce(village_surnames.share_millionths, surnames.share_millionths) as surname_millionths,
    given_names.share_millionths as given_millionths
from met
anti join link.rulings
    on rulings.a_record = met.a_record and rulings.b_record = met.b_record
inner join link.leftovers as a_leftover on a_leftover.record = met.a_record
inner join link.leftovers as b_leftover on b_leftover.record = met.b_record
inner join normal.persons as a on a.record = met.a_record
inner join normal.persons as b on b.record = met.b_record
left join link.met_by_number
    on met_by_number.a_record = met.a_record and met_by_number.b_record = met.b_record
left join link.household_pairs
    on household_pairs.dibao_household = a.household
    and household_pairs.register_household = b.household
left join link.surnames on surnames.surname = a.surname
left join link.village_surnames
    on village_surnames.surname = a.surname
    and village_surnames.town = a.town
    and village_surnames.village = a.village
    and b.town = a.town
    and b.village = a.village
left join link.given_names on given_names.name_fold = a.name_fold and b.name_fold = a.name_fold
