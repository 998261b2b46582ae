import { readFileSync } from 'node:fs';

/** A panel of a dashboard. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

const FILE = new URL('../../deploy/grafana/dashboards/governance.json', import.meta.url);

/** The panels of the dashboard, headings of rows among them. */
export function panels(): readonly Panel[] {
  return (JSON.parse(readFileSync(FILE, 'utf8')) as { panels: readonly Panel[] }).panels;
}

/** Those that ask Prometheus something. */
export function queryPanels(): readonly (Panel & { readonly targets: NonNullable<Panel['targets']> })[] {
  return panels().flatMap((panel) =>
    panel.targets === undefined ? [] : [{ ...panel, targets: panel.targets }],
  );
}
