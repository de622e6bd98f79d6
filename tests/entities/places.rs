//! Countries, capitals and the cities that the news names most.

use khabar::entities::lexicon::{Categories, lexicon};

/// Every officially assigned alpha-2 code of ISO 3166-1.
const CODES: &str = "
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Capitals, each with its country. That of Jordan is left out: without its shadda it is
/// written like عمان, the country.
const CAPITALS: &str = "
AE أبوظبي;AF كابول;AL تيرانا;AM يريفان;AO لواندا;AR بوينس آيرس;AT فيينا;AU كانبرا;AZ باكو;
BA سراييفو;BD دكا;BE بروكسل;BF واغادوغو;BG صوفيا;BH المنامة;BI بوجمبورا;BJ بورتو نوفو;
BO لاباز;BR برازيليا;BS ناساو;BW غابورون;BY مينسك;CA أوتاوا;CD كينشاسا;CF بانغي;CG برازافيل;
CH برن;CI ياموسوكرو;CL سانتياغو;CM ياوندي;CN بكين;CO بوغوتا;CR سان خوسيه;CU هافانا;
CY نيقوسيا;CZ براغ;DE برلين;DK كوبنهاغن;DZ الجزائر العاصمة;EC كيتو;EE تالين;
EG القاهرة;ER أسمرة;ES مدريد;ET أديس أبابا;FI هلسنكي;FR باريس;GA ليبرفيل;GB لندن;GE تبليسي;
GH أكرا;GM بانجول;GN كوناكري;GR أثينا;HN تيغوسيغالبا;HR زغرب;
HT بورت أو برنس;HU بودابست;ID جاكرتا;IE دبلن;IN نيودلهي;IQ بغداد;IR طهران;IS ريكيافيك;
IT روما;JM كينغستون;JP طوكيو;KE نيروبي;KG بيشكيك;KH بنوم بنه;KM موروني;KP بيونغ يانغ;
KR سول;KZ أستانا;LA فيينتيان;LB بيروت;LK كولومبو;LR مونروفيا;LT فيلنيوس;LV ريغا;
LY طرابلس;MA الرباط;MD كيشيناو;ME بودغوريتسا;MG أنتاناناريفو;MK سكوبيه;ML باماكو;
MM نايبيداو;MN أولان باتور;MR نواكشوط;MT فاليتا;MU بورت لويس;MV ماليه;MW ليلونغوي;
MX مكسيكو سيتي;MY كوالالمبور;MZ مابوتو;NA ويندهوك;NE نيامي;NG أبوجا;NI ماناغوا;NL أمستردام;
NO أوسلو;NP كاتماندو;NZ ويلينغتون;OM مسقط;PE ليما;PH مانيلا;PK إسلام آباد;PL وارسو;PS رام الله;
PT لشبونة;PY أسونسيون;QA الدوحة;RO بوخارست;RS بلغراد;RU موسكو;RW كيغالي;SA الرياض;SD الخرطوم;
SE ستوكهولم;SI ليوبليانا;SK براتيسلافا;SL فريتاون;SN داكار;SO مقديشو;SS جوبا;SV سان سلفادور;
SY دمشق;TD نجامينا;TG لومي;TH بانكوك;TJ دوشنبه;TL ديلي;TM عشق آباد;TN تونس العاصمة;TR أنقرة;
TT بورت أوف سبين;TW تايبيه;TZ دودوما;UA كييف;UG كمبالا;US واشنطن;UY مونتيفيديو;UZ طشقند;
VE كراكاس;VN هانوي;YE صنعاء;ZA بريتوريا;ZM لوساكا;ZW هراري";

#[test]
fn every_country_and_territory_of_iso_3166_1_has_a_name_and_its_code() {
    let file = include_str!("../../data/names/countries.tsv");
    let rows = file.lines().filter(|row| !row.is_empty() && !row.starts_with('#'));
    let listed: Vec<(&str, &str)> = rows
        .map(|row| {
            let mut fields = row.split('\t');
            (fields.next().unwrap(), fields.next().unwrap())
        })
        .collect();
    let codes: Vec<&str> = CODES.split_whitespace().collect();
    assert_eq!(codes.len(), 249);
    assert_eq!(listed.iter().map(|(code, _)| *code).collect::<Vec<_>>(), codes);
    for (code, names) in listed {
        let first = names.split('|').next().unwrap();
        let found = lexicon().name(first).unwrap();
        assert!(found.categories.meets(Categories::COUNTRY), "{first}");
        assert_eq!(found.country.unwrap().code(), code, "{first}");
    }
}

#[test]
fn capitals_lie_in_their_country() {
    let mut wrong = Vec::new();
    let capitals: Vec<&str> =
        CAPITALS.split(';').map(str::trim).filter(|row| !row.is_empty()).collect();
    assert!(capitals.len() >= 130, "{}", capitals.len());
    for row in capitals {
        let (code, name) = row.split_once(' ').unwrap();
        let country = lexicon().name(name).and_then(|it| it.country);
        if country.is_none_or(|it| it.code() != code) {
            wrong.push(format!("{row}: {country:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn more_than_the_three_hundred_cities_asked_for_have_a_country() {
    let file = include_str!("../../data/names/cities.tsv");
    let rows = file.lines().filter(|row| !row.is_empty() && !row.starts_with('#'));
    assert!(rows.filter(|row| !row.starts_with('-')).count() >= 300);
}
