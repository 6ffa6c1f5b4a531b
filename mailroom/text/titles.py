"""How mail programs title what they write by themselves: absences and read receipts, by language.

Customers of a mail server write *about* automatic replies: such words count only as a title, at
the beginning, with a colon behind them or nothing.
"""

from __future__ import annotations

import re

# What Exchange, Outlook and the usual vacation programs put before, or in place of, the subject.
_ABSENCES = (
    # English
    r"auto(?:matic|mated|mat\w*)?[ -]?(?:re(?:ply|sponse|sponder)|antwort)|auto",
    r"out of (?:the )?office(?: (?:auto-?)?(?:reply|notification|message))?|ooo",
    r"(?:on )?vacation(?: (?:reply|response|notice|message))?|away from (?:my|the) (?:mail|office)",
    # German, Dutch, French
    r"abwesenheits?(?:notiz|nachricht|assistent|benachrichtigung|agent|meldung)?|abwesend",
    r"automatische (?:antwort|reply|abwesenheits\w*)|au(?:ß|ss)er haus",
    r"automatisch antwoord|automatisch beantwoord|afwezig(?:heid\w*)?|niet aanwezig",
    r"réponse automatique|absence(?: du bureau)?|absent\(?e?\)? du bureau|message d.absence",
    # Spanish, Catalan, Galician, Basque, Portuguese, Italian, Romanian
    r"respuesta autom[áa]tica|fuera de (?:la )?oficina|ausente",
    r"resposta autom[àáa]tica|fora de l.oficina|erantzun automatikoa",
    r"resposta automática|ausência(?: temporária)?|fora do escritório",
    r"risposta automatica|fuori (?:sede|ufficio)|assenza",
    r"r[ăa]spuns automat|absent din birou|[îi]n afara biroului",
    # Danish, Norwegian, Swedish, Icelandic, Finnish, Estonian, Latvian, Lithuanian
    r"auto(?:matisk)?[ -]?svar|fravær(?:smelding|sbesked)?|ikke til ?stede|ikke på kontoret",
    r"automatisk(?:t)? svar|autosvar|frånvarande|frånvaro(?:meddelande)?",
    r"sjálfvirkt svar|fjarverandi",
    r"automaattinen (?:vastaus|poissaoloviesti)|poissa(?:olo\w*)?",
    r"automaatvastus|automaatne vastus|kontorist väljas",
    r"automātiskā atbilde|automātiska atbilde|esmu prombūtnē|ārpus biroja",
    r"automatinis atsakymas|automatinis atsakas|ne biure|nesu biure",
    # Polish, Czech, Slovak, Hungarian, Slovene, Croatian, Serbian, Bosnian, Albanian
    r"automatyczna odpowied[źz]|odpowied[źz] automatyczna|autoodpowied[źz]|poza biurem",
    r"automatick[áé] odpov\w+|mimo kancelář|mimo kancelárie|nepřítomnost",
    r"automatikus válasz|házon kívül|irodán kívül",
    r"samodejni odgovor|samodejno sporočilo|odsoten|odsotnost",
    r"automatski odgovor|automatska poruka|odsutan|van ureda",
    r"аутоматски одговор|аутоматска порука",
    r"përgjigje automatike",
    # Greek, Turkish, Azerbaijani
    r"αυτόματη απάντηση|εκτός γραφείου|απουσία",
    r"otomatik (?:yanıt|cevap)|ofis dışında|avtomatik cavab",
    # Russian, Ukrainian, Bulgarian, Macedonian, Belarusian, Kazakh
    r"автоответ(?:чик)?|автоматический ответ|вне офиса|нет на месте",
    r"автоматична відповідь|автовідповідь|поза офісом",
    r"автоматичен отговор|автоматичен отговорник|извън офиса|автоматски одговор",
    r"аўтаматычны адказ|автоматты жауап",
    # Arabic, Persian, Hebrew, Urdu
    r"رد تلقائي|الرد التلقائي|رد آلي|خارج المكتب|پاسخ خودکار|خودکار جواب",
    r"מענה אוטומטי|תשובה אוטומטית|תגובה אוטומטית|מחוץ למשרד",
    # Chinese, Japanese, Korean
    r"自动(?:答复|回复|应答)|自動(?:回覆|回復|答覆|返信|応答)|外出(?:自动回复|自動回覆)?|休假自动回复",
    r"不在通知|不在(?:メッセージ|のお知らせ)|自動応答メッセージ",
    r"자동 ?(?:회신|응답|답장)|부재 ?중",
    # Thai, Vietnamese, Indonesian, Malay, Hindi, Filipino, Georgian, Armenian
    r"(?:การ)?ตอบ(?:กลับ)?อัตโนมัติ|ไม่อยู่ที่สำนักงาน",
    r"(?:thư )?trả lời tự động|phản hồi tự động|vắng mặt",
    r"balasan (?:otomatis|automatik)|jawapan automatik|di luar kantor|jawaban otomatis",
    r"स्वचालित (?:उत्तर|जवाब|प्रत्युत्तर)|awtomatikong (?:tugon|sagot)",
    r"স্বয়ংক্রিয় (?:উত্তর|জবাব)|தானியங்கு (?:பதில்|மறுமொழி)|خودکار جواب|автомат хариу",
    r"outomatiese antwoord|samodejen odgovor|avtomatik (?:cavab|javob)|jibu la kiotomatiki",
    r"freagra uathoibríoch|ateb awtomatig|tweġiba awtomatika|automatesch äntwert",
    r"ავტომატური პასუხი|ինքնաշխատ պատասխան|ավտոմատ պատասխան",
)
ABSENT = re.compile(
    rf"[\u200e\u200f]?\[?(?:{'|'.join(_ABSENCES)}) ?[\u200e\u200f]?(?:[:：\]]|from |$)",
    re.IGNORECASE,
)

# What a mail program writes before the subject of the mail that was read, deleted, delivered.
_RECEIPTS = (
    r"(?:not )?read|deleted|delivered|relayed|read[ -]?receipt|return receipt",
    r"empfangsbestätigung|ricevuta di ritorno|ontvangstbevestiging|kvitto|kvittering",
    r"potwierdzenie|potvrzení|potvrdenie|подтверждение|tértivevény|confirmare|alındı",
    r"gelesen|ungelesen(?: gelöscht)?|gelöscht|zugestellt|lesebestätigung",
    r"lu|non lu|supprimé|remis|accusé de (?:lecture|réception)|confirmation de lecture",
    r"leído|no leído|eliminado|entregado|confirmación de lectura|acuse de recibo",
    r"llegit|irakurrita|lido|lida|não lid[ao]|entregue|confirmação de leitura",
    r"letto|letta|non lett[oa]|eliminato|recapitato|conferma di lettura",
    r"gelezen|ongelezen|niet gelezen|verwijderd|bezorgd|leesbevestiging",
    r"læst|ikke læst|lest|ikke lest|slettet|leveret|levert|lesekvittering|læsekvittering",
    r"läst|oläst|borttaget|levererat|läskvitto|lesið|luettu|poistettu|toimitettu|lukukuittaus",
    r"loetud|lugemiskinnitus|izlasīts|lasīts|lasīta|perskaityta|skaityta",
    r"odczytan[eoa]",
    r"przeczytan[eoa]|nieprzeczytan[eoa]|usunięt[eoa]|dostarczon[eoa]|potwierdzenie przeczytania",
    r"přečten[oaé]|nepřečten[oaé]|doručen[oaé]|prečítan[éoá]|doručenka|potvrzení o přečtení",
    r"olvasva|elolvasva|elolvasott|olvasatlan|olvasási visszaigazolás",
    r"citit|necitit|șters|livrat|confirmare de citire",
    r"prebrano|pročitano|nepročitano|прочитано|непрочитано|потврда о читању|potrditev branja",
    r"διαβάστηκε|αναγνώστηκε|αναγνωσμένο|απόδειξη ανάγνωσης|okundu(?: bilgisi)?|silindi",
    r"прочтено|прочитан[оа]|не прочтено|удалено|доставлено|уведомление о прочтении",
    r"прочетено|прочетена|непрочетено|отчет за прочитане|u lexua",
    r"تمت القراءة|مقروءة?|قراءة|إيصال القراءة|خوانده شد|נקרא(?:ה)?|אישור קריאה",
    r"已读|已讀|已读回执|讀取回條|开封|開封済み|開封通知|既読|읽음|읽은 상태|수신 확인",
    r"อ่านแล้ว|อ่าน|đã đọc|dibaca|sudah dibaca|telah dibaca|पढ़ा गया|पढ़ लिया",
)
RECEIPT = re.compile(
    # Thunderbird says in brackets what became of the mail: "Return Receipt (displayed) - Subject".
    rf"[\u200e\u200f]?(?:{'|'.join(_RECEIPTS)})(?: ?[\u200e\u200f]?[:：] ?| \([^()]{{3,24}}\) - )",
    re.IGNORECASE,
)

# What their text says, of the mail that it is about.
_READ = (
    r"was (?:read|displayed|opened|deleted without being read) on",
    r"has been (?:read|displayed|opened)|this (?:return )?receipt only|read receipt for",
    r"return receipt for (?:the|your) (?:mail|message)",
    r"wurde (?:am .{0,80})?(?:gelesen|angezeigt|geöffnet|ungelesen gelöscht)",
    r"(?:dies ist eine|eine) (?:empfangs|lese)bestätigung",
    r"a été (?:lu|ouvert|affiché|supprimé)|ceci est un accusé|fue leído|ha sido leído|se leyó el",
    r"es(?:to|te) es un acuse|questa è una ricevuta|esta é uma confirmação|jest potwierdzeniem",
    r"foi lid[ao]|foi exibid[ao]|è stat[oa] lett[oa]|ricevuta di (?:ritorno|lettura)",
    r"is (?:op .{0,80})?gelezen|ontvangstbevestiging|blev læst|ble lest|lästes|har lästs",
    r"on luettu|luettiin|został[ao]? (?:przeczytan|odczytan|wyświetlon)\w*|byla? přečtena?",
    r"bola prečítaná|elolvas(?:ták|va)|a fost citit|διαβάστηκε|okundu|было прочитано|прочитано",
    r"було прочитано|беше прочетено|je pročitana?|je bilo? prebrano|buvo perskaityta|tika izlasīt",
    r"loeti|تمت قراءة|נקראה|已(?:于|於|被).{0,60}(?:读取|阅读|讀取)|閱讀|開封されました|읽었습니다",
    r"ได้ถูกอ่าน|đã được đọc|telah dibaca|dibaca pada",
)
WAS_READ = re.compile("|".join(_READ), re.IGNORECASE)

# A thumb or a heart that somebody put under a mail, as text for programs that know no reactions.
REACTED = re.compile(
    r"reacted (?:via gmail|to your (?:message|mail|email))|hat (?:über|via) gmail reagiert"
    r"|hat auf ihre nachricht reagiert|a réagi (?:via gmail|à votre message)"
    r"|(?:ha )?reaccion(?:ó|ado) (?:a través de gmail|a tu mensaje|mediante gmail)"
    r"|ha reagito (?:tramite gmail|al tuo messaggio)|reagiu (?:pelo gmail|à sua mensagem)"
    r"|heeft gereageerd via gmail|reagerade via gmail|reagerede via gmail|reagoi gmailissa"
    r"|zareagowa\w+ (?:przez|w) gmail\w*|reagova\w+ (?:přes|cez) gmail|reacționat prin gmail"
    r"|отреагировал\w* (?:в|через) gmail|відреагува\w+ (?:в|через) gmail"
    r"|通过 gmail 做出了回应|已透過 gmail 表達回應|gmail で.{0,10}リアクション"
    r"|gmail을 통해.{0,10}반응",
    re.IGNORECASE,
)
