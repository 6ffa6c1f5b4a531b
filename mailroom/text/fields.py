"""The names that mail programs give to From, Sent, To, Cc and Subject above a quoted mail."""

from __future__ import annotations

import re

_BY_LANGUAGE = {
    "en": "from, to, cc, bcc, sent, date, subject, reply-to, reply to, importance, attachments",
    "de": "von, an, kopie, gesendet, datum, betreff, antwort an, wichtigkeit, anlagen",
    "fr": "de, à, a, cci, envoyé, objet, date d.envoi, répondre à",
    "es": "de, para, enviado, enviado el, fecha, asunto, responder a",
    "pt": "de, para, enviado, enviada em, enviada, assunto, data, responder a",
    "it": "da, a, inviato, inviata, oggetto, data, per conto di",
    "nl": "van, aan, verzonden, onderwerp, antwoord aan, datum",
    "ca": "de, per a, enviat, enviat el, assumpte, tema, a/c, data",
    "gl": "de, para, enviado o, asunto, data",
    "eu": "nork, nondik, nori, bidaltze-data, bidalita, bidalia, gaia, data",
    "da nb": "fra, til, sendt, dato, emne, kopi",
    "sv": "från, till, skickat, skickad, ämne, kopia, datum",
    "is": "frá, til, sent, sendur, efni, dagsetning, afrit",
    "fi": "lähettäjä, vastaanottaja, lähetetty, päivämäärä, aihe, kopio",
    "et": "saatja, kellelt, saadetud, saaja, adressaat, kellele, koopia, teema, kuupäev",
    "lv": "no, nosūtīts, nosūtīja, kam, kopija, tēma, temats, datums",
    "lt": "nuo, išsiųsta, siųsta, kam, kopija, tema, data",
    "pl": "od, do, dw, wysłano, wysłane, temat, data",
    "cs": "od, komu, předmět, odesláno, kopie, datum",
    "sk": "od, komu, kópia, predmet, odoslané, dátum",
    "hu": "feladó, címzett, elküldve, küldve, küldés ideje, tárgy, másolat, másolatot kap, dátum",
    "sl": "od, za, poslano, zadeva, kp, kopija, datum",
    "hr bs": "od, šalje, za, prima, poslano, predmet, tema, kopija, datum",
    "sr": "od, šalje, za, prima, poslato, predmet, naslov, tema, kopija, datum"
    ", од, шаље, за, прима, послато, предмет, наслов, тема, копија, датум",
    "bg": "от, изпратено, до, копие, относно, тема, дата",
    "mk": "од, испратено, до, предмет, тема, копија, датум",
    "sq": "nga, dërguar, për, subjekti, tema, data",
    "ro": "de la, către, catre, trimis, subiect, dată, data",
    "el": "από, προς, κοιν, κοιν., στάλθηκε, εστάλη, αποστολή, ημερομηνία, θέμα",
    "tr": "kimden, gönderen, kime, alıcı, gönderildi, gönderilme, gönderme tarihi, bilgi, konu"
    ", tarih",
    "az": "kimdən, göndərən, kimə, göndərilib, göndərildi, mövzu, tarix",
    "ru": "от, кому, копия, отправлено, дата, тема",
    "uk": "від, кому, копія, надіслано, відправлено, дата, тема",
    "be": "ад, каму, адпраўлена, тэма, дата",
    "kk": "кімнен, кімге, жіберілді, тақырып, тақырыбы, күні",
    "ka": "ვისგან, გამგზავნი, ვის, მიმღები, გაგზავნილია, გაგზავნის თარიღი, თემა, საგანი, თარიღი",
    "hy": "ումից, ում, ուղարկված է, ուղարկվել է, թեմա, նյութ, ամսաթիվ",
    "ar": "من, المرسل, إلى, الى, تم الإرسال, تاريخ الإرسال, أُرسلت, أرسلت, مرسل, الإرسال"
    ", نسخة, نسخة إلى, الموضوع, التاريخ",
    "fa": "از, به, ارسال شده, ارسال شد, فرستاده شده, رونوشت, موضوع, تاریخ",
    "he": "מאת, אל, נשלח, עותק, העתק, נושא, תאריך",
    "hi": "प्रेषक, से, प्रति, को, भेजा गया, प्रेषित, भेजने का समय, विषय, दिनांक, तारीख",
    "th": "จาก, ถึง, ส่ง, ส่งเมื่อ, วันที่ส่ง, สำเนา, สำเนาถึง, เรื่อง, ชื่อเรื่อง, หัวเรื่อง, วันที่",
    "vi": "từ, đến, tới, gửi, đã gửi, ngày gửi, được gửi, chủ đề, tiêu đề, ngày, đồng gửi",
    "id ms": "dari, daripada, kepada, ke, dikirim, terkirim, dihantar, subjek, perihal, tanggal"
    ", tarikh",
    "tl": "mula kay, mula sa, kay, ipinadala, paksa, petsa",
    "mt": "minn, mibgħut, lil, suġġett",
    "af": "van, gestuur, aan, onderwerp",
    "uz": "kimdan, yuborilgan, kimga, mavzu",
    "mn": "илгээгч, илгээсэн, хэнд, сэдэв",
    "bn": "থেকে, প্রেরিত, প্রতি, বিষয়",
    "ur": "از, بھیجا گیا, بنام, موضوع",
    "zh": "发件人, 收件人, 抄送, 发送时间, 发送日期, 日期, 主题, 寄件者, 寄件人, 收件者, 副本"
    ", 寄件日期, 傳送時間, 主旨, 主題, 發件人, 發送時間",
    "ja": "差出人, 送信者, 宛先, 送信日時, 日時, 日付, 件名",
    "ko": "보낸 사람, 보낸사람, 받는 사람, 받는사람, 보낸 날짜, 날짜, 참조, 제목",
}
_NAMES = {one.strip() for names in _BY_LANGUAGE.values() for one in names.split(",")}

# As expressions, longest first, so that "de la" is tried before "de".
FIELD_NAMES = tuple(
    re.escape(name).replace(r"\.envoi", ".envoi") for name in sorted(_NAMES, key=len, reverse=True)
)
