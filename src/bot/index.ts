export { type Bot, type BotDependencies, createBot } from './bot.ts';
export type { BotSettings, BotTransport } from './settings.ts';
