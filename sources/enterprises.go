package sources

// enterprises is the market regulator's list of who stands behind a business.
var enterprises = Kind{
	Name: "enterprises", Title: "工商登记", Office: "市场监管局", Persons: true,
	Doc: "One row a person's part in a business.",
	Columns: personUnder(
		// 名称 is the business here, so the words for persons are its own.
		[]string{"法人", "法定代表人", "经营者", "股东", "法人姓名", "法定代表人姓名", "经营者姓名", "股东姓名", "法人/经营者", "姓名", "人员姓名"},
		idWords, []Column{
			text("credit_code", "The unified credit code.", "统一社会信用代码", "信用代码"),
			text("company", "The name of the business.", "企业名称", "名称", "单位名称", "市场主体名称", "字号名称"),
			word("kind", "The kind of business.", "主体类型", "市场主体类型", "企业类型"),
			word("role", "The person's part in it.", "职务", "角色", "身份"),
			percent("share", "The person's share.", "出资比例", "股东及出资比例", "持股比例"),
			date("founded", "The day it was founded.", "成立日期", "成立时间"),
			word("state", "Whether it operates.", "状态", "经营状态", "登记状态", "企业状态"),
			text("remark", "The remark; words such as 小卖部 count.", "备注", "备注信息").coded(),
		}),
}
