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
),

compared as (
    select
        met.a_record,
        met.b_record,
        a.household as dibao_household,
        b.household as register_household,
        a.surname,
        case when a.name_fold = b.name_fold then a.name_fold end as shared_name,
        case when a.town = b.town and a.village = b.village then a.town end as shared_town,
        case when a.town = b.town and a.village = b.village then a.village end as shared_village,
        case
            when met_by_number.is_repaired then 2
            when met_by_number.is_repaired is false then 3
            when a.id_key is null or b.id_key is null then 1
            when a_crowded.id_key is not null or b_crowded.id_key is not null then 1
            else 0
        end as id_agreement,
        name_agreement(a.name_fold, b.name_fold, a.surname, b.surname) as name_agrees,
        case
            when met_by_number.is_repaired or a.id_key = b.id_key
                then birth_agreement(a.birth, b.birth, true)
            when a.id_key <> b.id_key then 1
            else birth_agreement(a.birth, b.birth, false)
        end as birth_agrees,
        agreement(a.sex, b.sex) as sex_agrees,
        place_agreement(a.area_code, b.area_code, a.town, b.town, a.village, b.village)
            as place_agrees,
        relation_agreement(a.relation, b.relation) as relation_agrees
    from met
    anti join link.rulings
        on rulings.a_record = met.a_record and rulings.b_record = met.b_record
    inner join normal.persons as a on a.record = met.a_record
    inner join normal.persons as b on b.record = met.b_record
    left join link.met_by_number
        on met_by_number.a_record = met.a_record and met_by_number.b_record = met.b_record
    left join link.crowded_keys as a_crowded on a_crowded.id_key = a.id_key
    left join link.crowded_keys as b_crowded on b_crowded.id_key = b.id_key
)

select
    a.identity as a_node,
    b.identity as b_node,
    compared.a_record,
    compared.b_record,
    compared.dibao_household,
    compared.register_household,
    coalesce(household_pairs.common, 0) as common,
    a.is_alone or b.is_alone as is_alone,
    compared.id_agreement * 100000
    + compared.name_agrees * 10000
    + compared.birth_agrees * 1000
    + compared.sex_agrees * 100
    + compared.place_agrees * 10
    + compared.relation_agrees as pattern,
    coalesce(village_surnames.share_millionths, surnames.share_millionths) as surname_millionths,
    given_names.share_millionths as given_millionths
from compared
inner join link.leftovers as a on a.record = compared.a_record
inner join link.leftovers as b on b.record = compared.b_record
left join link.household_pairs using (dibao_household, register_household)
left join link.surnames on surnames.surname = compared.surname
left join link.village_surnames
    on village_surnames.surname = compared.surname
    and village_surnames.town = compared.shared_town
    and village_surnames.village = compared.shared_village
left join link.given_names on given_names.name_fold = compared.shared_name
