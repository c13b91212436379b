-- A dibao household of which fewer are covered than belong to it, or of which one
-- person is covered while the register has somebody else in the household who is
-- able and aged 18 to 59.
--
-- title: 保人不保户
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)2 以家庭为单位审核、应保尽保
-- needs: dibao_persons, dibao_families | register
-- exceptions: single_person_cover, household_split
-- reason: {name}户家庭人口{people}人，保障{covered}人，{how}，请核实共同生活的家庭成员，按户审核保障。
-- facts: dibao_families head_name household_no people covered_people split_on;
--   dibao_persons name id_no relation covered single_person; register name id_no relation labour birth
-- word: how part_of_household 存在保人不保户情况
-- word: how one_beside_able 名册同户另有18至59周岁有劳动能力的成员
-- label: how 情形
-- label: people 家庭人口
-- label: covered 保障人口

with

households as (
    select
        dibao_households.household,
        dibao_households.head_record,
        dibao_households.family_record,
        dibao_households.people,
        dibao_households.covered,
        coalesce(dibao_households.covered < dibao_households.people, false) as is_part,
        dibao_households.single_person,
        families.split_on,
        case when dibao_households.head_record is null then families.name end as name,
        case when dibao_households.head_record is null then families.id_no end as id_no,
        case when dibao_households.head_record is null then dibao_households.area_code end as area_code,
        case when dibao_households.head_record is null then families.town end as town,
        case when dibao_households.head_record is null then families.village end as village,
        register_of.register_household
    from normal.dibao_households
    left join raw.dibao_families as families on families.record = dibao_households.family_record
    left join normal.register_of on register_of.dibao_household = dibao_households.household
    where dibao_households.on_dibao
),

covered_persons as (
    select household, person
    from normal.members
    where roll = 'dibao' and on_roll
),

able_adults as (
    select members.household, members.person, members.record
    from normal.members
    semi join normal.able on able.record = members.record
    where members.roll = 'register'
    and whole_years(members.birth, night()) between 18 and 59
),

beside_able as (
    select households.household, able_adults.record
    from households
    inner join able_adults on able_adults.household = households.register_household
    anti join covered_persons
        on covered_persons.household = households.household and covered_persons.person = able_adults.person
    where households.covered = 1
),

able_households as (
    select distinct household
    from beside_able
),

findings as (
    select
        households.household,
        households.head_record,
        households.family_record,
        households.name,
        households.id_no,
        households.area_code,
        households.town,
        households.village,
        households.register_household,
        households.people,
        households.covered,
        case when households.is_part then 'part_of_household' else 'one_beside_able' end as how,
        case
            when households.single_person then 'single_person_cover'
            when households.split_on < night() then 'household_split'
        end as exception
    from households
    left join able_households on able_households.household = households.household
    where households.is_part or able_households.household is not null
),

evidence as (
    select household, family_record as record from findings
    union
    select findings.household, members.record
    from findings
    inner join normal.members on members.household = findings.household and members.roll = 'dibao'
    union
    select findings.household, beside_able.record
    from findings
    inner join beside_able on beside_able.household = findings.household
)

select
    'dibao:' || findings.household as subject_key,
    findings.head_record as subject_record,
    findings.household as dibao_household,
    findings.register_household,
    findings.exception,
    evidence.record as evidence_record,
    findings.name,
    findings.id_no,
    findings.area_code,
    findings.town,
    findings.village,
    findings.people,
    findings.covered,
    findings.how
from findings
inner join evidence on evidence.household = findings.household
where evidence.record is not null
