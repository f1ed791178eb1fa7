package court

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court/internal/domain"
)

// Operations is what a court's registrar keeps, what the worker of a matter books, what an
// usher sees and says, and what calls court security.
func Operations(u *service.Unit, a app.App) {
	service.Create(u, "POST /v1/courts", "describeCourt", access.CourtWrite, a.Courts, domain.Court.Describe)
	service.List(u, "GET /v1/courts", "listCourts", access.CourtRead, a.Courts, app.List)
	service.Get(u, "GET /v1/courts/{id}", "getCourt", access.CourtRead, a.Courts)
	service.Change(u, "POST /v1/courts/{id}/change", "changeCourt", access.CourtWrite, a.Courts, domain.Court.Change)
	service.Query(u, "GET /v1/courts/{id}/day", "getCourtDay", access.CourtWrite, a.Day)
	service.Query(u, "GET /v1/courts/{id}/to-move", "listToMove", access.CourtWrite, a.Straying)
	service.DoOn(u, "POST /v1/courts/{id}/opposing", "noteOpposing", access.CourtWrite, a.Note)

	service.Do(u, "POST /v1/bookings", "bookRoom", access.MatterWrite, a.Book)
	service.List(u, "GET /v1/bookings", "listBookings", access.MatterRead, a.Bookings, a.Booked)
	service.Query(u, "GET /v1/bookings/{id}", "getBooking", access.MatterRead, a.Read)
	service.DoOn(u, "POST /v1/bookings/{id}/move", "moveBooking", access.MatterWrite, a.Move)
	service.DoOn(u, "POST /v1/bookings/{id}/free", "freeBooking", access.MatterWrite, a.Free)
	service.DoOn(u, "POST /v1/bookings/{id}/told", "tellOfBooking", access.MatterWrite, a.Tell)

	service.Query(u, "GET /v1/courts/{id}/expected", "listExpected", access.BookingReceive, a.Expected)
	service.Do(u, "POST /v1/bookings/pass", "passBooking", access.BookingReceive, a.Pass)
	service.Do(u, "POST /v1/alarms", "raiseAlarm", access.AlarmRaise, a.Raise)
	service.List(u, "GET /v1/alarms", "listAlarms", access.AlarmAnswer, a.Alarms, domain.Alarms)
	service.Change(u, "POST /v1/alarms/{id}/acknowledge", "acknowledgeAlarm", access.AlarmAnswer, a.Alarms, domain.Alarm.Acknowledge)
}
