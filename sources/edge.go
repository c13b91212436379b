package sources

// edge is the persons' export of 低保边缘 families, in dibao's layout.
var edge = Kind{
	Name: "edge", Title: "低保边缘人员", Office: "民政局", Persons: true,
	Doc:     "One row a person of a family just above dibao.",
	Columns: benefitPersons(),
}
