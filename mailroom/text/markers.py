"""The words by which mail programs announce a quotation, a signature or a forward.

In the languages of Europe, and in Arabic, Hebrew, Persian, Turkish, Azerbaijani, Kazakh, Georgian,
Armenian, Hindi, Thai, Vietnamese, Indonesian, Malay, Chinese, Japanese and Korean. The names of
header fields are in `fields.py`. Every expression is used on one bounded line (quoting.py).
"""

import re

from mailroom.text.fields import FIELD_NAMES

_I = re.IGNORECASE

# Our own mails ask to answer above this line; what is below it was ours.
REPLY_MARKER = "##- Please write your answer above this line -##"
OWN_MARKER = re.compile(r"##-.{0,200}-##")

# "On ..., NAME wrote:" in two halves: how it may begin and what must follow.
OPENER = re.compile(
    r"(?:-+ ?)?(?:On|At|Le|El|Am|Il|Em|Op|Den|Dnia|Dne|Dňa|W dniu|Pe|În|La data|Στις|Στις|Στο"
    r"|Il giorno|A las|Em|Quoting|Zitat von|于|在|於"
    r"|Dana|Дана|На|Më|Þann|Kuupäev|Kirjutas|Pada|Vào|Missatge de|O|V|Wiadomość napisana"
    r"|في|بتاريخ|در|בתאריך|ב-|ในวันที่|เมื่อ|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|dom|sáb"
    r"|mié|jue|vie|pon|uto|sri|čet|pet|sub|ned|tor|sre|čt|št|út|stř|pá|pir|ant|tre|kt|pn|šešt"
    r"|pirmd|otrd|trešd|ceturtd|piektd|sestd|svētd|esmasp|teisip|kolmap|neljap|reede|laup|pühap"
    r"|kam|jum|sab|min|sen|sel|rab|xov|dj|dv|ds|dg|dl|dt|dc|joi|vin|sâm|luni|marți|miercuri"
    r"|пон|уто|сре|чет|пет|суб|нед"
    r"|пн|вт|ср|чт|пт|сб|вс|нд)[a-zа-яіїéčšțâ]{0,9}[.,] "
    r"|(?:понедельник|вторник|среда|четверг|пятница|суббота|воскресенье"
    r"|понеділок|вівторок|середа|четвер|п.ятниця|субота|неділя)\b)",
    _I,
)
DATE_FIRST = re.compile(
    r"(?:\d{4}[-/.年년]\s?\d{1,2}[-/.月월]\s?\d{1,2}[日일]?|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}"
    r"|\d{1,2}\.? [^\W\d]{3,12}\.? \d{4})(?![\d])"
)
CLOSER = re.compile(
    r"\b(?:wrote|writes|written|schrieb|geschrieben|a écrit|écrit|escribió|escribio|ha scritto"
    r"|escreveu|schreef|geschreven|skrev|kirjoitti|napisał(?:a|\(a\))?|napsala?|napsal\(a\)"
    r"|napísala?|írta|a scris|έγραψε|yazdı|şunları yazdı|написала?|написал\(а\)|пишет|писала?"
    r"|пише|написав|написала"
    r"|rašė|rakstīja|kirjutas|napisal(?:a|\(a\)|/a)?|napisao(?:/la|\(la\)|/-la)?|napisala"
    r"|napisana przez|написао(?:/ла|\(ла\))?|написа|напиша|skrifaði|shkroi|ha escrit"
    r"|va escriure|escribiu|idatzi du|idatzi zuen[^:\n]{0,60}"
    r"|menulis|tulis|đã viết|viết|yazıb|yazmış|şöyle yazdı"
    r"|şunu yazdı|жазды|напісаў|scrisse|missatge de|დაწერა|წერდა|գրել է)\b"
    r"|写道|寫道|写到|のメール|書きました|さんは書|작성|님이|님께서|쓰셨습니다"
    r"|scríobh|ysgrifennodd|kiteb|geskryf|aliandika|бичсэн|yozgan|isinulat ni|піша|ka shkruar"
    r"|লিখেছেন|نے لکھا|लिहिले|எழுதியது|쓴 글|igorleak hau idatzi"
    r"|كتب|تمت كتابة|نوشت|כתב|מאת|เขียน|ने लिखा|लिखा",
    _I,
)
# Of whatever language: when, and who in brackets. It counts where a quotation follows.
TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
IN_BRACKETS = re.compile(r"[<(\[][^<>()\[\]\s]{1,64}@[\w.-]{2,100}[>)\]]")
# A field of whatever language, and what our own subject has in each of them.
ANY_FIELD = re.compile(r"[*_\s\u200e\u200f]{0,5}[^\W\d_][^\n:：\d<@]{0,30}[:：]\s?\S")
OUR_SUBJECT = re.compile(r"[:：].{0,40}\[AX-\d{4}-\d{6,9}\]")
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
    r"|원본 메시지|전달된 메시지|원본 이메일|轉寄郵件|轉寄的郵件|原始信件|转发的邮件|轉寄訊息"
    r"|転送されたメッセージ|転送メッセージ|元のメール|preposlaná správa|átirányított üzenet"
    r"|izvirno sporočilo|posredovano sporočilo|izvorna poruka|proslijeđena poruka"
    r"|originalna poruka|prosleđena poruka|оригинална порука|прослеђена порука"
    r"|оригинално съобщение|препратено съобщение|оригинална порака|pradinis pranešimas"
    r"|pirminis laiškas|originalus (?:laiškas|pranešimas)|persiųstas (?:laiškas|pranešimas)"
    r"|oriģinālais ziņojums|sākotnējais ziņojums|pārsūtītais ziņojums|pārsūtīts ziņojums"
    r"|algne kiri|algne sõnum|algteade|edastatud (?:kiri|sõnum)|upprunaleg skilaboð"
    r"|mesazhi origjinal|missatge original|missatge reenviat|mensaxe orixinal|jatorrizko mezua"
    r"|özgün ileti|asıl ileti|orijinal ileti|iletilen (?:mesaj|ileti)"
    r"|yönlendirilmiş (?:mesaj|ileti)|yönləndirilmiş mesaj"
    r"|الرسالة الأصلية|رسالة أصلية|رسالة محو?لة|رسالة معاد توجيهها|הודעה מקורית|הודעה שהועברה"
    r"|پیام اصلی|پیام بازارسال.?شده|ข้อความต้นฉบับ|ข้อความที่ส่งต่อ|मूल संदेश|अग्रेषित संदेश"
    r"|thư gốc|tin nhắn gốc|thư đã chuyển tiếp|pesan asli|pesan (?:yang )?diteruskan|pesan terusan"
    r"|mesej asal|mesej dimajukan"
)
FORWARDED = re.compile(rf"(?:{_FORWARDED})", _I)
# Of these, what says that a mail is passed on, not answered.
PASSED_ON = re.compile(
    r"forwarded message|weitergeleitete nachricht|message (?:transféré|réexpédié)"
    r"|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht"
    r"|videresendt|vidarebefordrat|przekazana wiadomość|přeposlaná zpráva|preposlaná správa"
    r"|továbbított üzenet|átirányított üzenet|mesaj redirecționat|προωθημένο μήνυμα"
    r"|пересылаемое сообщение|переслане повідомлення|препратено съобщение|прослеђена порука"
    r"|posredovano sporočilo|proslijeđena poruka|prosleđena poruka|persiųstas|pārsūtīt"
    r"|edastatud|missatge reenviat|iletilen (?:mesaj|ileti)|yönlendirilmiş|رسالة محو?لة"
    r"|הודעה שהועברה|ข้อความที่ส่งต่อ|अग्रेषित संदेश|đã chuyển tiếp|diteruskan|pesan terusan"
    r"|mesej dimajukan|转发邮件|轉寄|转发的邮件|転送(?:された)?メッセージ|전달된 메시지",
    _I,
)
# These stand alone; the others only between dashes.
FORWARDED_ALONE = re.compile(
    r"begin forwarded message|anfang der weitergeleiteten nachricht|inizio messaggio inoltrato"
    r"|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado",
    _I,
)
FRAME = "-_=*~#\u2013\u2014: \t"

# The field names of a mail quoted with its headers; those of right-to-left scripts carry marks.
_SPACE = r"[*_\s\u200e\u200f]{0,5}"
FIELD = re.compile(rf"{_SPACE}(?:{'|'.join(FIELD_NAMES)})[*_]{{0,2}}\s?[:：]{_SPACE}(?!//)", _I)
# What only a whole pasted header has: then the sender shows it to us, he does not quote.
TRANSPORT_FIELD = re.compile(
    r"(?:received|return-path|message-id|mime-version|content-type|dkim-signature|x-[\w-]+)\s?:",
    _I,
)

DELIMITER = re.compile(r"\s*(?:[-_=~+*#–—]{2,}|[—ᐧ])\s*")

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
    r"|отправлено (?:с|из|от) .{1,60}|надіслано з .{1,60}|изпратено от .{1,60}"
    r"|послато са .{1,60}|poslano (?:z|s|sa) .{1,60}|poslato (?:sa|s) .{1,60}"
    r"|išsiųsta iš .{1,60}|siunčiama iš .{1,60}|nosūtīts no .{1,60}|saadetud minu .{1,60}"
    r"|enviat des d.{1,60}|dërguar nga .{1,60}|.{1,40}[ ']?(?:dan|den|ımdan|umdan) gönderildi"
    r"|dikirim dari .{1,60}|terkirim dari .{1,60}|(?:đã|được) gửi từ .{1,60}|ส่งจาก.{1,60}"
    r"|أُ?رسلت من .{1,60}|مرسل من .{1,60}|נשלח מ.{1,60}|ارسال شده از .{1,60}|.{1,30}에서 보냄"
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
