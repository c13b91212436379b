-- A person who draws one of the two allowances of disabled people that is not
-- due: on tekun; without a certificate in force; the care allowance at level 3 or
-- 4; or the living allowance on neither dibao nor the edge.
--
-- title: 残疾人两项补贴不应发放
-- subject: person
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(二)4 残疾人两项补贴
-- money: overpaid
-- needs: disability, disability_allowances, dibao_persons
-- exceptions: link_under_review
-- reason: {name}每月领取{kinds}，但{ground}，请核实，不符合条件的停发并处理多发资金。
-- facts: disability_allowances name id_no kind month_amount amount start_month stop_month state;
--   disability certificate_no disability level state valid_until; tekun name state start_month;
--   dibao_persons name state covered stop_month; edge name state stop_month
-- word: ground tekun 为特困供养人员
-- word: ground certificate 残疾人证已失效
-- word: ground level 残疾等级为三级或四级
-- word: ground uncovered 不在低保和低保边缘名册
-- word: kinds living 困难残疾人生活补贴
-- word: kinds care 重度残疾人护理补贴
-- word: kinds both 困难残疾人生活补贴和重度残疾人护理补贴
-- word: kinds other 残疾人补贴
-- label: ground 情形
-- label: kinds 补贴

with

certified as (
    select
        person,
        bool_or(in_force) as in_force,
        coalesce(bool_or(in_force and level in ('3', '4')), false)
        and not coalesce(bool_or(in_force and level in ('1', '2')), false) as is_mild,
        coalesce(min(record) filter (where in_force), min(record)) as record
    from normal.certificates
    group by person
),

tekun_people as (
    select person, min(record) as record
    from normal.protections
    where roll = 'tekun'
    group by person
),

covered as (
    select record, person
    from normal.protections
    where roll in ('dibao', 'edge')
),

reviewed as (
    select reviews.person, min(reviews.record) as record
    from normal.reviews
    semi join covered on covered.record = reviews.record
    group by reviews.person
),

covered_people as (
    select distinct person
    from covered
),

judged as (
    select
        allowances.person,
        allowances.record,
        allowances.kind,
        allowances.month_fen,
        case
            when tekun_people.person is not null then 1
            when not certified.in_force then 2
            when allowances.kind = 'care' and certified.is_mild then 3
            when allowances.kind = 'living' and covered_people.person is null
                then case when reviewed.person is null then 4 else 5 end
        end as ground,
        tekun_people.record as tekun_record,
        certified.record as certificate_record,
        reviewed.record as review_record
    from normal.allowances
    left join certified on certified.person = allowances.person
    left join tekun_people on tekun_people.person = allowances.person
    left join covered_people on covered_people.person = allowances.person
    left join reviewed on reviewed.person = allowances.person
    where allowances.in_force
),

grounds as (
    select person, min(ground) as ground
    from judged
    where ground is not null
    group by person
),

shown as (
    select
        judged.person,
        judged.record,
        judged.kind,
        judged.month_fen,
        grounds.ground,
        case
            when judged.ground = 1 then judged.tekun_record
            when judged.ground in (2, 3) then judged.certificate_record
            when judged.ground = 5 then judged.review_record
        end as why_record,
        person_key(
            judged.person, persons.id_no, persons.id_key, 'disability_allowances',
            coalesce(persons.village, persons.town, ''), persons.name_fold
        ) as subject_key,
        persons.id_key is not null as has_id
    from judged
    inner join grounds on grounds.person = judged.person
    inner join normal.persons on persons.record = judged.record
    where judged.ground < 5 or grounds.ground = 5
),

ranked as (
    select
        person,
        record,
        ground,
        subject_key,
        row_number() over (partition by person order by has_id desc, record nulls last) as place
    from shown
),

findings as (
    select
        person,
        record,
        ground,
        subject_key,
        row_number() over (partition by subject_key order by record nulls last) as turn
    from ranked
    where place = 1
),

kinds as (
    select person, kind, max(month_fen) as month_fen
    from shown
    group by person, kind
),

sums as (
    select
        person,
        cast(sum(month_fen) as bigint) as month_fen,
        case when count(kind) = 2 then 'both' else coalesce(min(kind), 'other') end as kinds
    from kinds
    group by person
),

evidence as (
    select person, record from shown
    union
    select person, why_record as record from shown where why_record is not null
)

select
    findings.subject_key,
    findings.record as subject_record,
    households_of.dibao_household,
    households_of.register_household,
    households_of.area_code,
    households_of.town,
    households_of.village,
    case when findings.ground = 5 then 'link_under_review' end as exception,
    sums.month_fen,
    evidence.record as evidence_record,
    case findings.ground when 1 then 'tekun' when 2 then 'certificate' when 3 then 'level' else 'uncovered' end as ground,
    sums.kinds
from findings
inner join sums on sums.person = findings.person
inner join evidence on evidence.person = findings.person
left join normal.households_of on households_of.person = findings.person
where findings.turn = 1
