package sources

import (
	"slices"
	"strings"
)

// codes are the meanings that a word of policy/words.csv may have, by its
// column there: what the rules speak in (layouts.md). A word with another
// meaning would be understood by nobody.
var codes = map[string]string{
	"*.benefit":                      "dibao edge rigid rural tekun tekun_urban urban",
	"*.care_mode":                    "central scattered",
	"*.class":                        "a b c",
	"*.disability":                   "hearing intellectual limb mental multiple speech vision",
	"*.employment":                   "employed farming flexible retired self_employed student unable unemployed welfare_post",
	"*.health":                       "chronic disabled healthy serious",
	"*.insurance_kind":               "employee none resident",
	"*.labour":                       "able lost none skilled weak",
	"*.level":                        "1 2 3 4",
	"*.marital":                      "divorced married single widowed",
	"*.method":                       "makeup tier",
	"*.reason":                       "accident disability disaster illness low_income no_labour old_age other schooling single_parent unemployed",
	"*.relation":                     "brother child daughter daughter_in_law father father_in_law grandchild granddaughter granddaughter_in_law grandfather grandmother grandparent grandson grandson_in_law great_granddaughter great_grandson head mother mother_in_law other parent sibling sister son son_in_law spouse",
	"*.school_kind":                  "college graduate junior nursery primary private public senior special university vocational",
	"*.self_care":                    "able lost partial",
	"*.sex":                          "female male",
	"*.state":                        "active cancelled dead failed frozen paid returned stopped suspended",
	"*.stop_reason":                  "dead income moved_away moved_hukou other voluntary",
	"approvals.benefit":              "medical orphan temporary_relief",
	"approvals.result":               "approved pending refused withdrawn",
	"approvals.wish":                 "no_tekun none tekun",
	"children.father":                "alive dead deported detox ill jailed lost missing revoked severe unknown",
	"children.kind":                  "de_facto hiv orphan other",
	"children.mother":                "alive dead deported detox ill jailed lost missing revoked severe unknown",
	"children.state":                 "guardianship_pending",
	"dibao_payments.account_holder":  "institution",
	"dibao_payments.holder_relation": "agent brother cadre child daughter daughter_in_law father granddaughter grandson guardian head institution mother other sibling sister son son_in_law spouse",
	"dibao_payments.remark":          "back_pay",
	"dibao_payments.state":           "failed paid returned",
	"dibao_persons.remark":           "studies_on",
	"disability.remark":              "work_injury",
	"disability.state":               "active cancelled dead frozen moved suspended",
	"disability_allowances.kind":     "care living",
	"disability_allowances.state":    "active",
	"edge.benefit":                   "rural urban",
	"enterprises.kind":               "company cooperative farm individual",
	"enterprises.remark":             "family_kiosk",
	"enterprises.role":               "holder legal manager member operator",
	"enterprises.state":              "cancelled closed moved operating revoked",
	"fiscal_payroll.identity":        "civil contract other public retired village_cadre village_temporary",
	"fiscal_payroll.post":            "clerk management other professional village welfare_post worker",
	"homes.resident_kind":            "dibao other self_paid social tekun",
	"houses.gained":                  "gift inherit other purchase reform_housing resettlement self_built split",
	"houses.use":                     "garage home homestead industrial office other shop",
	"insurance.scheme":               "employee resident",
	"insurance.subsidy_class":        "de_facto dibao edge general lifted marginal orphan returned rigid sanwu_urban serious severe severe_mental sudden tekun unstable watched",
	"medical.aid_class":              "de_facto dibao edge general lifted marginal orphan returned rigid sanwu_urban serious severe severe_mental sudden tekun unstable watched",
	"medical.remark":                 "capped",
	"provident_fund.state":           "closed frozen normal sealed",
	"register.away":                  "army detox home jailed married_out missing studying working",
	"register.flag_dibao":            "none rural urban",
	"register.flag_tekun":            "none rural urban",
	"register.household_kind":        "dibao_poor general lifted poor wubao_poor",
	"register.id_kind":               "disability_certificate id_card other",
	"register.left_reason":           "abroad army dead divorced duplicate gone jailed married_out merged missing moved other split",
	"register.lifted":                "lifted lifted_stable not_lifted pre_lifted returned",
	"register.measures":              "dibao disability edge elder medical_aid none orphan other pension tekun temporary_relief",
	"register.pupil":                 "college graduate junior none nursery primary senior university vocational",
	"register.risk_1":                "accident disability disaster housing illness industry marriage no_drive no_funds no_labour no_land no_roads no_skill no_water none other schooling water work",
	"register.risk_2":                "accident disability disaster housing illness industry marriage no_drive no_funds no_labour no_land no_roads no_skill no_water none other schooling water work",
	"register.risk_3":                "accident disability disaster housing illness industry marriage no_drive no_funds no_labour no_land no_roads no_skill no_water none other schooling water work",
	"register.risk_4":                "accident disability disaster housing illness industry marriage no_drive no_funds no_labour no_land no_roads no_skill no_water none other schooling water work",
	"register.risk_5":                "accident disability disaster housing illness industry marriage no_drive no_funds no_labour no_land no_roads no_skill no_water none other schooling water work",
	"register.state":                 "dead gone moved normal",
	"register.watch":                 "marginal none sudden unstable",
	"rigid_spending.benefit":         "rural urban",
	"social_insurance.identity":      "employed flexible resident retired welfare_post",
	"social_insurance.scheme":        "employee_medical employee_pension maternity public_pension resident_medical resident_pension unemployment work_injury",
	"social_insurance.state":         "drawing paying stopped suspended",
	"tekun.benefit":                  "rural urban",
	"temporary_relief.difficulty":    "accident death disaster illness other schooling spending unemployment",
	"temporary_relief.kind":          "large small spending urgent",
	"vehicles.kind":                  "bus car disability e_bike low_speed_truck moped motorcycle other tractor tricycle truck van",
	"vehicles.plate_kind":            "e_bike large low_speed moped motorcycle new_energy_large new_energy_small other small tractor trailer",
	"vehicles.remark":                "sole_livelihood",
	"vehicles.state":                 "cancelled normal scrapped stolen transferred",
	"vehicles.use":                   "commercial other private",
}

// CodesOf are the meanings that words of a column may have: of a kind's, those
// of the column in all kinds too; of kind "*", those of the column anywhere.
// None where the kind has no column of words by that name.
func CodesOf(kind, column string) []string {
	coded := func(k Kind) bool {
		c, ok := k.Column(column)
		return ok && (c.Type == Word || c.Coded)
	}
	if k, ok := KindOf(kind); kind != "*" && !(ok && coded(k)) || kind == "*" && !slices.ContainsFunc(kinds, coded) {
		return nil
	}
	var all []string
	for name, words := range codes {
		of, its, _ := strings.Cut(name, ".")
		if its == column && (of == kind || of == "*" || kind == "*") {
			all = append(all, strings.Fields(words)...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
