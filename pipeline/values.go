package pipeline

import (
	"math/big"
	"time"

	"doudi/pipeline/duck"
)

// The helpers below turn Go values into what the Appender takes: nil is null.

func text(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func number(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func day(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// hundredths is a DECIMAL(18,2).
func hundredths(n int64) duck.Decimal {
	return duck.Decimal{Width: 18, Scale: 2, Value: big.NewInt(n)}
}
