package sources

// rigidSpending is the persons' export of 刚性支出困难 families, in dibao's layout.
var rigidSpending = Kind{
	Name: "rigid_spending", Title: "刚性支出困难人员", Office: "民政局", Persons: true,
	Doc:     "One row a person of a family whose rigid spending makes it poor.",
	Columns: benefitPersons(),
}
