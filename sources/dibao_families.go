package sources

// dibaoFamilies is the families' file of the civil-affairs export
// (农村低保家庭查询_*.xlsx): one row a household under its head, several members'
// names and IDs packed into one cell each. It may lie among the persons' files
// of dibao, edge or rigid_spending: what has 家庭人口 or 保障人口 and no 与户主关系
// is one.
var dibaoFamilies = Kind{
	Name: "dibao_families", Title: "低保家庭", Office: "民政局", Headed: true,
	Doc: "One row a household on dibao.",
	Columns: headed(
		[]string{"户主姓名", "户主", "姓名", "申请人姓名"},
		[]string{"户主身份证号", "户主身份证号码", "户主证件号码", "身份证号", "身份证号码", "证件号码", "证件号"},
		householdNo(),
		benefit(),
		state(), startMonth(), stopMonth(), stopReason(),
		count("people", "How many the family is.", "家庭人口", "家庭人口数", "家庭总人口"),
		count("covered_people", "How many of it are covered.", "保障人口", "保障人口数", "保障总人口", "保障人数", "享受人数"),
		money("income_year", "The family's income a year.", "家庭年总收入", "家庭年收入"),
		money("income_head_year", "Its income a head and year.", "家庭年均收入", "家庭年人均收入", "年人均收入"),
		money("deductions_year", "What is deducted for rigid spending, a year.", "刚性支出扣减", "刚性支出扣减金额"),
		class(), method(),
		word("reason", "Why the family applied.", "申请原因", "申请救助原因"),
		baseMonth(),
		money("supplement_family_month", "The family's classified supplement a month.", "家庭分类施保总额", "家庭分类施保金额"),
		money("supplement_persons_month", "The persons' classified supplements a month.", "人员分类施保总额", "人员分类施保金额"),
		totalMonth(),
		date("review", "The last review.", "最近复核日期", "复核日期", "复核时间", "最近复核时间"),
		date("grace_from", "The day the grace period began.", "渐退起始日期", "渐退开始", "渐退开始日期", "渐退起始时间"),
		date("split_on", "The day the household was split off.", "分户日期", "分户时间"),
		count("homes", "How many homes the family owns.", "拥有产权住房套数", "住房套数"),
		text("member_names", "The members' names, several in one cell.", "家庭成员姓名"),
		text("member_ids", "The members' ID numbers, in the same order.", "家庭成员身份证号", "家庭成员身份证号码"),
	),
}
