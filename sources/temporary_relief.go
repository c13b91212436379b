package sources

// temporaryRelief is the ledger of 临时救助.
var temporaryRelief = Kind{
	Name: "temporary_relief", Title: "临时救助", Office: "民政局", Persons: true,
	Doc: "One row a grant of temporary relief.",
	Columns: person([]string{"申请人", "申请人姓名"},
		count("people", "How many the family is.", "家庭人口", "家庭人口数", "人数", "救助人数"),
		word("difficulty", "The kind of difficulty.", "困难类型", "困难原因"),
		word("kind", "The kind of relief.", "救助类型", "救助方式"),
		money("amount", "The grant.", "金额", "救助金额", "发放金额"),
		date("approved", "The day of approval.", "审批日期", "审批时间", "批准日期"),
	),
}
