package sources

// houses is the land registry's list of homes and of homes sold before they are
// built. Several owners, and their IDs in the same order, may share one cell:
// one owner is one part of the record.
var houses = Kind{
	Name: "houses", Title: "房产", Office: "自然资源局（不动产登记）、住建局", Persons: true, Owners: true,
	Doc: "One row an owner of a home or shop.",
	Columns: person([]string{"产权所有人", "购房人", "权利人", "产权人", "所有权人", "权利人名称"},
		text("title_no", "The number of the title deed.", "产权证号", "不动产权证号", "房产证号"),
		text("location", "Where it stands.", "房屋坐落", "坐落", "坐落及房号"),
		area("area", "The floor area.", "建筑面积", "面积"),
		word("use", "What it is used for.", "房屋用途", "用途", "规划用途"),
		word("gained", "How it was gained.", "产权取得方式", "取得方式"),
		date("registered_on", "The day it was registered or bought.", "房产登记日", "购房日期", "登记日期", "登记时间"),
	),
}
