package sources

// disabilityAllowances is the roll of 残疾人两项补贴: 困难残疾人生活补贴 and
// 重度残疾人护理补贴.
var disabilityAllowances = Kind{
	Name: "disability_allowances", Title: "残疾人两项补贴", Office: "民政局、残联", Persons: true,
	Doc: "One row an allowance paid to a disabled person.",
	Columns: person([]string{"姓名", "残疾人姓名"},
		word("kind", "Which of the two allowances.", "补贴类型", "补贴类别", "补贴项目"),
		certificateNo(),
		money("month_amount", "The allowance a month.", "标准", "补贴标准", "月补贴标准"),
		count("months", "For how many months.", "月数", "补贴月数"),
		money("amount", "What was paid.", "金额", "补贴金额", "发放金额"),
		month("start_month", "The first month.", "起补年月", "起补月份", "开始年月"),
		month("stop_month", "The month from which it is no longer paid.", "停发年月", "停补年月", "停发月份"),
		word("stop_reason", "Why it was stopped.", "停发原因", "停补原因"),
		text("holder", "Who holds the account.", "开户人", "账户名称", "户名"),
		text("account", "The account.", "账号", "银行账号", "银行卡号"),
		yes("work_injury", "Whether care is paid by work injury insurance.", "工伤护理", "是否工伤护理"),
		word("state", "Whether it is in force.", "状态", "补贴状态"),
	),
}
