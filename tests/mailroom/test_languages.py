"""How mail programs of many languages title, announce and quote: one line a language."""

import pytest

from mailroom.text.automatic import Sign
from mailroom.text.fields import _BY_LANGUAGE
from mailroom.text.quoting import split_reply
from mailroom.text.reading import read_mail
from tests.mailroom.making import mail

ABSENCES = {
    "en": "Automatic reply", "de": "Automatische Antwort", "fr": "Réponse automatique",
    "es": "Respuesta automática", "it": "Risposta automatica", "pt": "Resposta automática",
    "ca": "Resposta automàtica", "nl": "Automatisch antwoord", "da": "Automatisk svar",
    "sv": "Automatiskt svar", "is": "Sjálfvirkt svar", "fi": "Automaattinen vastaus",
    "et": "Automaatvastus", "lv": "Automātiska atbilde", "lt": "Automatinis atsakymas",
    "pl": "Odpowiedź automatyczna", "cs": "Automatická odpověď", "sk": "Automatická odpoveď",
    "hu": "Automatikus válasz", "ro": "Răspuns automat", "sl": "Samodejni odgovor",
    "hr": "Automatski odgovor", "sr": "Аутоматски одговор", "bg": "Автоматичен отговор",
    "ru": "Автоматический ответ", "uk": "Автоматична відповідь", "el": "Αυτόματη απάντηση",
    "tr": "Otomatik yanıt", "ar": "رد تلقائي", "he": "מענה אוטומטי", "fa": "پاسخ خودکار",
    "hi": "स्वचालित उत्तर", "th": "ตอบกลับอัตโนมัติ", "vi": "Trả lời tự động",
    "id": "Balasan otomatis", "ms": "Balasan automatik", "zh": "自动答复", "zh-tw": "自動回覆",
    "ja": "自動応答", "ko": "자동 회신", "af": "Outomatiese antwoord", "bn": "স্বয়ংক্রিয় উত্তর",
    "ta": "தானியங்கு பதில்", "uz": "Avtomatik javob", "cy": "Ateb awtomatig",
}  # fmt: skip

RECEIPTS = {
    "en": ("Read", "Your message was read on Thursday"),
    "de": ("Gelesen", "Ihre Nachricht wurde am Donnerstag gelesen."),
    "fr": ("Lu", "Votre message a été lu le jeudi"),
    "es": ("Leído", "El mensaje fue leído el jueves"),
    "it": ("Letto", "Il messaggio è stato letto giovedì"),
    "pt": ("Lida", "A mensagem foi lida quinta-feira"),
    "nl": ("Gelezen", "Uw bericht is op donderdag gelezen"),
    "da": ("Læst", "Din meddelelse blev læst torsdag"),
    "sv": ("Läst", "Meddelandet lästes torsdag"),
    "fi": ("Luettu", "Viesti on luettu"),
    "pl": ("Przeczytane", "Wiadomość została przeczytana"),
    "cs": ("Přečteno", "Zpráva byla přečtena"),
    "hu": ("Elolvasva", "Az üzenetet elolvasták"),
    "ro": ("Citit", "Mesajul a fost citit"),
    "el": ("Διαβάστηκε", "Το μήνυμα διαβάστηκε"),
    "tr": ("Okundu", "İletiniz okundu"),
    "ru": ("Прочтено", "Сообщение было прочитано"),
    "ja": ("開封済み", "メッセージが開封されました"),
    "zh": ("已读", "邮件已被阅读"),
    "pl, other words": ("Odczytano", "Wiadomość została odczytana dnia 26"),
}

ANNOUNCEMENTS = {
    "eu": "Desk <s@desk.example> igorleak hau idatzi zuen (2025 mai. 6, ar. (17:53)):",
    "lt": "2025-05-06, kt, 17:53 Desk <s@desk.example> rašė:",
    "lv": "ceturtd., 2025. g. 6. maijs, plkst. 17:53 — lietotājs Desk (<s@desk.example>) rakstīja:",
    "et": "Kuupäev N, 6. mai 2025 kell 17:53 kirjutas kasutaja Desk <s@desk.example>:",
    "sl": "V V čet., 6. maj 2025 ob 17:53 je oseba Desk <s@desk.example> napisala:",
    "hr": "Dana 6.5.2025. u 17:53, Desk je napisao/la:",
    "sr": "чет, 6. мај 2025. 17:53 Desk <s@desk.example> је написао/ла:",
    "bg": "На чт, 6.05.2025 г. в 17:53 ч. Desk <s@desk.example> написа:",
    "mk": "На чет, 6 мај 2025 во 17:53 Desk <s@desk.example> напиша:",
    "ar": "في الخميس، 6 مايو 2025 في 5:53 م تمت كتابة ما يلي بواسطة Desk <s@desk.example>:",
    "he": "בתאריך 6/5/2025 בשעה 17:53, Desk כתב:",
    "fa": "در تاریخ پنجشنبه ۶ مهٔ ۲۰۲۵، ۱۷:۵۳ Desk <s@desk.example> نوشت:",
    "th": "เมื่อ 6/5/2025 17:53, Desk เขียนว่า:",
    "vi": "Vào Th 5, 6 thg 5, 2025 vào lúc 17:53 Desk <s@desk.example> đã viết:",
    "id": "Pada tanggal Kam, 6 Mei 2025 pukul 17.53 Desk <s@desk.example> menulis:",
    "hi": "गुरु, 6 मई 2025 को 5:53 pm बजे को Desk <s@desk.example> ने लिखा:",
    "ca": "Missatge de Desk <s@desk.example> del dia dj., 6 de maig 2025 a les 17:53:",
    "tr": "Desk <s@desk.example>, 6 May 2025 Per, 17:53 tarihinde şunu yazdı:",
    "el": "Στις Πέμ 6 Μαΐ 2025 στις 5:53 μ.μ., ο χρήστης Desk <s@desk.example> έγραψε:",
    "hu": "Desk <s@desk.example> ezt írta (időpont: 2025. máj. 6., Cs, 17:53):",
    "ja": "2025年5月6日(木) 17:53 Desk <s@desk.example>:",
    "ko": "2025년 5월 6일 (목) 오후 5:53, Desk <s@desk.example>님이 작성:",
    "zh": "Desk <s@desk.example> 于2025年5月6日周四 17:53写道：",
}


@pytest.mark.parametrize("title", ABSENCES.values(), ids=ABSENCES)
def test_an_absence_that_lost_its_headers_is_known_by_its_title(title):
    read = read_mail(mail("I am away.", Subject=f"{title}: [AX-2025-000007] Queue stops"))

    assert (read.automatic, read.sign) == ("auto_reply", Sign.ABSENCE)


@pytest.mark.parametrize("title", ABSENCES.values(), ids=ABSENCES)
def test_what_a_person_writes_about_absences_is_a_report(title):
    read = read_mail(
        mail("It is not sent.", Subject=f"{title}: broken", User_Agent="Mozilla Thunderbird")
    )

    assert read.automatic is None


@pytest.mark.parametrize(("title", "words"), RECEIPTS.values(), ids=RECEIPTS)
def test_a_read_receipt_as_plain_text_is_no_answer(title, words):
    text = f"{words}\n\n> To: Ana\n"
    read = read_mail(mail(text, Subject=f"{title}: Queue", In_Reply_To="<axs.1@desk.example>"))

    assert (read.automatic, read.sign) == ("auto_reply", Sign.RECEIPT)


@pytest.mark.parametrize(("title", "words"), RECEIPTS.values(), ids=RECEIPTS)
def test_a_report_whose_subject_begins_like_a_receipt_is_a_persons(title, words):
    text = "Since the update nobody sees which mails were opened, in any folder."

    assert read_mail(mail(text, Subject=f"{title}: flag is lost")).automatic is None


@pytest.mark.parametrize("mark", ("> ", ""), ids=["marked", "plain"])
@pytest.mark.parametrize("line", ANNOUNCEMENTS.values(), ids=ANNOUNCEMENTS)
def test_only_what_was_written_now_is_the_reply(line, mark):
    text = f"It works now.\n\n{line}\n\n{mark}Good day,\n{mark}please restart it.\n"

    assert split_reply(text).text == "It works now."


@pytest.mark.parametrize("language", _BY_LANGUAGE)
def test_a_block_of_header_fields_ends_the_reply(language):
    names = [one.strip().capitalize() for one in _BY_LANGUAGE[language].split(",")][:4]
    block = "\n".join(f"{name}: something at 17:53" for name in names)

    assert split_reply(f"It works now.\n\n{block}\n\nGood day\n").text == "It works now."


THUNDERBIRD = (
    ("Return Receipt (displayed)", "This is a Return Receipt for the mail that you sent to a@x.y."),
    ("Empfangsbestätigung (angezeigt)", "Dies ist eine Empfangsbestätigung für die Nachricht."),
    ("Accusé de réception (affiché)", "Ceci est un accusé de réception pour le message."),
    ("Ricevuta di ritorno (visualizzata)", "Questa è una ricevuta di ritorno per il messaggio."),
)


@pytest.mark.parametrize(("title", "words"), THUNDERBIRD)
def test_a_receipt_of_thunderbird_says_in_brackets_what_became_of_the_mail(title, words):
    answer = {"In_Reply_To": "<axs.AX-2026-000001.abc@desk.example>"}
    receipt = mail(words, Subject=f"{title} - Queue stops", **answer)
    report = mail("It asks for one each time. Why?", Subject=f"{title} - can not be sent")

    assert read_mail(receipt, own_addresses=("support@desk.example",)).automatic
    assert not read_mail(report, own_addresses=("support@desk.example",)).automatic
