"""The words by which mail programs announce a quotation, a signature or a forward.

English, German, French, Spanish, Italian, Portuguese, Dutch, Danish, Norwegian, Swedish,
Finnish, Polish, Czech, Slovak, Hungarian, Romanian, Greek, Turkish, Russian, Ukrainian,
Chinese, Japanese and Korean. Every expression is used on one bounded line (quoting.py).
"""

import re

_I = re.IGNORECASE

# Our own mails ask to answer above this line; what is below it was ours.
REPLY_MARKER = "##- Please write your answer above this line -##"
OWN_MARKER = re.compile(r"##-.{0,200}-##")

# "On ..., NAME wrote:" in two halves: how it may begin and what must follow.
OPENER = re.compile(
    r"(?:-+ ?)?(?:On|At|Le|El|Am|Il|Em|Op|Den|Dnia|Dne|Dňa|W dniu|Pe|În|La data|Στις|Στις|Στο"
    r"|Il giorno|A las|Em|Quoting|Zitat von|于|在|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|dom|sáb"
    r"|mié|jue|vie|пн|вт|ср|чт|пт|сб|вс|нд)[a-zа-яіїé]{0,9}[.,] "
    r"|(?:понедельник|вторник|среда|четверг|пятница|суббота|воскресенье"
    r"|понеділок|вівторок|середа|четвер|п.ятниця|субота|неділя)\b)",
    _I,
)
DATE_FIRST = re.compile(
    r"(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    r"|\d{1,2}\.? [^\W\d]{3,12}\.? \d{4})\b"
)
CLOSER = re.compile(
    r"\b(?:wrote|writes|written|schrieb|geschrieben|a écrit|écrit|escribió|escribio|ha scritto"
    r"|escreveu|schreef|geschreven|skrev|kirjoitti|napisał(?:a|\(a\))?|napsala?|napsal\(a\)"
    r"|napísala?|írta|a scris|έγραψε|yazdı|şunları yazdı|написала?|написал\(а\)|пишет|писала?"
    r"|пише|написав|написала)\b"
    r"|写道|寫道|写到|のメール|書きました|작성|님이",
    _I,
)
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{2,100}")
GMT_OFFSET = re.compile(r"\d{1,2}:\d{2} GMT[+-]\d{1,2}(?::\d{2})?\b")
_FORWARDED = (
    r"original message|original appointment|forwarded message|begin forwarded message"
    r"|reply message|ursprüngliche nachricht|original-nachricht|originalnachricht"
    r"|weitergeleitete nachricht|anfang der weitergeleiteten nachricht"
    r"|message d.origine|message original|message transféré"
    r"|début du message (?:réexpédié|transféré)"
    r"|mensaje original|mensaje reenviado|inicio del mensaje reenviado"
    r"|messaggio originale|messaggio inoltrato|inizio messaggio inoltrato"
    r"|mensagem original|mensagem encaminhada|oorspronkelijk bericht|doorgestuurd bericht"
    r"|oprindelig meddelelse|videresendt (?:meddelelse|melding)|opprinnelig melding"
    r"|ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande"
    r"|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna|przekazana wiadomość"
    r"|původní zpráva|přeposlaná zpráva|pôvodná správa|eredeti üzenet|továbbított üzenet"
    r"|mesaj original|mesajul original|mesaj redirecționat|αρχικό μήνυμα|προωθημένο μήνυμα"
    r"|orijinal mesaj|исходное сообщение|пересылаемое сообщение|оригинальное сообщение"
    r"|оригінальне повідомлення|переслане повідомлення|原始邮件|原始郵件|转发邮件|元のメッセージ"
    r"|원본 메시지"
)
FORWARDED = re.compile(rf"(?:{_FORWARDED})", _I)
# These stand alone; the others only between dashes.
FORWARDED_ALONE = re.compile(
    r"begin forwarded message|anfang der weitergeleiteten nachricht|inizio messaggio inoltrato"
    r"|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado",
    _I,
)
FRAME = "-_=*~#\u2013\u2014: \t"

# The field names of a mail quoted with its headers.
_FIELDS = (
    "from|to|cc|bcc|sent|date|subject|reply-to|reply to|importance|attachments"
    "|von|an|kopie|bcc|gesendet|datum|betreff|antwort an|wichtigkeit|anlagen"
    "|de|à|a|cci|envoyé|objet|date d.envoi|répondre à"
    "|para|enviado|enviado el|enviada em|fecha|asunto|assunto|data|responder a"
    "|da|inviato|inviata|oggetto|per conto di"
    "|aan|verzonden|onderwerp|antwoord aan"
    "|fra|til|sendt|dato|emne|kopi|från|till|skickat|ämne|kopia"
    "|lähettäjä|vastaanottaja|lähetetty|päivämäärä|aihe|kopio"
    "|od|do|dw|wysłano|wysłane|temat|komu|předmět|odesláno|kópia|predmet|odoslané"
    "|feladó|címzett|küldve|tárgy|másolat|către|catre|trimis|subiect|dată"
    "|από|προς|κοιν|στάλθηκε|ημερομηνία|θέμα|kimden|kime|gönderildi|tarih|konu"
    "|от|кому|копия|отправлено|дата|тема|від|копія|надіслано"
    "|发件人|收件人|抄送|发送时间|日期|主题|寄件者|收件者|副本|寄件日期|主旨"
    "|差出人|宛先|送信日時|件名|보낸 사람|받는 사람|보낸 날짜|제목"
)
FIELD = re.compile(rf"[*_\s]{{0,5}}(?:{_FIELDS})\s?[:：][*_\s]{{0,5}}(?!//)", _I)
# What only a whole pasted header has: then the sender shows it to us, he does not quote.
TRANSPORT_FIELD = re.compile(
    r"(?:received|return-path|message-id|mime-version|content-type|dkim-signature|x-[\w-]+)\s?:",
    _I,
)

DELIMITER = re.compile(r"\s*(?:[-_=~+*#–—]{2,}|[—ᐧ])\s*")
SIGNATURE_DELIMITER = re.compile(r"-- ?|—|––|ᐧ")

_DEVICE = (
    r"i?phone|ipad|ipod|android|blackberry|galaxy|samsung|nokia|lumia|htc|huawei|xiaomi|oneplus"
    r"|pixel|windows|mobile|cell|phone|tablet|mailbox|airmail|outlook|yahoo|gmail|mail|proton\w*"
    r"|spark|newton|device|smartphone|handy|mobilgerät|ti-\d+|alcatel|sony|xperia|motorola|lg"
)
MOBILE = re.compile(
    r"\W{0,5}(?:sent|posted|written|typed) (?:from|via|with|by|using) (?:\S+ ){0,4}"
    rf"\W*(?:{_DEVICE})\b.*"
    r"|\W{0,5}(?:\w+ )?(?:from|via) (?:my )?(?:mobile|iphone|ipad|phone|android|blackberry)\b"
    r".{0,20}"
    r"|sent (?:from|by|with|via) my .{1,80}|\W{0,5}sent (?:by|with) \w+\W*"
    r"|get \W?outlook for .*|download outlook .*"
    r"|von meinem .{1,60} gesendet\W*|gesendet (?:von|mit|über) .{1,60}"
    r"|diese nachricht wurde von mein.{1,80} gesendet\W*"
    r"|envoyé (?:depuis|de|à partir de|avec|via) .{1,60}|envoyé d.un .{1,60}"
    r"|enviado (?:desde|do|de|com|con|a partir do) .{1,60}|inviato (?:da|con|dal) .{1,60}"
    r"|verzonden (?:met|vanaf|via|vanuit) .{1,60}|verstuurd (?:vanaf|met) .{1,60}"
    r"|sendt fra .{1,60}|skickat från .{1,60}|lähetetty .{1,60}"
    r"|wysłan[eo] z .{1,60}|odesláno z .{1,60}|odoslané z .{1,60}"
    r"|trimis (?:de pe|din|de la) .{1,60}|στάλθηκε από .{1,60}|küldve .{1,60}"
    r"|отправлено (?:с|из|от) .{1,60}|надіслано з .{1,60}"
    r"|.{0,3}[從从]我的.{1,40}[传傳]送|.{0,3}[從从]我的.{1,40}[发發]送|.{1,40}から送信",
    _I,
)
SALUTATION = re.compile(
    r"(?:many |best |kind |warm |with )?(?:thanks|thank you|thx|regards|wishes|cheers|sincerely"
    r"|yours|best|mfg|lg|vg|viele grüße|mit .{0,20}grüßen|gruß|grüße|danke|cordialement|merci"
    r"|bien à vous|saludos|gracias|atentamente|saluti|cordiali saluti|grazie|atenciosamente"
    r"|obrigad[oa]|groet(?:en)?|met vriendelijke groet(?:en)?|mvh|hilsen|hälsningar|pozdrawiam"
    r"|s pozdravem|üdvözlettel|cu stimă|mulțumesc|με εκτίμηση|с уважением|спасибо|з повагою)"
    r"[^.?]{0,25}",
    _I,
)
CONTACT = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,100}\.\w|https?://|www\.\w|\+?\(?\d{2,5}\)?[ ./-]?\d{2,5}[ ./-]?\d{2,}"
)
