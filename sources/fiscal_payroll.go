package sources

// fiscalPayroll is who is paid out of the public purse.
var fiscalPayroll = Kind{
	Name: "fiscal_payroll", Title: "财政供养人员", Office: "财政局", Persons: true,
	Doc: "One row a person on the public payroll, in a month where the list has months.",
	Columns: person(nil,
		text("unit", "The office.", "单位", "单位名称", "工作单位"),
		word("identity", "The person's standing.", "人员身份", "身份", "人员类别"),
		word("post", "The post.", "岗位", "岗位名称"),
		money("pay_month", "The pay a month.", "应发", "实发", "应发工资", "实发工资", "应发/实发"),
		month("month", "The month.", "月份", "年月", "工资月份", "发放年月"),
	),
}
