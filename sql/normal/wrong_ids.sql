-- A record of dibao, tekun or the register whose ID is wrong, and how: its
-- length, check digit or birth date, a mask, a placeholder, a spreadsheet's
-- damage, fifteen digits, none at all; or a sound one that disagrees with the
-- record's own sex or birth date.
--
-- key: record

with

ids as (
    select record, 'dibao_persons' as roll, id_kind, sex, birth, id_sex, id_birth from raw.dibao_persons
    union all
    select record, 'tekun' as roll, id_kind, sex, birth, id_sex, id_birth from raw.tekun
    union all
    select record, 'register' as roll, id_kind, sex, birth, id_sex, id_birth from raw.register
),

judged as (
    select
        record,
        roll,
        case
            when id_kind not in ('valid', 'certificate20', 'certificate22') then id_kind
            when birth <> id_birth then 'birth_differs'
            when sex <> id_sex then 'sex_differs'
        end as kind
    from ids
)

select record, roll, kind
from judged
where kind is not null
