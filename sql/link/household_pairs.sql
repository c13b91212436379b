-- A household of dibao and one of the register that may be one, with a troubled
-- member on a side: they share people whose IDs say so (common), or somebody of
-- theirs met (common 0). The leftovers of the one may be those of the other.
--
-- key: dibao_household, register_household

with

in_question as (
    select distinct
        troubled.roll_no,
        troubled.household
    from link.troubled
    where troubled.household is not null
),

shared as (
    select
        identities.identity,
        identities.roll_no,
        persons.household
    from link.identities
    inner join link.standings using (identity)
    inner join normal.persons using (record)
    where
        identities.roll_no <= 2
        and standings.dibao_records > 0
        and standings.register_records > 0
        and persons.household is not null
),

sharing as (
    select
        dibao.household as dibao_household,
        register.household as register_household,
        dibao.identity
    from shared as dibao
    inner join in_question
        on in_question.roll_no = 1 and in_question.household = dibao.household
    inner join shared as register
        on register.identity = dibao.identity and register.roll_no = 2
    where dibao.roll_no = 1
    union
    select
        dibao.household as dibao_household,
        register.household as register_household,
        register.identity
    from shared as register
    inner join in_question
        on in_question.roll_no = 2 and in_question.household = register.household
    inner join shared as dibao
        on dibao.identity = register.identity and dibao.roll_no = 1
    where register.roll_no = 2
),

met as (
    select met_by_number.a_record, met_by_number.b_record
    from link.met_by_number
    union
    select met_by_place.a_record, met_by_place.b_record
    from link.met_by_place
),

possible as (
    select
        sharing.dibao_household,
        sharing.register_household,
        sharing.identity
    from sharing
    union
    select
        dibao.household as dibao_household,
        register.household as register_household,
        cast(null as bigint) as identity
    from met
    inner join normal.persons as dibao on dibao.record = met.a_record
    inner join normal.persons as register on register.record = met.b_record
    where dibao.household is not null and register.household is not null
)

select
    possible.dibao_household,
    possible.register_household,
    cast(count(possible.identity) as integer) as common
from possible
group by possible.dibao_household, possible.register_household
