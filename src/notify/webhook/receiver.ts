import {
  type AlertNotice,
  type AlertReceiver,
  CountersignError,
  digestOf,
  type FindingEvent,
} from '../../domain/index.ts';
import { sha256Hex } from '../../lib/index.ts';
import { postJson, type Send } from '../send.ts';
import { webhookMessage } from './message.ts';
import { signedHeaders } from './signature.ts';

/** Where a webhook is, and how it knows us. */
export interface WebhookOptions {
  readonly name: string;
  readonly url: string;
  /** One, or two while they are changed; each signs. */
  readonly secrets: readonly string[];
  readonly findingUrl: (id: number) => string | null;
  readonly send: Send;
}

const GONE = 410;

/** A webhook that is told each step of findings, signed as Standard Webhooks says. Any 2xx says that it was taken. */
export function createWebhook({ name, url, secrets, findingUrl, send }: WebhookOptions): AlertReceiver {
  return {
    name,
    takes: 'events',
    resendEvery: Number.POSITIVE_INFINITY,
    address: digestOf(url),
    send: async (notices, now) => {
      for (const { event, ...notice } of notices) {
        if (event === null) throw new CountersignError('internal', `${name} is told steps only`);
        const body = JSON.stringify(webhookMessage({ ...notice, event }, findingUrl));
        const headers = signedHeaders(secrets, { id: messageId(notice.alert, event), body, now });
        const status = await postJson(send, url, { body, headers }, isAccepted);
        if (status === GONE) return 'gone';
      }
      return 'taken';
    },
  };
}

/** The same at every sending; another one in every other installation, and after a restored backup. */
function messageId({ finding }: AlertNotice['alert'], { id, at }: FindingEvent): string {
  return `step-${id}-${sha256Hex(`${finding.key} ${at}`).slice(0, 16)}`;
}

function isAccepted(status: number): boolean {
  return (status >= 200 && status < 300) || status === GONE;
}
