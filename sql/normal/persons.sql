-- A record of a list of persons that names one: who it says it is, where, in
-- which household, and whether it still stands on its roll. Sex and birth date
-- are the record's own, else the ID's. Lists of households under their heads
-- (dibao_families, dibao_payments) are not here.
--
-- key: record

with

lists as (
    select
        record, 'dibao_persons' as roll, household_no, relation, relation is null and id_no = head_id_no as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.dibao_persons
    union all
    select
        record, 'register' as roll, household_no, relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.register
    union all
    select
        record, 'tekun' as roll, household_no, relation, relation is null and id_no = head_id_no as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.tekun
    union all
    select
        record, 'edge' as roll, household_no, relation, relation is null and id_no = head_id_no as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.edge
    union all
    select
        record, 'rigid_spending' as roll, household_no, relation, relation is null and id_no = head_id_no as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.rigid_spending
    union all
    select
        record, 'disability' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.disability
    union all
    select
        record, 'disability_allowances' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.disability_allowances
    union all
    select
        record, 'children' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.children
    union all
    select
        record, 'deaths' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.deaths
    union all
    select
        record, 'insurance' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.insurance
    union all
    select
        record, 'medical' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.medical
    union all
    select
        record, 'temporary_relief' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.temporary_relief
    union all
    select
        record, 'vehicles' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.vehicles
    union all
    select
        record, 'houses' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.houses
    union all
    select
        record, 'enterprises' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.enterprises
    union all
    select
        record, 'fiscal_payroll' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.fiscal_payroll
    union all
    select
        record, 'social_insurance' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.social_insurance
    union all
    select
        record, 'provident_fund' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.provident_fund
    union all
    select
        record, 'approvals' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.approvals
    union all
    select
        record, 'homes' as roll, cast(null as string) as household_no,
        cast(null as string) as relation, false as names_itself,
        name, name_fold, name_sound, id_no, id_kind, id_key,
        coalesce(sex, id_sex) as sex, coalesce(birth, id_birth) as birth,
        area_code, town, village
    from raw.homes
    where name is not null or id_no is not null
)

select
    lists.record,
    lists.roll,
    coalesce(lists.household_no, household_keys.household) as household,
    lists.name,
    lists.name_fold,
    lists.name_sound,
    lists.id_no,
    lists.id_kind,
    lists.id_key,
    lists.sex,
    lists.birth,
    lists.area_code,
    lists.town,
    lists.village,
    lists.relation,
    lists.relation is not distinct from 'head'
    or lists.names_itself is true
    or household_keys.is_head is true as is_head,
    departed.record is null as present
from lists
left join normal.household_keys on household_keys.record = lists.record
left join normal.departed on departed.record = lists.record
