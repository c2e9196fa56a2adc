package jsonata

func defineTimes(l *library) {
	l.define("now", "<s?s?:s>", 2, func(x *evaluation, args arguments) item {
		millis := float64(x.timestamp("now").UnixMilli())
		return x.fromMillis(millis, args.at(0), args.at(1))
	})
	l.define("millis", "<:n>", 0, func(x *evaluation, _ arguments) item {
		return number(float64(x.timestamp("millis").UnixMilli()))
	})
	l.define("fromMillis", "<n-s?s?:s>", 3, ifGiven(func(x *evaluation, args arguments) item {
		return x.fromMillis(args.at(0).number, args.at(1), args.at(2))
	}))
	l.define("toMillis", "<s-s?:n>", 2, ifGiven(func(x *evaluation, args arguments) item {
		s, picture := args.at(0).text(), args.at(1)
		if picture.kind != undefinedKind {
			return x.parseDate(s, picture.text())
		}
		if !isoLike.MatchString(s) {
			throw(failure{code: "D3110", value: args.at(0)})
		}
		return number(parseISO(s))
	}))
}

func (x *evaluation) fromMillis(millis float64, picture, timezone item) item {
	var z zone
	if timezone.kind != undefinedKind {
		z = parseZone(timezone.text())
	}
	written := isoPicture
	if picture.kind != undefinedKind {
		written = picture.text()
	}
	return text(x.formatDate(millis, written, z))
}
