package sources

// vehicles is the police's list of owners of motor vehicles.
var vehicles = Kind{
	Name: "vehicles", Title: "车辆", Office: "公安局（交管）", Persons: true,
	Doc: "One row a vehicle.",
	Columns: person([]string{"车辆所有人", "所有人", "机动车所有人", "车主", "车主姓名"},
		text("plate", "The number plate.", "车牌号", "车牌号码", "号牌号码"),
		word("plate_kind", "The kind of plate.", "号牌种类"),
		word("kind", "The kind of vehicle.", "车辆类型", "车型"),
		word("use", "What it is used for.", "使用性质"),
		date("registered_on", "The day of its first registration.", "初次登记时间", "初次登记日期", "登记日期"),
		word("state", "Whether it is on the road.", "状态", "机动车状态", "车辆状态"),
		text("remark", "The remark; words such as 唯一谋生工具 count.", "备注", "备注信息").coded(),
	),
}
