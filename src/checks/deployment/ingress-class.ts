import type { Resource } from './resource.ts';
import { textAt } from './values.ts';

const KNOWN = ['nginx', 'kong', 'traefik', 'gce', 'alb'] as const;

/** The controller of an Ingress by its class: one of those we know, another's class as it stands, or undefined. */
export function ingressClass(ingress: Resource): string | undefined {
  // Another product, whose class is called nginx too and which ignores the annotations of ingress-nginx.
  if (Object.keys(ingress.annotations).some((key) => key.startsWith('nginx.org/'))) return 'nginx.org';
  const name =
    textAt(ingress.body, 'spec', 'ingressClassName') ?? ingress.annotations['kubernetes.io/ingress.class'];
  if (name !== undefined) {
    if (name === 'gce-internal') return 'gce';
    return (
      KNOWN.find((known) => name === known || name.startsWith(`${known}-`) || name.endsWith(`-${known}`)) ??
      name
    );
  }
  const annotated = Object.keys(ingress.annotations).some((key) =>
    key.startsWith('nginx.ingress.kubernetes.io/'),
  );
  return annotated ? 'nginx' : undefined;
}
