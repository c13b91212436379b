-- A word of a coded column that policy/words.csv does not have: one finding a
-- roll, column and word, at the first record that has it. Whoever adds the word
-- to the table closes it.
--
-- title: 词表中没有的用语
-- subject: record
-- certainty: B
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: any
-- reason: {roll}“{column_name}”一列的“{word}”在词表（policy/words.csv）中没有，涉及{rows}行，请更正录入或把它补入词表。
-- facts: dibao_persons name id_no; dibao_families head_name head_id_no; dibao_payments head_name head_id_no;
--   register name id_no; tekun name id_no; edge name id_no; rigid_spending name id_no; disability name id_no;
--   disability_allowances name id_no; children name id_no; deaths name id_no; insurance name id_no; medical name
--   id_no; temporary_relief name id_no; vehicles name id_no; houses name id_no; enterprises name id_no;
--   fiscal_payroll name id_no; social_insurance name id_no; provident_fund name id_no; approvals name id_no; homes
--   name id_no
-- word: roll dibao_persons 低保人员名册
-- word: roll dibao_families 低保家庭名册
-- word: roll dibao_payments 低保发放表
-- word: roll register 脱贫人口和监测对象名册
-- word: roll tekun 特困人员名册
-- word: roll edge 低保边缘名册
-- word: roll rigid_spending 刚性支出困难名册
-- word: roll disability 持证残疾人名册
-- word: roll disability_allowances 残疾人两项补贴名册
-- word: roll children 孤儿和事实无人抚养儿童名册
-- word: roll deaths 死亡人员名册
-- word: roll insurance 参保与资助名册
-- word: roll medical 医疗救助名册
-- word: roll temporary_relief 临时救助名册
-- word: roll vehicles 车辆登记
-- word: roll houses 房产登记
-- word: roll enterprises 工商登记
-- word: roll fiscal_payroll 财政供养名册
-- word: roll social_insurance 社会保险名册
-- word: roll provident_fund 住房公积金名册
-- word: roll approvals 救助审批台账
-- word: roll homes 供养机构名册
-- word: column_name sex 性别
-- word: column_name relation 与户主关系
-- word: column_name benefit 救助类型
-- word: column_name state 状态
-- word: column_name stop_reason 停发原因
-- word: column_name class 分档类型
-- word: column_name method 救助金计算方式
-- word: column_name health 健康状况
-- word: column_name labour 劳动能力
-- word: column_name disability 残疾类别
-- word: column_name level 残疾等级
-- word: column_name marital 婚姻状况
-- word: column_name school_kind 在读学校性质
-- word: column_name employment 就业状况
-- word: column_name insurance_kind 参保类型
-- word: column_name reason 申请原因
-- word: column_name holder_relation 代领关系
-- word: column_name id_kind 证件类型
-- word: column_name left_reason 减少原因
-- word: column_name pupil 在校生状况
-- word: column_name household_kind 户类型
-- word: column_name lifted 脱贫属性
-- word: column_name watch 监测对象类别
-- word: column_name risk_1 致贫/返贫风险1
-- word: column_name risk_2 致贫/返贫风险2
-- word: column_name risk_3 致贫/返贫风险3
-- word: column_name risk_4 致贫/返贫风险4
-- word: column_name risk_5 致贫/返贫风险5
-- word: column_name flag_dibao 享受低保政策情况
-- word: column_name flag_tekun 享受特困供养政策情况
-- word: column_name measures 综合保障
-- word: column_name away 去向
-- word: column_name care_mode 供养方式
-- word: column_name self_care 生活自理能力
-- word: column_name kind 类型
-- word: column_name father 父亲情形
-- word: column_name mother 母亲情形
-- word: column_name scheme 险种
-- word: column_name subsidy_class 资助类别
-- word: column_name aid_class 救助对象类别
-- word: column_name difficulty 困难类型
-- word: column_name plate_kind 号牌种类
-- word: column_name use 使用性质
-- word: column_name gained 产权取得方式
-- word: column_name role 职务
-- word: column_name identity 人员身份
-- word: column_name post 岗位
-- word: column_name result 审批结果
-- word: column_name wish 申请人意愿
-- word: column_name resident_kind 人员类别
-- label: roll 名册
-- label: column_name 列
-- label: word 用语
-- label: rows 行数

select
    roll || ':' || column_name || ':' || word as subject_key,
    min(record) as subject_record,
    cast(null as string) as exception,
    min(record) as evidence_record,
    roll,
    column_name,
    word,
    cast(sum(rows) as bigint) as rows
from raw.unknown_words
group by roll, column_name, word
