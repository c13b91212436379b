package sources

// tekun is the persons' export of 特困人员, in dibao's layout. Its money is the
// person's own: one record a person.
var tekun = Kind{
	Name: "tekun", Title: "特困人员", Office: "民政局", Persons: true,
	Doc: "One row a person on tekun.",
	Columns: benefitPersons(
		word("care_mode", "Whether the person lives in a home or at home.", "供养方式"),
		word("self_care", "How far the person can care for himself.", "生活自理能力", "自理能力"),
		text("home", "The home.", "供养机构", "供养机构名称"),
		money("base_month", "The standard of living paid a month.", "基本生活标准", "基本生活费", "户月保障金额", "月保障金"),
		money("care_month", "The care paid a month.", "照料护理费用", "照料护理费", "照料护理标准"),
		money("total_month", "What is paid a month in all.", "合计", "合计金额", "月合计"),
	),
}
