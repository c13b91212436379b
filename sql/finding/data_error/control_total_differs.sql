-- A file and column whose own total differs from the sum of its rows; rejected
-- rows are counted apart. Of several totals in a file the first that differs is
-- shown. The finding keeps its identity while only digits of the file's name
-- change; where that does not tell two files apart they are numbered.
--
-- title: 合计与明细不符
-- subject: record
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: any
-- reason: 文件{file}中“{column_name}”一列的合计{total}与逐行相加{sum}不符，
--   另有{rejected}行拒收，请核对漏行或填错的行。
-- word: column_name total_month 合计
-- word: column_name base_month 户月保障金额
-- word: column_name supplement_month 分类施保金额
-- word: column_name care_month 照料护理费用
-- word: column_name total 合计金额
-- word: column_name base 保障金
-- word: column_name supplement 分类施保金
-- word: column_name covered_people 保障人数
-- word: column_name people 人数
-- word: column_name income_year 年收入
-- word: column_name amount 金额
-- word: column_name month_amount 补贴标准
-- word: column_name months 月数
-- word: column_name supplement_family_month 家庭分类施保总额
-- word: column_name supplement_persons_month 人员分类施保总额
-- word: column_name subsidy 资助金额
-- word: column_name own_pay 个人缴费
-- word: column_name assistance 救助金额
-- word: column_name basic_paid 基本医保支付
-- word: column_name serious_paid 大病支付
-- word: column_name policy_self_pay 政策范围内自付
-- word: column_name amount_month 发放金额
-- word: column_name standard_month 标准
-- word: column_name places 床位数
-- word: column_name pay_month 应发
-- word: column_name pension_month 待遇金额
-- word: column_name unit_pay 单位缴交
-- word: column_name balance 余额
-- word: column_name pay_base 缴费基数
-- word: column_name income_head_year 人均收入
-- word: column_name deductions_year 刚性支出扣减
-- word: column_name transfer_year 转移性收入
-- word: column_name dibao_income_year 低保金
-- word: column_name tekun_income_year 特困人员救助供养金
-- word: column_name homes 拥有产权住房套数
-- word: column_name start_line 起付线
-- word: column_name cap_left 年度限额余额
-- word: column_name area 建筑面积
-- word: roll dibao_persons 低保人员
-- word: roll dibao_families 低保家庭
-- word: roll dibao_payments 低保发放
-- word: roll register 脱贫人口和监测对象
-- word: roll tekun 特困人员
-- word: roll edge 低保边缘
-- word: roll rigid_spending 刚性支出
-- word: roll disability 残疾证
-- word: roll disability_allowances 残疾人两项补贴
-- word: roll children 孤儿和事实无人抚养儿童
-- word: roll insurance 参保资助
-- word: roll medical 医疗救助
-- word: roll temporary_relief 临时救助
-- word: roll houses 房产
-- word: roll fiscal_payroll 财政供养
-- word: roll social_insurance 社会保险
-- word: roll provident_fund 住房公积金
-- word: roll homes 供养机构
-- label: roll 名册
-- label: column_name 列
-- label: total 文件合计
-- label: sum 逐行相加
-- label: rejected 拒收行数

with

stems as (
    select distinct
        roll,
        file,
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
            file, '0', ''), '1', ''), '2', ''), '3', ''), '4', ''), '5', ''), '6', ''), '7', ''), '8', ''), '9', ''
        ) as stem
    from raw.files
),

numbered as (
    select
        roll,
        file,
        stem,
        row_number() over (partition by roll, stem order by file nulls last) as number_in_stem,
        count(*) over (partition by roll, stem) as files
    from stems
),

differing as (
    select
        record,
        roll,
        file,
        sheet,
        column_name,
        total,
        sum,
        rejected,
        row_number() over (
            partition by roll, file, column_name order by record nulls last, sheet nulls last, total nulls last
        ) as place
    from raw.controls
    where total <> sum
)

select
    differing.roll || ':' || differing.column_name || ':' || coalesce(numbered.stem, differing.file)
    || case when numbered.files > 1 then '#' || cast(numbered.number_in_stem as string) else '' end as subject_key,
    cast(null as bigint) as subject_record,
    cast(null as string) as exception,
    differing.file,
    differing.sheet,
    differing.roll,
    differing.column_name as column_name,
    cast(differing.total as string) as total,
    cast(differing.sum as string) as sum,
    differing.rejected
from differing
left join numbered on numbered.roll = differing.roll and numbered.file = differing.file
where differing.place = 1
