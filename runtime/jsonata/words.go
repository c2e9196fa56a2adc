package jsonata

import (
	"math"
	"regexp"
	"sort"
	"strings"
)

// Numbers in English words.
var (
	smallWords = strings.Fields("Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen " +
		"Fifteen Sixteen Seventeen Eighteen Nineteen")
	ordinalWords = strings.Fields("Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh " +
		"Twelfth Thirteenth Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth")
	tenWords   = strings.Fields("Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety")
	powerWords = strings.Fields("Thousand Million Billion Trillion")
)

// wordsOf writes a whole number that is not negative.
func wordsOf(n float64, ordinal bool) string {
	switch {
	case n < 20 && ordinal:
		return ordinalWords[int(n)]
	case n < 20:
		return smallWords[int(n)]
	case n < 100:
		tens, rest := tenWords[int(n)/10-2], math.Mod(n, 10)
		switch {
		case rest > 0:
			return tens + "-" + wordsOf(rest, ordinal)
		case ordinal:
			return strings.TrimSuffix(tens, "y") + "ieth"
		}
		return tens
	case n < 1000:
		return withRest(smallWords[int(n)/100]+" Hundred", math.Mod(n, 100), ordinal)
	}
	power, factor := 1, 1e3
	for power < len(powerWords) && n >= factor*1e3 {
		power, factor = power+1, factor*1e3
	}
	many := math.Floor(n / factor)
	return withRest(wordsOf(many, false)+" "+powerWords[power-1], n-many*factor, ordinal)
}

// withRest joins hundreds or thousands with what is left: after "and" if that is less than a hundred.
func withRest(words string, rest float64, ordinal bool) string {
	switch {
	case rest <= 0 && ordinal:
		return words + "th"
	case rest <= 0:
		return words
	case rest < 100:
		return words + " and " + wordsOf(rest, ordinal)
	}
	return words + ", " + wordsOf(rest, ordinal)
}

// wordValues are the values of the words, in small letters.
var wordValues = func() map[string]float64 {
	values := map[string]float64{"hundred": 100, "hundredth": 100}
	for i, word := range smallWords {
		values[strings.ToLower(word)] = float64(i)
	}
	for i, word := range ordinalWords {
		values[strings.ToLower(word)] = float64(i)
	}
	for i, word := range tenWords {
		word = strings.ToLower(word)
		values[word] = float64(i+2) * 10
		values[strings.TrimSuffix(word, "y")+"ieth"] = float64(i+2) * 10
	}
	for i, word := range powerWords {
		word = strings.ToLower(word)
		values[word] = math.Pow(1000, float64(i+1))
		values[word+"th"] = math.Pow(1000, float64(i+1))
	}
	return values
}()

// wordPattern matches the words of a number. Longer words come first, for none must hide another.
var wordPattern = func() string {
	words := make([]string, 0, len(wordValues))
	for word := range wordValues {
		words = append(words, word)
	}
	sort.Slice(words, func(i, j int) bool {
		return len(words[i]) > len(words[j]) || len(words[i]) == len(words[j]) && words[i] < words[j]
	})
	return "(?:" + strings.Join(words, "|") + `|and|[\-, ])+`
}()

var betweenWords = regexp.MustCompile(`,\s|\sand\s|[\s\\-]`)

// wordsValue reads a number in words; NaN if there is another word in it.
func wordsValue(s string) float64 {
	segments := []float64{0}
	for _, word := range betweenWords.Split(s, -1) {
		v, ok := wordValues[word]
		if !ok {
			return math.NaN()
		}
		last := &segments[len(segments)-1]
		switch {
		case v >= 100:
			*last *= v
		case *last >= 1000:
			segments = append(segments, v)
		default:
			*last += v
		}
	}
	total := 0.0
	for _, s := range segments {
		total += s
	}
	return total
}
