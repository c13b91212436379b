package decode

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"
)

// cellFormat is what the number format of a cell makes of its number.
type cellFormat byte

const (
	asNumber cellFormat = iota
	asDate
	asDateTime
	asTime
)

// cellFormats reads the styles: the format of every style a cell may have.
func cellFormats(ctx context.Context, p parts, name string) ([]cellFormat, error) {
	custom := map[string]string{}
	var ids []string
	inCells := false
	x, closer, err := p.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	for {
		event, err := x.next()
		if err != nil {
			return nil, partError(ctx, err)
		}
		if event == xmlDone {
			break
		}
		element := string(x.name)
		switch {
		case element == "cellXfs":
			inCells = event == xmlStart
		case event == xmlStart && element == "numFmt":
			custom[string(x.attr("numFmtId"))] = string(x.attr("formatCode"))
		case event == xmlStart && element == "xf" && inCells:
			ids = append(ids, string(x.attr("numFmtId")))
		}
	}
	formats := make([]cellFormat, len(ids))
	for i, id := range ids {
		if pattern, ok := custom[id]; ok {
			formats[i] = formatOf(pattern)
		} else if n, err := strconv.Atoi(id); err == nil {
			formats[i] = builtinFormat(n)
		}
	}
	return formats, nil
}

// builtinFormat knows the numbers of the formats that are not written down in a
// file (ECMA-376 part 1, 18.8.30, with those of Chinese Excel).
func builtinFormat(id int) cellFormat {
	switch {
	case id == 22:
		return asDateTime
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id >= 57 && id <= 58:
		return asDate
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id >= 55 && id <= 56:
		return asTime
	}
	return asNumber
}

// formatOf reads the first section of a pattern such as yyyy"年"m"月"d"日".
func formatOf(pattern string) cellFormat {
	date, clock := false, false
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '"':
			end := strings.IndexByte(pattern[i+1:], '"')
			if end < 0 {
				return asNumber
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(pattern[i:], ']')
			if end < 0 {
				return asNumber
			}
			switch strings.ToLower(pattern[i+1 : i+end]) {
			case "h", "hh", "m", "mm", "s", "ss":
				clock = true
			}
			i += end
		case 'y', 'Y', 'd', 'D':
			date = true
		case 'h', 'H', 's', 'S':
			clock = true
		case ';':
			i = len(pattern)
		case 'G', 'g': // General, G/通用格式
			if strings.HasPrefix(strings.ToLower(pattern[i:]), "general") {
				i += len("general") - 1
			}
		case '0', '#', '?':
			if !clock {
				return asNumber
			}
		}
	}
	switch {
	case date && clock:
		return asDateTime
	case date:
		return asDate
	case clock:
		return asTime
	}
	return asNumber
}

// dateText gives a serial number as officers read it: 2026-11-20, with the time
// of day where there is one; ok is false where it is no day of the calendar.
// Day 60 of the 1900 system, 29 February 1900, never was.
func dateText(number string, format cellFormat, date04 bool) (string, bool) {
	serial, err := strconv.ParseFloat(number, 64)
	if err != nil || serial < 0 || serial >= 2958466 {
		return "", false
	}
	day, fraction := math.Modf(serial)
	second := time.Duration(math.Round(fraction*86400)) * time.Second
	if format == asTime {
		if day > 0 {
			return "", false
		}
		return time.Time{}.Add(second).Format(time.TimeOnly), true
	}
	var start time.Time
	switch {
	case date04:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day >= 1 && day < 60:
		start = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	case day > 60:
		start = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	default:
		return "", false
	}
	at := start.AddDate(0, 0, int(day)).Add(second)
	if format == asDateTime && second > 0 {
		return at.Format(time.DateTime), true
	}
	return at.Format(time.DateOnly), true
}
