/** One thing that a card must say about the model's security. */
export interface SecurityTopic {
  /** Property name below `countersign:security:`. */
  readonly key: string;
  readonly title: string;
  /** Letters and digits needed at least. */
  readonly minimum: number;
  readonly generativeOnly?: boolean;
}

/** The namespace of our security properties; no card format has a place of its own for them. */
export const SECURITY_NAMESPACE = 'countersign:security:';

/** Threats after NIST AI 100-2e2025, supply chain, tests, known vulnerabilities, contact. */
export const SECURITY_TOPICS: readonly SecurityTopic[] = [
  { key: 'threat:evasion', title: 'exposure to evasion and the defence', minimum: 20 },
  { key: 'threat:poisoning', title: 'exposure to poisoning and the defence', minimum: 20 },
  { key: 'threat:extraction', title: 'exposure to model extraction and the defence', minimum: 20 },
  {
    key: 'threat:inversion',
    title: 'exposure to inversion and membership inference and the defence',
    minimum: 20,
  },
  {
    key: 'threat:prompt_injection',
    title: 'exposure to prompt injection and the defence',
    minimum: 20,
    generativeOnly: true,
  },
  { key: 'supply_chain:base_model', title: 'base model, or that there is none', minimum: 10 },
  { key: 'supply_chain:format', title: 'file format of the artifact', minimum: 3 },
  { key: 'supply_chain:signature', title: 'how the artifact is signed', minimum: 10 },
  { key: 'robustness', title: 'what robustness was tested, with which result', minimum: 20 },
  {
    key: 'known_vulnerabilities',
    title: 'known vulnerabilities, or that none are known as of a date',
    minimum: 10,
  },
  { key: 'contact', title: 'contact for reports of vulnerabilities', minimum: 5 },
];

const GENERATIVE =
  /generat|chat|language[- ]model|llm|summari[sz]|translat|text2text|text-to|image-to-text|conversation/i;
const CONTACT = /^(?:mailto:)?[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$|^https:\/\/[^\s/]+\S*$/i;

/** Whether a model makes content from prompts, by the task that its card states. */
export function isGenerative(task: string): boolean {
  return GENERATIVE.test(task);
}

/** Whether a text is an e-mail address or an https link. */
export function isContact(text: string): boolean {
  return text.length <= 500 && CONTACT.test(text.trim());
}
