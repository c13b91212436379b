-- The register household that a dibao household is compared with: the one with
-- the most linked members, then the smaller key.
--
-- key: dibao_household

with

ranked as (
    select
        dibao_household,
        register_household,
        row_number() over (
            partition by dibao_household
            order by common_members desc, register_household nulls last
        ) as place
    from link.household_links
    where common_members > 0
)

select dibao_household, register_household
from ranked
where place = 1
