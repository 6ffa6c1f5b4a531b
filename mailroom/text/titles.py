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
    r"out of (?:the )?office(?: (?:auto-?)?(?:reply|re|notification|message))?|ooo|auto ?re",
    r"(?:on )?vacation(?: (?:reply|response|notice|message))?",
    r"away(?: from (?:my|the) (?:mail|office))?",
    # German, Dutch, French
    r"abwesenheits?(?:notiz|nachricht|assistent|benachrichtigung|agent|meldung)?|abwesend",
    r"automatische (?:antwort|reply|abwesenheits\w*)|au(?:ß|ss)er haus|urlaub(?:snotiz|smeldung)?",
    r"(?:ich bin )?(?:derzeit )?nicht im büro",
    r"automatisch antwoord|automatisch beantwoord|afwezig(?:heid\w*)?|niet aanwezig|auto-antwoord",
    r"réponse auto(?:matique)?|reponse automatique|je suis absent\(?e?\)?",
    r"absence(?: du bureau)?|absent\(?e?\)? du bureau",
    r"(?:message|avis|notification) d.absence",
    # Spanish, Catalan, Galician, Basque, Portuguese, Italian, Romanian
    r"respuesta autom[áa]tica|autorespuesta|fuera de (?:la )?oficina|ausente",
    r"respost?a autom[àáa]tica|fora de l.oficina|erantzun automatikoa",
    r"resposta automática|ausência(?: temporária)?(?: do escritório)?|fora do escritório",
    r"risposta automatica|fuori (?:sede|ufficio)|assenza|assente",
    r"r[ăa]spuns automat|absen(?:ț|ţ)ă|nu sunt la birou|absent din birou|[îi]n afara biroului",
    # Danish, Norwegian, Swedish, Icelandic, Finnish, Estonian, Latvian, Lithuanian
    r"auto(?:matisk)?[ -]?svar|fravær(?:smelding|sbesked)?|ikke til ?stede|ikke på kontoret",
    r"automatisk(?:t)? svar|autosvar|frånvarande|frånvaro(?:meddelande)?|semester\w*",
    r"sjálfvirkt svar|sjálfvirk svörun|fjarverandi",
    r"automaattinen (?:vastaus|poissaoloviesti)|poissa(?:olo\w*)?",
    r"automaatvastus|automaatne vastus|kontorist väljas",
    r"automātiskā atbilde|automātiska atbilde|esmu prombūtnē|ārpus biroja",
    r"automatinis atsakymas|automatinis atsakas|ne biure|nesu biure",
    # Polish, Czech, Slovak, Hungarian, Slovene, Croatian, Serbian, Bosnian, Albanian
    r"automatyczna odpowied[źz]|odpowied[źz] automatyczna|autoodpowied[źz]|poza biurem",
    r"nieobecn(?:ość|y|a)",
    r"automatick[áé] odpov\w+|mimo kancelář|mimo kancelárie|nepřítomnost",
    r"automatikus válasz|szabadságon|házon kívül|irodán kívül",
    r"samodejni odgovor|samodejno sporočilo|odsoten|odsotnost(?: z dela)?|ne v pisarni",
    r"automatski odgovor|automatska poruka|odsutan|odsutnost|van ureda",
    r"аутоматски одговор|аутоматска порука",
    r"përgjigje automatike",
    # Greek, Turkish, Azerbaijani
    r"αυτόματη απάντηση|εκτός γραφείου|απουσία",
    r"otomatik (?:yanıt|cevap)|(?:ofis|işyeri) dışında|avtomatik cavab",
    # Russian, Ukrainian, Bulgarian, Macedonian, Belarusian, Kazakh
    r"автоответ(?:чик)?|автоматический ответ|вне офиса|нет на месте|отсутствие",
    r"автоматична відповідь|автовідповідь|поза офісом|відсутність",
    r"автоматичен отговор|автоматичен отговорник|извън офиса|автоматски одговор",
    r"аўтаматычны адказ|автоматты жауап",
    # Arabic, Persian, Hebrew, Urdu
    r"رد تلقائي|الرد التلقائي|رد آلي|خارج المكتب|پاسخ خودکار|خودکار جواب",
    r"מענה אוטומטי|תשובה אוטומטית|תגובה אוטומטית|מחוץ למשרד",
    # Chinese, Japanese, Korean
    r"自动(?:答复|回复|应答)|自動(?:回覆|回復|回信|答覆|返信|応答)|外出(?:自动回复|自動回覆)?|休假自动回复",
    r"不在(?:通知)?|休暇(?:中)?|不在(?:メッセージ|のお知らせ)|自動応答メッセージ",
    r"자동 ?(?:회신|응답|답장)|부재 ?중",
    # Thai, Vietnamese, Indonesian, Malay, Hindi, Filipino, Georgian, Armenian
    r"(?:การ)?ตอบ(?:กลับ)?อัตโนมัติ|ไม่อยู่(?:ที่สำนักงาน)?",
    r"(?:thư )?trả lời tự động|phản hồi tự động|vắng mặt",
    r"balasan (?:otomatis|automatik)|jawapan automatik",
    r"di luar kantor|tidak di kantor|(?:di )?luar pejabat|jawaban otomatis",
    r"स्व(?:यं)?चालित (?:उत्तर|जवाब|जवाफ|प्रत्युत्तर)|स्वयंचलित (?:उत्तर|प्रत्युत्तर)",
    r"awtomatikong (?:tugon|sagot)",
    r"স্বয়ংক্রিয় (?:উত্তর|জবাব)|தானியங்கு (?:பதில்|மறுமொழி)|خودکار جواب|автомат хариу|автоматтык жооп",
    r"સ્વચાલિત જવાબ|ਸਵੈਚਲਿਤ ਜਵਾਬ|స్వయంచాలక ప్రత్యుత్తరం|ಸ್ವಯಂಚಾಲಿತ ಪ್ರತ್ಯುತ್ತರ|സ്വയമേവയുള്ള മറുപടി",
    r"ස්වයංක්\u200d?රීය පිළිතුර|ឆ្លើយតបដោយស្វ័យប្រវត្តិ|automatysk andert",
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
    r"gelesen|nicht gelesen|ungelesen(?: gelöscht)?|gelöscht|zugestellt|lesebestätigung",
    r"lu|non lu|supprimé|remis|accusé de (?:lecture|réception)|confirmation de lecture",
    r"leído|no leído|eliminado|entregado|confirmación de lectura|acuse de recibo",
    r"llegit|irakurrita|lid[oa]s?|não lid[ao]|entregue|confirmação de leitura",
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
    r"已读|已讀取?|已读回执|讀取回條|开封|開封済み|開封通知|既読|읽음|읽은 상태|수신 확인",
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
    r"ungelesen gelöscht|sin ser leído|senza essere stat[oa] lett|zonder te zijn gelezen",
    r"fără a fi citit|bez prze?čtení|bez przeczytania|sans (?:être|avoir été) lu|læst den|lesin",
    r"ha estat llegit|irakurri da|خوانده شد|पढ़ा गया|u lexua|αναγνώστηκε|(?:је|беше) прочитана?",
    r"ได้ถูกอ่าน|đã được đọc|telah dibaca|dibaca pada",
)
WAS_READ = re.compile("|".join(_READ), re.IGNORECASE)

# What calendars write before the title of the meeting that somebody accepted or declined.
_INVITED = (
    r"accepted|declined|tentative(?:ly accepted)?|zugesagt|abgelehnt|abgesagt|mit vorbehalt",
    r"vorläufig zugesagt|accepté|refusé|provisoire|acceptation provisoire|aceptad[ao]|rechazad[ao]",
    r"provisional|accettat[ao]|rifiutat[ao]|provvisori[ao]|aceite|aceito|recusad[ao]|provisóri[ao]",
    r"geaccepteerd|afgewezen|geweigerd|voorlopig(?: geaccepteerd)?|accepteret|afvist|foreløbig",
    r"akseptert|avslått|godtatt|accepterat|godkänt|avböjt|preliminär|hyväksytty|hylätty|alustava",
    r"vastu võetud|pieņemts|priimta|zaakceptowano|odrzucono|wstępnie|přijato|odmítnuto|nezávazně",
    r"prijaté|odmietnuté|elfogadva|elutasítva|feltételes|acceptat[ăa]?|refuzat[ăa]?|provizoriu",
    r"sprejeto|zavrnjeno|prihvaćeno|odbijeno|прихваћено|прието|отхвърлено|αποδεκτή|απορρίφθηκε",
    r"kabul edildi|reddedildi|принято|отклонено|под вопросом|прийнято|відхилено",
    r"مقبول|مرفوض|התקבל|נדחה|已接受|已拒绝|已拒絕|暂定|暫訂|承諾済み|承諾|辞退|仮承諾|수락됨?|거절됨?",
)
INVITED = re.compile(
    rf"[\u200e\u200f]?(?:{'|'.join(_INVITED)}) ?[\u200e\u200f]?[:：]", re.IGNORECASE
)

# A thumb or a heart that somebody put under a mail, as text for programs that know no reactions.
_REACTIONS = (
    r"^\W*(?:\S+ ){1,4}(?:reacted to|liked|loved|laughed at) your (?:message|e-?mail)\W*$",
    r"(?:reacted|reagerte|reagerade|reagerede|gereageerd) via gmail|reagoi gmailissa",
    r"hat (?:über|via|mit) gmail reagiert|hat auf ihre (?:nachricht|e-?mail) reagiert",
    r"a réagi (?:via gmail|à votre (?:message|e-?mail))|ha reaccionat (?:a través de|amb) gmail",
    r"reaccion(?:ó|ado) (?:a través de|mediante|con|desde) gmail",
    r"reaccion(?:ó|ado) a (?:tu|su) (?:mensaje|correo)",
    r"ha reagito (?:(?:tramite|con) gmail|al tuo messaggio)",
    r"reagiu (?:(?:pelo|através do|via) gmail|à sua mensagem)",
    r"zareagowa\S+ (?:przez|w|za pomocą) gmail|reagova\S+ (?:přes|cez|prostřednictvím) gmail",
    r"reac(?:ț|ţ)ionat prin gmail|reagált .{0,20}gmail|reag\w+ (?:putem|preko|prek) gmail",
    r"odzva\w+ prek gmail|реаг\w+ (?:преко|чрез|через|в) gmail|sureagavo .{0,12}gmail",
    r"(?:отреагировал|відреагува)\S* (?:в|через|у) gmail|reaģēj\w+ .{0,20}gmail|reageeri\w+ gmail",
    r"gmail (?:üzerinden|ile|aracılığıyla) tepki|αντέδρασε μέσω (?:του )?gmail|reageris via gmail",
    r"(?:تفاعل|تفاعلت).{0,40}gmail|(?:הגיב|הגיבה|הביע\w*).{0,20}gmail|واکنش.{0,30}gmail",
    r"bereaksi (?:melalui|via) gmail|cảm xúc qua gmail|(?:แสดงความรู้สึก|ตอบสนอง)(?:ผ่าน|ทาง) ?gmail",
    r"通过 gmail 做出了回应|已透過 gmail (?:表達)?回應|gmail で.{0,10}リアクション",
    r"gmail을 통해.{0,10}반응",
)
REACTED = re.compile(
    # Or nothing but one or two pictures of feelings.
    "|".join(_REACTIONS)
    + r"|\A\s*(?:[\u2600-\u27bf\U0001f300-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]?\s*){1,3}\Z",
    re.IGNORECASE | re.MULTILINE,
)
