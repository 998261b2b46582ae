/** The gate's address: its errors say `allowed: false`. */
export const GATE_PATH = '/api/v1/gate';
