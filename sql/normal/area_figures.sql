-- An area that rules of figures judge, with the name of a parameter: the
-- workspace's own area for every parameter, and each area inside it for those that
-- it has a row of its own for tonight.
--
-- key: area_code, name

with

own_area as (
    select max(area_code) as area_code
    from policy.areas
)

select own_area.area_code, parameters.name
from policy.parameters
cross join own_area
where own_area.area_code is not null
union
select parameters.area as area_code, parameters.name
from policy.parameters
cross join own_area
where parameters.value is not null
and (parameters.valid_from is null or parameters.valid_from <= night())
and (parameters.valid_to is null or night() < parameters.valid_to)
and length(parameters.area) > length(own_area.area_code)
and substring(parameters.area, 1, length(own_area.area_code)) = own_area.area_code
