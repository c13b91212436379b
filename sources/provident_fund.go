package sources

// providentFund is the housing fund.
var providentFund = Kind{
	Name: "provident_fund", Title: "住房公积金", Office: "住房公积金管理中心", Persons: true,
	Doc: "One row an account of the housing fund.",
	Columns: person(nil,
		text("unit", "The employer.", "单位名称", "单位"),
		money("pay_base", "The pay contributions are reckoned from.", "工资基数", "缴存基数"),
		money("unit_pay", "The employer's contribution a month.", "单位缴交", "单位缴存", "单位月缴存额"),
		money("own_pay", "The employee's contribution a month.", "个人缴交", "个人缴存", "个人月缴存额"),
		money("balance", "The balance.", "余额", "账户余额"),
		word("state", "Whether it is paid into.", "账户状态", "状态"),
	),
}
