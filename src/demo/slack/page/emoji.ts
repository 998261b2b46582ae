const characters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    white_check_mark: '✅',
    heavy_check_mark: '✔️',
    x: '❌',
    no_entry: '⛔',
    no_entry_sign: '🚫',
    warning: '⚠️',
    rotating_light: '🚨',
    red_circle: '🔴',
    large_yellow_circle: '🟡',
    large_green_circle: '🟢',
    large_orange_circle: '🟠',
    large_blue_circle: '🔵',
    white_circle: '⚪',
    black_circle: '⚫',
    hourglass: '⌛',
    hourglass_flowing_sand: '⏳',
    alarm_clock: '⏰',
    lock: '🔒',
    unlock: '🔓',
    key: '🔑',
    shield: '🛡️',
    bell: '🔔',
    no_bell: '🔕',
    mute: '🔇',
    eyes: '👀',
    tada: '🎉',
    rocket: '🚀',
    robot_face: '🤖',
    handshake: '🤝',
    mega: '📣',
    memo: '📝',
    page_facing_up: '📄',
    scroll: '📜',
    mag: '🔍',
    link: '🔗',
    bar_chart: '📊',
    scales: '⚖️',
    information_source: 'ℹ️',
    question: '❓',
    exclamation: '❗',
    thumbsup: '👍',
    '+1': '👍',
    thumbsdown: '👎',
    '-1': '👎',
    raised_hand: '✋',
    wave: '👋',
    clock1: '🕐',
    calendar: '📅',
    fast_forward: '⏩',
    arrow_right: '➡️',
    arrows_counterclockwise: '🔄',
    heavy_minus_sign: '➖',
    fire: '🔥',
    broken_heart: '💔',
    construction: '🚧',
    package: '📦',
    wastebasket: '🗑️',
  }),
);

const disc = (color: string, mark: string): string =>
  `<circle cx="8" cy="8" r="7.5" fill="${color}"/>${mark}`;
const line = (path: string): string =>
  `<path d="${path}" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>`;

const tick = disc('#12805c', line('M4.5 8.5l2.4 2.4 4.6-5.2'));
const cross = disc('#c62f2a', line('M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6'));
const bar = disc('#c62f2a', line('M4.5 8h7'));
const clock = disc('#7a6a2b', line('M8 4.2V8l2.6 1.6'));
const triangle = `<path d="M8 .8L15.6 15H.4z" fill="#e0a100"/><path d="M8 5.6v4.2m0 2.4v.1" stroke="#2b2000" stroke-width="1.8" stroke-linecap="round"/>`;
const siren = `<path d="M3 13V9a5 5 0 0110 0v4z" fill="#d92d20"/><path d="M1.5 13.2h13V15h-13zM7.2 0h1.6v2.4H7.2zM1 3.1l1.2-1 1.6 1.9-1.2 1zm14 0l-1.2-1-1.6 1.9 1.2 1z" fill="#7a1a12"/>`;
const bell =
  '<path d="M8 1.2a4.2 4.2 0 00-4.2 4.2c0 3.6-1 4.8-2 5.8v1h12.4v-1c-1-1-2-2.2-2-5.8A4.2 4.2 0 008 1.2z" fill="#e0a100"/><circle cx="8" cy="13.8" r="1.6" fill="#b57f00"/>';
const struck = '<path d="M2 2l12 12.5" stroke="#c62f2a" stroke-width="2.2" stroke-linecap="round"/>';
const eye = (x: number): string =>
  `<ellipse cx="${x}" cy="8" rx="3.2" ry="5" fill="#fff" stroke="#3a373d"/><circle cx="${x - 0.6}" cy="9" r="1.7" fill="#3a373d"/>`;
const hands =
  '<path d="M1 5l4-1.5 3 2 3-2L15 5v5.5l-2.5.5-4 3-4.5-3.5L1 10z" fill="#e8b931"/><path d="M8 5.5L5.8 8l1.7 1L9.5 7.5l3 3" fill="none" stroke="#8a6a10" stroke-width="1.1" stroke-linecap="round"/>';
const horn =
  '<path d="M2 6h3l8-4v12l-8-4H2z" fill="#d92d20"/><path d="M4 10l1 4.5h2L6.2 10.6z" fill="#7a6a2b"/>';
const key =
  '<circle cx="4.8" cy="8" r="3.3" fill="none" stroke="#c08a00" stroke-width="2"/><path d="M8 8h7v3m-3-3v2.2" fill="none" stroke="#c08a00" stroke-width="2"/>';

/** Pictures for the signs that carry a meaning, for machines without an emoji font. */
const pictures: ReadonlyMap<string, string> = new Map([
  ['white_check_mark', tick],
  ['heavy_check_mark', tick],
  ['x', cross],
  ['no_entry', bar],
  ['no_entry_sign', bar],
  ['warning', triangle],
  ['rotating_light', siren],
  ['hourglass', clock],
  ['hourglass_flowing_sand', clock],
  ['alarm_clock', clock],
  ['bell', bell],
  ['no_bell', bell + struck],
  ['eyes', eye(4.5) + eye(11.5)],
  ['handshake', hands],
  ['mega', horn],
  ['key', key],
  ['red_circle', disc('#d92d20', '')],
  ['large_orange_circle', disc('#e2711d', '')],
  ['large_yellow_circle', disc('#e0b400', '')],
  ['large_green_circle', disc('#12805c', '')],
  ['large_blue_circle', disc('#2f6fd0', '')],
  ['white_circle', disc('#b9b6bc', '')],
  ['black_circle', disc('#3a373d', '')],
]);

const nameOfCharacter = new Map([...characters].map(([name, character]) => [character, name]));
const typedCharacters = new RegExp([...pictures.keys()].map((name) => characters.get(name)).join('|'), 'gu');

/**
 * Puts signs in the place of names such as `:tada:` in text that is HTML already; unknown names stay as they are.
 * Signs that carry a meaning become pictures, in the form that `wrap` gives them.
 */
export function withEmoji(text: string, wrap: (picture: string) => string = (picture) => picture): string {
  const draw = (name: string): string | undefined => {
    const picture = pictures.get(name);
    return picture === undefined ? characters.get(name) : wrap(svgOf(picture, name));
  };
  return text
    .replaceAll(/:([a-z0-9_+-]+):/g, (whole, name: string) => draw(name) ?? whole)
    .replaceAll(typedCharacters, (character) => draw(nameOfCharacter.get(character) ?? '') ?? character);
}

function svgOf(picture: string, name: string): string {
  const label = name.replaceAll('_', ' ');
  return `<svg class="emoji" viewBox="0 0 16 16" role="img" aria-label="${label}">${picture}</svg>`;
}
