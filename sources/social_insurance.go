package sources

// socialInsurance is who pays into or draws from the pension and the employees'
// schemes.
var socialInsurance = Kind{
	Name: "social_insurance", Title: "社会保险", Office: "人社局（社保）", Persons: true,
	Doc: "One row a person's insurance relation.",
	Columns: person(nil,
		word("scheme", "The scheme.", "险种", "险种类型", "参保险种"),
		money("pay_base", "The base of contributions.", "缴费基数", "发放基数", "缴费/发放基数"),
		money("pension_month", "The pension a month.", "待遇金额", "月待遇金额", "养老金"),
		word("state", "Whether the person pays or draws.", "缴费状态", "状态", "参保状态"),
		text("unit", "The employer.", "单位", "单位名称", "参保单位"),
		month("month", "The month paid for.", "费款所属期", "所属期", "月份"),
		word("identity", "In what standing the person pays.", "缴费身份", "参保身份", "身份"),
		date("stopped", "The day the insurance stopped.", "停保日期", "停保时间"),
	),
}
