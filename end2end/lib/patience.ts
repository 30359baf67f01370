/** How long whatever has to come is waited for. */
export const PATIENCE_MS = 60_000;
