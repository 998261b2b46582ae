/** Two-letter domains in use, by country code, and those of the common kinds. */
const COUNTRIES =
  'ac ad ae af ag ai al am ao ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ' +
  'ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh ' +
  'gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp ' +
  'kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ' +
  'ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si ' +
  'sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg ' +
  'vi vn vu wf ws ye yt za zm zw';
const GENERIC =
  'com org net edu gov mil int info biz name pro aero coop museum jobs mobi travel asia cat tel app dev cloud online ' +
  'shop store site xyz tech email bank insurance health hospital law legal media news blog group company agency digital ' +
  'global international solutions systems services software studio world life live page web berlin hamburg koeln wien ' +
  'paris bzh alsace london scot wales cymru amsterdam frl brussels vlaanderen gent madrid barcelona eus gal istanbul ' +
  'moscow tokyo nyc';
const DOMAINS = new Set(`${COUNTRIES} ${GENERIC}`.split(' '));
/** RFC 2606 keeps these for examples; nobody has mail there. */
const RESERVED = /(?:^|\.)example\.(?:com|org|net)$/;
/** Mailboxes of a function rather than of a person (RFC 2142). */
const ROLE =
  /^(?:abuse|admin|contact|billing|help|hello|hostmaster|info|mail|marketing|news|no-?reply|office|postmaster|press|privacy|root|sales|security|support|team|webmaster)$/;

/** Whether a text is somebody's e-mail address: its syntax, under a top-level domain that exists, of no mere function. */
export function isEmail(text: string): boolean {
  return isSomebodys(text) && DOMAINS.has(topOf(text));
}

/** The same under a top-level domain that is not listed here: new ones come each year. */
export function isEmailOfUnknownDomain(text: string): boolean {
  return isSomebodys(text) && !DOMAINS.has(topOf(text)) && !NEVER.has(topOf(text));
}

/** RFC 2606 and RFC 6762 keep these from ever being registered. */
const NEVER = new Set(['test', 'example', 'invalid', 'localhost', 'local']);

function isSomebodys(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at).toLowerCase(), text.slice(at + 1).toLowerCase()];
  const isWritten = local.length <= 64 && domain.length <= 253 && !/^\.|\.\.|\.$/.test(local);
  return isWritten && !RESERVED.test(domain) && !ROLE.test(local);
}

function topOf(address: string): string {
  return address.slice(address.lastIndexOf('.') + 1).toLowerCase();
}
