package memory

// RunHereDriven is RunHere on a driven clock, whose goroutine the caller's is.
var RunHereDriven = (*Engine).runHere
