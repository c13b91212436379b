-- A household on dibao whose class and last review are known, with the day by
-- which it had to be reviewed again; null where its place has no term for its
-- class. A class that the families' file leaves empty is the head's.
--
-- key: household

with

reviewed as (
    select
        dibao_households.household,
        dibao_households.area_code,
        list.review as reviewed_on,
        coalesce(list.class, heads.class) as class
    from normal.dibao_households
    inner join raw.dibao_families as list on list.record = dibao_households.family_record
    left join raw.dibao_persons as heads on heads.record = dibao_households.head_record
    where dibao_households.on_dibao
)

select
    reviewed.household,
    reviewed.reviewed_on,
    reviewed.class,
    months_after(reviewed.reviewed_on, case reviewed.class
        when 'a' then places.recheck_months_a
        when 'b' then places.recheck_months_b
        when 'c' then places.recheck_months_c
    end) as due_on
from reviewed
left join normal.places on places.area_code = reviewed.area_code
where reviewed.reviewed_on is not null and reviewed.class is not null
