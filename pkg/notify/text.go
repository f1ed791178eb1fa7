package notify

import (
	"strings"

	"github.com/sanad-network/sanad/api/code"
)

// text is all that a notice says in one language. "{link}" opens what waits,
// "{page}" is where "{code}" is typed. A new language needs its forbidden words in
// the test.
type text struct {
	subject string
	email   string
	sms     string
}

var texts = map[code.NoticeLanguage]text{
	code.English: {
		subject: "Something is waiting for you",
		email: "Something is waiting for your answer.\n\nOpen it here:\n{link}\n\n" +
			"Or go to {page} and type this code:\n{code}\n\n" +
			"It is good for one answer and for a short time. Please do not forward this message, and do not reply to it.\n",
		sms: "Something is waiting for your answer. Code: {code} Type it at {page}",
	},
	code.Spanish: {
		subject: "Algo espera su respuesta",
		email: "Algo espera su respuesta.\n\nÁbralo aquí:\n{link}\n\n" +
			"O vaya a {page} y escriba este código:\n{code}\n\n" +
			"Vale para una sola respuesta y por poco tiempo. Por favor, no reenvíe este mensaje ni responda a él.\n",
		sms: "Algo espera su respuesta. Código: {code} Escríbalo en {page}",
	},
	code.Arabic: {
		subject: "هناك ما ينتظر ردكم",
		email: "هناك ما ينتظر ردكم.\n\nافتحوه هنا:\n{link}\n\n" +
			"أو اذهبوا إلى {page} واكتبوا هذا الرمز:\n{code}\n\n" +
			"وهو صالح لرد واحد ولوقت قصير. يرجى عدم إعادة توجيه هذه الرسالة وعدم الرد عليها.\n",
		sms: "هناك ما ينتظر ردكم. الرمز: {code} اكتبوه في {page}",
	},
	code.Russian: {
		subject: "Ожидается ваш ответ",
		email: "Ожидается ваш ответ.\n\nОткройте здесь:\n{link}\n\n" +
			"Или зайдите на {page} и введите этот код:\n{code}\n\n" +
			"Он годится для одного ответа и действует недолго. Пожалуйста, не пересылайте это сообщение и не отвечайте на него.\n",
		sms: "Ожидается ваш ответ. Код: {code} Введите его на {page}",
	},
}

// write fills in the text of a notice. A language that is not there is a defect in
// the program. Another language is never used in its place.
func write(base string, n Notice) (Letter, error) {
	t, ok := texts[n.Language]
	if !ok {
		return Letter{}, ErrRefused
	}
	page := base + n.Path
	fill := strings.NewReplacer("{link}", page+"#"+n.Secret, "{page}", page, "{code}", n.Code)
	if n.Channel == code.SMS {
		return Letter{To: n.To, Body: fill.Replace(t.sms)}, nil
	}
	return Letter{To: n.To, Subject: t.subject, Body: fill.Replace(t.email)}, nil
}
