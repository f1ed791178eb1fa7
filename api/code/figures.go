package code

// FigurePeriod is how long the periods are in which a programme counts its cases.
type FigurePeriod string

// The lengths, each a number of whole months of the calendar.
const (
	ByMonth   FigurePeriod = "month"
	ByQuarter FigurePeriod = "quarter"
	ByYear    FigurePeriod = "year"
)

// FigureDimension is what the cells of a table of figures are divided by.
type FigureDimension string

// The dimensions. Month and quarter are those of the opening of a case; the service is the first
// that was completed for her, and funded and grant say whether a grantee of the trust fund gave it.
const (
	FigureMonth        FigureDimension = "month"
	FigureQuarter      FigureDimension = "quarter"
	FigureType         FigureDimension = "type"
	FigureSex          FigureDimension = "sex"
	FigureAge          FigureDimension = "age"
	FigureDisplacement FigureDimension = "displacement"
	FigureDisability   FigureDimension = "disability"
	FigureArea         FigureDimension = "area"
	FigureService      FigureDimension = "service"
	FigureFunded       FigureDimension = "funded"
	FigureGrant        FigureDimension = "grant"
)

// FigureAudience is for whom a table of figures is released.
type FigureAudience string

// The audiences, the widest first: a table is for nobody whom its parent's row would surprise. The
// coordinators of the programme see all of it. The fund sees what is for the fund, for the network
// and for everybody.
const (
	FiguresPublic       FigureAudience = "public"
	FiguresNetwork      FigureAudience = "network"
	FiguresCoordination FigureAudience = "coordination"
	FiguresFund         FigureAudience = "fund"
)
