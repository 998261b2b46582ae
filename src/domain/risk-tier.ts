import { z } from 'zod';

/** EU AI Act risk tiers (Regulation (EU) 2024/1689), gravest first. */
export const RISK_TIERS = ['prohibited', 'high_risk', 'limited_risk', 'minimal_risk'] as const;
export const RiskTier = z.enum(RISK_TIERS);
export type RiskTier = z.infer<typeof RiskTier>;
