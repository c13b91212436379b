-- A record of a list of persons that names one: who it says it is, where, in
-- which household, and whether it still stands on its roll. Sex and birth date
-- are the record's own, else the ID's. Lists of households under their heads
-- (dibao_families, dibao_payments) are not here, nor a home without a resident.
--
-- key: record

select
    list.record,
    list.roll,
    coalesce(list.household_no, household_keys.household) as household,
    list.name,
    list.name_fold,
    list.name_sound,
    list.surname,
    list.id_no,
    list.id_kind,
    list.id_key,
    coalesce(list.sex, list.id_sex) as sex,
    coalesce(list.birth, list.id_birth) as birth,
    list.area_code,
    list.town,
    list.village,
    list.relation,
    list.relation is not distinct from 'head'
    or coalesce(list.relation is null and list.id_no = list.head_id_no, false)
    or household_keys.is_head is true as is_head,
    departed.record is null as present
from raw.records as list
left join normal.household_keys on household_keys.record = list.record
left join normal.departed on departed.record = list.record
where not list.headed and (list.name is not null or list.id_no is not null)
