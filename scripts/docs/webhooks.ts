import { EnforcementMessage, WebhookMessage } from '../../src/notify/index.ts';
import { fieldsOf, namedTypesOf } from './fields.ts';
import { code, page, table } from './markdown.ts';
import { namedTypesTable } from './named-types.ts';

/** The page about what webhooks are told. */
export function webhooksPage(): string {
  return page(
    '# Webhooks: what is posted',
    'One message for each step of a finding, in order, as JSON. How they are set up, signed and repeated is described in [alerts](../alerts.md#webhooks). Fields may be added at any time; a change of any other kind raises `version`.',
    table(
      ['field', 'type', 'meaning'],
      fieldsOf(WebhookMessage).map(({ path, type, meaning }) => [code(path), type, meaning]),
    ),
    '## Orders of the enforcement hook',
    'What is posted to `enforcement.url`, in the same form of webhook ([blocking traffic](../alerts.md#blocking-traffic)).',
    table(
      ['field', 'type', 'meaning'],
      fieldsOf(EnforcementMessage).map(({ path, type, meaning }) => [code(path), type, meaning]),
    ),
    '## Types',
    namedTypesTable(new Set([...namedTypesOf(WebhookMessage), ...namedTypesOf(EnforcementMessage)])),
  );
}
