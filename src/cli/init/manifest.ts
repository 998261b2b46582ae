import { invalidInput } from '../../domain/index.ts';
import { appManifest } from '../../notify/index.ts';

/** How the app is to be called, and how Slack reaches it. */
export interface ManifestWish {
  /** At most 35 characters: Slack's limit for the name of an app. */
  readonly name: string;
  /** The service's public address for HTTP; null for Socket Mode. */
  readonly url: string | null;
}

const LONGEST_NAME = 35;

/**
 * The manifest as a file: `slack-app-manifest.json`.
 * @throws CountersignError `invalid_input` with every problem of the wish
 */
export function manifestText({ name, url }: ManifestWish): string {
  const problems = [...nameProblems(name), ...(url === null ? [] : urlProblems(url))];
  if (problems.length > 0) throw invalidInput('the command', problems);
  const requestUrl = url === null ? null : new URL('/slack/events', url).href;
  return `${JSON.stringify(appManifest({ name, requestUrl }), null, 2)}\n`;
}

function nameProblems(name: string) {
  if (name.trim() !== '' && name.length <= LONGEST_NAME) return [];
  const message = name.trim() === '' ? 'it is empty' : `it has ${name.length} characters`;
  return [{ where: '--name', message, fix: `Slack takes names of 1 to ${LONGEST_NAME} characters` }];
}

function urlProblems(url: string) {
  if (URL.canParse(url) && new URL(url).protocol === 'https:') return [];
  const fix = 'give the address at which Slack reaches the service, such as https://countersign.example.com';
  return [{ where: '--url', message: `${JSON.stringify(url)} is no https address`, fix }];
}
