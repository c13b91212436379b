package model

import (
	"fmt"
	"slices"
	"strings"
)

// Rule is what the header of a file under finding/<side>/ says of it.
type Rule struct {
	Slug, Side string
	Title      string // a few words, Chinese
	Subject    string // person, household, payment, claim, application, record, area
	Certainty  string // A, B, C
	Basis      string // the policy clause, Chinese
	Reason     string // a sentence with {column} of the rule's table in it, Chinese
	// Needs are the lists that must be there: of each inner slice one.
	Needs [][]string
	// Parameters are those of its "fires when": of each inner slice one.
	Parameters [][]string
	// Unready is what officers read where normal.unready names the rule: its
	// lists are there, but not what it judges by; Chinese.
	Unready string
	// Overpaid says that month_fen and total_fen are money paid too much: all
	// of should_exit, and rules that say `money: overpaid`; else money owed.
	Overpaid   bool
	Exceptions []string // in the order in which the first that holds is named
	Facts      []Facts  // what to show of each evidence record, by its roll
	// Labels name computed facts in Chinese; Words turn their codes into
	// Chinese.
	Labels map[string]string
	Words  map[string]map[string]string
}

// Facts are the canonical fields shown of an evidence record of a roll.
type Facts struct {
	Roll   string
	Fields []string
}

// Sides are the directions of a finding, in the order in which they are shown.
var Sides = []string{"should_enter", "should_exit", "should_pay", "conflict", "data_error"}

var subjects = []string{"person", "household", "payment", "claim", "application", "record", "area"}

func parseRule(side, slug string, words []directive) (*Rule, error) {
	r := &Rule{Slug: slug, Side: side, Overpaid: side == "should_exit", Labels: map[string]string{}, Words: map[string]map[string]string{}}
	for _, d := range words {
		switch d.word {
		case "title":
			r.Title = d.value
		case "subject":
			r.Subject = d.value
		case "certainty":
			r.Certainty = d.value
		case "basis":
			r.Basis = d.value
		case "reason":
			r.Reason = strings.ReplaceAll(d.value, " ", "")
		case "money":
			if d.value != "overpaid" {
				return nil, fmt.Errorf("money: can only be overpaid")
			}
			r.Overpaid = true
		case "needs":
			r.Needs = terms(d.value)
		case "parameters":
			r.Parameters = terms(d.value)
		case "unready":
			r.Unready = d.value
		case "exceptions":
			r.Exceptions = list(d.value, ",")
		case "facts":
			for _, part := range list(d.value, ";") {
				fields := strings.Fields(part)
				r.Facts = append(r.Facts, Facts{fields[0], fields[1:]})
			}
		case "label":
			field, label, _ := strings.Cut(d.value, " ")
			r.Labels[field] = strings.TrimSpace(label)
		case "word":
			parts := strings.Fields(d.value)
			if len(parts) != 3 {
				return nil, fmt.Errorf("word: wants a field, a code and its Chinese")
			}
			if r.Words[parts[0]] == nil {
				r.Words[parts[0]] = map[string]string{}
			}
			r.Words[parts[0]][parts[1]] = parts[2]
		default:
			return nil, fmt.Errorf("unknown word %q in a rule's header", d.word)
		}
	}
	return r, r.validate()
}

func (r *Rule) validate() error {
	for what, value := range map[string]string{
		"title": r.Title, "basis": r.Basis, "reason": r.Reason,
	} {
		if value == "" {
			return fmt.Errorf("a rule's header says its %s", what)
		}
	}
	switch {
	case !slices.Contains(Sides, r.Side):
		return fmt.Errorf("no side %q", r.Side)
	case !slices.Contains(subjects, r.Subject):
		return fmt.Errorf("no subject %q", r.Subject)
	case !slices.Contains([]string{"A", "B", "C"}, r.Certainty):
		return fmt.Errorf("no certainty %q", r.Certainty)
	case len(r.Needs) == 0:
		return fmt.Errorf("a rule says which lists it needs (or any)")
	}
	return nil
}

// Missing names the lists and parameters without which the rule cannot be
// judged; empty when it can run.
func (r *Rule) Missing(hasList func(roll string) bool, hasParameter func(name string) bool) (lists, parameters []string) {
	for _, anyOf := range r.Needs {
		if !slices.ContainsFunc(anyOf, func(roll string) bool { return roll == "any" || hasList(roll) }) {
			lists = append(lists, strings.Join(anyOf, "|"))
		}
	}
	for _, anyOf := range r.Parameters {
		if !slices.ContainsFunc(anyOf, hasParameter) {
			parameters = append(parameters, strings.Join(anyOf, "|"))
		}
	}
	return lists, parameters
}

// terms reads "a, b | c": a, and one of b and c.
func terms(s string) [][]string {
	var all [][]string
	for _, term := range list(s, ",") {
		all = append(all, list(term, "|"))
	}
	return all
}
