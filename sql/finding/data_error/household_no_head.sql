-- A household of dibao or the register of more than one record, the stopped and
-- the gone apart, that has no head or two, or in which a relation to the head is
-- impossible: the sex against the word, a child not younger or a parent not older
-- than the head, a spouse of the head's sex, a head or spouse under 16 beside an
-- adult. Where no record says its relation, that nobody is the head says nothing;
-- nor does a wrong ID of sex and age.
--
-- title: 户主或与户主关系有误
-- subject: household
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: dibao_persons | register
-- reason: {roll}中{name}所在户{how}（{members}），请核对户主和家庭成员关系后更正。
-- facts: dibao_persons name id_no relation sex birth state; register name id_no relation sex birth state
-- word: roll dibao_persons 低保名册
-- word: roll register 脱贫人口和监测对象名册
-- word: how no_head 没有户主
-- word: how two_heads 有两名以上户主
-- word: how sex_against_relation 成员性别与户主关系矛盾
-- word: how child_not_younger 子女不比户主年幼
-- word: how parent_not_older 父母不比户主年长
-- word: how spouse_of_same_sex 配偶与户主性别相同
-- word: how head_too_young 有成年人而户主或配偶不满16周岁
-- label: roll 名册
-- label: how 情形
-- label: members 涉及人员

with

members as (
    select
        persons.roll,
        persons.household,
        persons.record,
        persons.name,
        persons.name_fold,
        persons.relation,
        persons.is_head,
        coalesce(list.sex, case when list.id_key is not null then list.id_sex end) as sex,
        coalesce(list.birth, case when list.id_key is not null then list.id_birth end) as birth
    from normal.persons
    inner join raw.records as list on list.record = persons.record
    where persons.roll in ('dibao_persons', 'register') and persons.present and persons.household is not null
),

-- Without a single head the oldest is shown, whatever the order of the rows.
placed as (
    select
        roll, household, record, is_head, relation, birth,
        row_number() over (
            partition by roll, household
            order by is_head desc, birth nulls last, name_fold nulls last, record nulls last
        ) as place
    from members
),

households as (
    select
        roll,
        household,
        count(*) filter (where is_head) as heads,
        count(relation) as relations,
        min(record) filter (where place = 1) as head_record,
        min(birth) as first_birth
    from placed
    group by roll, household
    having count(*) > 1
),

compared as (
    select
        members.roll,
        members.household,
        members.record,
        members.name,
        case
            when households.heads = 0 and households.relations > 0 then 'no_head'
            when households.heads > 1 and members.is_head then 'two_heads'
            when members.sex = 'female' and members.relation in (
                'son', 'grandson', 'great_grandson', 'father', 'father_in_law', 'grandfather', 'son_in_law',
                'grandson_in_law', 'brother'
            ) then 'sex_against_relation'
            when members.sex = 'male' and members.relation in (
                'daughter', 'granddaughter', 'great_granddaughter', 'mother', 'mother_in_law', 'grandmother',
                'daughter_in_law', 'granddaughter_in_law', 'sister'
            ) then 'sex_against_relation'
            when members.relation in ('son', 'daughter', 'child') and members.birth <= heads.birth
                then 'child_not_younger'
            when members.relation in ('father', 'mother', 'parent') and members.birth >= heads.birth
                then 'parent_not_older'
            when members.relation = 'spouse' and members.sex = heads.sex then 'spouse_of_same_sex'
            when (members.is_head or members.relation = 'spouse')
                and whole_years(members.birth, night()) < 16
                and whole_years(households.first_birth, night()) >= 18
                then 'head_too_young'
        end as how
    from members
    inner join households on households.roll = members.roll and households.household = members.household
    inner join members as heads on heads.record = households.head_record
),

ranked as (
    select
        roll, household, record, name, how,
        dense_rank() over (
            partition by roll, household
            order by case how
                when 'no_head' then 1
                when 'two_heads' then 2
                when 'sex_against_relation' then 3
                when 'child_not_younger' then 4
                when 'parent_not_older' then 5
                when 'spouse_of_same_sex' then 6
                else 7
            end nulls last
        ) as place
    from compared
    where how is not null
),

findings as (
    select roll, household, how, list_text(array_agg(name) filter (where name is not null)) as members
    from ranked
    where place = 1
    group by roll, household, how
)

select
    case when findings.roll = 'register' then 'register:' else 'dibao:' end || findings.household as subject_key,
    households.head_record as subject_record,
    case when findings.roll = 'dibao_persons' then findings.household end as dibao_household,
    case when findings.roll = 'register' then findings.household end as register_household,
    cast(null as string) as exception,
    members.record as evidence_record,
    findings.roll,
    findings.how,
    findings.members
from findings
inner join households on households.roll = findings.roll and households.household = findings.household
inner join members on members.roll = findings.roll and members.household = findings.household
