-- A settled bill on which less assistance was paid than the ratio of its class
-- asks, by more than one yuan.
--
-- title: 医疗救助比例偏低
-- subject: claim
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(三)4 医疗救助比例
-- needs: medical, tekun | dibao_persons
-- parameters: medical_ratio_tekun, medical_ratio_sanwu_urban, medical_ratio_serious
-- exceptions: yearly_cap
-- reason: {name}按{class}应救助政策范围内自付费用的{ratio}%，计{due}元，实际救助{assistance}元，请复核后补足。
-- facts: medical name id_no claim_no aid_class hospital discharged settled policy_self_pay start_line assistance cap_left remark;
--   tekun name id_no benefit state start_month; dibao_persons name id_no state start_month
-- word: class tekun 特困人员
-- word: class sanwu_urban 城镇三无人员
-- word: class dibao 低保对象
-- label: class 救助对象类别
-- label: ratio 应达比例（%）
-- label: due 应救助金额
-- label: assistance 实际救助金额

with

short as (
    select
        aided_claims.record,
        aided_claims.person,
        aided_claims.class,
        aided_claims.roll_record,
        aided_claims.is_capped,
        aided_claims.ratio_ten_thousandths,
        aided_claims.due_fen,
        aided_claims.assistance_fen,
        'claim:' || coalesce(
            list.claim_no,
            person_key(
                aided_claims.person, persons.id_no, persons.id_key, 'medical',
                coalesce(persons.village, persons.town, ''), persons.name_fold
            )
            || ':' || coalesce(cast(list.discharged as string), '')
            || ':' || coalesce(cast(list.total_fen as string), '')
        ) as subject_key
    from normal.aided_claims
    inner join raw.medical as list on list.record = aided_claims.record
    inner join normal.persons on persons.record = aided_claims.record
    where aided_claims.is_short
),

findings as (
    select
        record, person, class, roll_record, is_capped, ratio_ten_thousandths, due_fen, assistance_fen, subject_key,
        row_number() over (partition by subject_key order by is_capped nulls last, record nulls last) as place
    from short
),

evidence as (
    select subject_key, record from findings where place = 1
    union all
    select subject_key, roll_record as record from findings where place = 1 and roll_record is not null
)

select
    findings.subject_key,
    findings.record as subject_record,
    households_of.dibao_household,
    households_of.register_household,
    households_of.area_code,
    households_of.town,
    households_of.village,
    case when findings.is_capped then 'yearly_cap' end as exception,
    findings.due_fen - findings.assistance_fen as month_fen,
    evidence.record as evidence_record,
    findings.class,
    percent_text(findings.ratio_ten_thousandths) as ratio,
    findings.due_fen,
    findings.assistance_fen
from findings
inner join evidence on evidence.subject_key = findings.subject_key
left join normal.households_of on households_of.person = findings.person
where findings.place = 1
