package sources

// dibaoPayments is what was paid out: the release detail of the payment system
// (名称, 地区, 发放合计), the bank's list, a village's own roll. A row is a
// household's, so a member's death does not show in it; who holds the account is
// often somebody else. The month often stands in the title or in the file's name
// alone. Negative amounts are reversals: kept.
var dibaoPayments = Kind{
	Name: "dibao_payments", Title: "低保金发放", Office: "民政局、财政局（一卡通发放）", Headed: true,
	Doc: "One row a payment to a household.",
	Columns: headed(
		[]string{"户主姓名", "名称", "姓名", "户主", "户主/姓名"},
		[]string{"户主身份证号", "身份证号码", "身份证号", "户主身份证号码", "公民身份号码", "证件号码", "证件号", "身份证"},
		householdNo(),
		month("month", "The month paid for; out of the title or the file's name where the list has no such column.",
			"发放年月", "业务日期", "发放月份", "所属年月", "发放月"),
		count("covered_people", "For how many persons.", "保障人数", "保障人口", "保障人口数", "享受人数", "低保人数"),
		money("base", "The grant without supplements.", "保障金", "保障金额", "家庭补差", "补差金额"),
		money("supplement", "The classified supplements.", "分类施保金", "分类施保金额"),
		money("total", "What was paid in all.", "发放合计", "发放金额", "实发金额", "合计", "总发放金额", "领取金额", "补贴金额"),
		text("account_holder", "Who holds the account; names that end in 敬老院 and the like count.", "账户名称", "开户人", "银行账户名称").naming().coded(),
		text("account", "The account.", "账号", "银行账号", "银行卡号", "银行账户", "一卡通账号", "开户账号"),
		word("holder_relation", "How the holder is related to the head.", "与户主关系", "代领关系"),
		word("state", "Whether it arrived: 成功, 退回 ….", "状态", "发放状态"),
		text("remark", "The remark; words such as 补发 count.", "备注", "备注信息").coded(),
	),
}
