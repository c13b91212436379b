-- A child of a dibao or register household whose known parents are all dead, lost,
-- jailed or severely disabled, and who is not on the children's roll. A parent is
-- known by the household or by a children's record, in force or not; a father in
-- both is one father.
--
-- title: 困境儿童未纳入保障
-- subject: person
-- certainty: C
-- basis: 《社保兜底脱贫工程实施方案》二(二)3 困境儿童基本生活保障
-- needs: children, dibao_persons | register
-- exceptions: guardianship_pending, link_under_review
-- reason: {name}未满18周岁，已知父母{parents}人均死亡、失联、服刑戒毒或重残，
--   未纳入孤儿或事实无人抚养儿童保障，请核实监护情况，符合条件的及时纳入。
-- facts: children name kind father mother guardian state; dibao_persons name id_no relation birth;
--   register name id_no relation; deaths name died cremated;
--   disability name certificate_no disability level state valid_until
-- label: parents 已知父母人数

with

child_records as (
    select
        list.record,
        people.person,
        coalesce(list.state in ('active', 'paid', 'normal'), true) as in_force,
        coalesce(list.state = 'guardianship_pending', false) as pending,
        list.father_raw is not null and coalesce(list.father <> 'unknown', true) as father_known,
        list.mother_raw is not null and coalesce(list.mother <> 'unknown', true) as mother_known,
        coalesce(list.father in ('dead', 'lost', 'missing', 'jailed', 'detox', 'severe'), false) as father_gone,
        coalesce(list.mother in ('dead', 'lost', 'missing', 'jailed', 'detox', 'severe'), false) as mother_gone
    from raw.children as list
    inner join link.people on people.record = list.record
),

guaranteed as (
    select distinct person
    from child_records
    where in_force
),

minors as (
    select members.record, members.person, members.roll, members.household
    from normal.members
    anti join guaranteed on guaranteed.person = members.person
    where whole_years(members.birth, night()) < 18
),

told_parents as (
    select person, 'male' as sex, bool_or(father_gone) as gone
    from child_records
    where father_known
    group by person
    union all
    select person, 'female' as sex, bool_or(mother_gone) as gone
    from child_records
    where mother_known
    group by person
),

household_parents as (
    select
        minors.person,
        people.person as parent,
        parents.parent_record as record,
        persons.sex
    from minors
    inner join normal.parents on parents.child_record = minors.record
    inner join normal.persons on persons.record = parents.parent_record
    inner join link.people on people.record = parents.parent_record
),

grounds as (
    select person, record
    from normal.deaths
    where coalesce(died_on <= night(), true)
    union all
    select person, record
    from normal.certificates
    where in_force and severe
),

judged_parents as (
    select
        household_parents.person,
        household_parents.parent,
        max(household_parents.sex) as sex,
        count(grounds.record) > 0 as gone
    from household_parents
    left join grounds on grounds.person = household_parents.parent
    group by household_parents.person, household_parents.parent
),

known_parents as (
    select
        coalesce(judged_parents.person, told_parents.person) as person,
        coalesce(judged_parents.gone, false) or coalesce(told_parents.gone, false) as gone
    from judged_parents
    full outer join told_parents
        on told_parents.person = judged_parents.person and told_parents.sex = judged_parents.sex
),

left_alone as (
    select person, count(*) as parents
    from known_parents
    group by person
    having bool_and(gone)
),

standings as (
    select
        minors.person,
        minors.record,
        min(case when minors.roll = 'dibao' then minors.household end) over (partition by minors.person)
            as dibao_household,
        min(case when minors.roll = 'register' then minors.household end) over (partition by minors.person)
            as register_household,
        person_key(
            minors.person, persons.id_no, persons.id_key, persons.roll, minors.household, persons.name_fold
        ) as subject_key,
        row_number() over (
            partition by minors.person
            order by persons.id_key is not null desc, minors.record nulls last
        ) as place
    from minors
    inner join normal.persons on persons.record = minors.record
),

single as (
    select
        standings.subject_key,
        standings.person,
        standings.record,
        standings.dibao_household,
        standings.register_household,
        left_alone.parents,
        row_number() over (partition by standings.subject_key order by standings.record nulls last) as place
    from standings
    inner join left_alone on left_alone.person = standings.person
    where standings.place = 1
),

pending as (
    select distinct person
    from child_records
    where pending
),

reviewed as (
    select distinct reviews.person
    from normal.reviews
    inner join child_records on child_records.record = reviews.record
    where child_records.in_force
),

findings as (
    select
        single.subject_key,
        single.person,
        single.record,
        single.dibao_household,
        single.register_household,
        single.parents,
        case
            when pending.person is not null then 'guardianship_pending'
            when reviewed.person is not null then 'link_under_review'
        end as exception
    from single
    left join pending on pending.person = single.person
    left join reviewed on reviewed.person = single.person
    where single.place = 1
),

evidence as (
    select findings.subject_key, minors.record
    from findings
    inner join minors on minors.person = findings.person
    union
    select findings.subject_key, child_records.record
    from findings
    inner join child_records on child_records.person = findings.person
    union
    select findings.subject_key, household_parents.record
    from findings
    inner join household_parents on household_parents.person = findings.person
    union
    select findings.subject_key, grounds.record
    from findings
    inner join household_parents on household_parents.person = findings.person
    inner join grounds on grounds.person = household_parents.parent
)

select
    findings.subject_key,
    findings.record as subject_record,
    findings.dibao_household,
    findings.register_household,
    findings.exception,
    evidence.record as evidence_record,
    findings.parents
from findings
inner join evidence on evidence.subject_key = findings.subject_key
