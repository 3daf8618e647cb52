/** Colour as a parameter: what a terminal shows in colour is wrapped by one of these functions. */
export interface Palette {
  readonly create: (text: string) => string;
  readonly update: (text: string) => string;
  readonly replace: (text: string) => string;
  readonly delete: (text: string) => string;
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly info: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly dim: (text: string) => string;
}

const same = (text: string): string => text;

/** No colour. */
export const PLAIN: Palette = {
  create: same,
  update: same,
  replace: same,
  delete: same,
  error: same,
  warning: same,
  info: same,
  strong: same,
  dim: same,
};
