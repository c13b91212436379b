package sources

import "doudi/sources/clean"

// placeStep fills county, town, village, area_code and place_from together: a
// village is known by its town, and where the row gives none of them the texts
// round the sheet do.
type placeStep struct {
	county, town, village             bound
	countyTwin, townTwin, villageTwin *textBuffer
	countyOut, townOut, villageOut    *textBuffer
	code, from                        *textBuffer

	all   []*textBuffer // all of these
	found map[placeKey]placeFound
	chunk int // in which last and place were set
	last  placeKey
	place placeFound
	any   bool // last and place are set
}

type placeKey struct{ county, town, village string }

type placeFound struct {
	clean.Place
	county, from string
}

func (s *placeStep) fill(f *filler) {
	key := placeKey{f.cell(&s.county), f.cell(&s.town), f.cell(&s.village)}
	if s.chunk == f.chunk && key == s.last {
		for _, out := range s.all {
			out.repeat()
		}
		if !s.place.Known && f.first() {
			f.unknownPlace(&s.place)
		}
		return
	}
	s.chunk = f.chunk
	if key != s.last || !s.any {
		p, ok := s.found[key]
		if !ok {
			p = s.find(f, key)
			if len(s.found) >= 50_000 {
				clear(s.found)
			}
			s.found[key] = p
		}
		s.last, s.place, s.any = key, p, true
	}
	p := &s.place
	s.countyOut.addOr(p.county)
	s.townOut.addOr(p.Town)
	s.villageOut.addOr(p.Village)
	s.code.addOr(p.Code)
	s.from.addOr(p.from)
	twin(s.countyTwin, key.county, p.county)
	twin(s.townTwin, key.town, p.Town)
	twin(s.villageTwin, key.village, p.Village)
	if !p.Known && f.first() {
		f.unknownPlace(p)
	}
}

func (s *placeStep) find(f *filler, key placeKey) placeFound {
	r := f.r
	p := placeFound{county: clean.Text(key.county)}
	town, village := clean.Text(key.town), clean.Text(key.village)
	if r.places == nil {
		p.Place = clean.Place{Town: town, Village: village, Known: true}
		return p
	}
	if town == "" && village == "" {
		if r.placeFrom != "" {
			town, village, p.from = r.town, r.village, r.placeFrom
		}
	} else if village == "" && town != "" && len(s.village.cells) == 0 {
		if t := r.places.Find(p.county, town, ""); t.Known && t.Village == "" {
			if village = r.around.village(r.places, t.Town); village != "" {
				p.from = r.placeFrom
			}
		}
	} else if town == "" && len(s.town.cells) == 0 && r.town != "" {
		town, p.from = r.town, r.placeFrom
	}
	p.Place = r.places.Find(p.county, town, village)
	return p
}

// maxUnknownPlaces is how many places no table knows a chunk remembers.
const maxUnknownPlaces = 1000

func (f *filler) unknownPlace(p *placeFound) {
	name := impersonal(p.Town)
	if p.Village != "" {
		name += "/" + impersonal(p.Village)
	}
	if len(f.places) < maxUnknownPlaces {
		f.places[name] = true
	}
}
