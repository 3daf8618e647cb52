/**
 * The calls that LBC v3.5.0 made in each step, counted between it and moto 5.2.5 (with corrections) on a kube-apiserver
 * 1.36.2. One run; its counts vary by a few calls, since it binds targets in parallel.
 */
export interface Calls {
  readonly reads: number;
  readonly writes: number;
}

export const LBC_CALLS: { readonly [step: string]: Calls } = {
  "single-create": { reads: 31, writes: 18 },
  "single-noop": { reads: 17, writes: 0 },
  "single-backend": { reads: 13, writes: 3 },
  "single-backend-undo": { reads: 15, writes: 3 },
  "single-insert-top": { reads: 14, writes: 5 },
  "single-remove-top": { reads: 14, writes: 5 },
  "single-hc": { reads: 14, writes: 3 },
  "single-cert": { reads: 16, writes: 9 },
  "single-cert2": { reads: 18, writes: 1 },
  "single-noop-https": { reads: 16, writes: 0 },
  "single-cert2-remove": { reads: 16, writes: 1 },
  "single-cert-remove": { reads: 13, writes: 2 },
  "single-delete": { reads: 9, writes: 14 },
  "group-create": { reads: 43, writes: 22 },
  "group-noop": { reads: 16, writes: 0 },
  "group-update": { reads: 17, writes: 8 },
  "group-reorder": { reads: 17, writes: 5 },
  "group-drop-member": { reads: 18, writes: 14 },
  "group-delete": { reads: 23, writes: 15 },
  "ip-create": { reads: 19, writes: 9 },
  "ip-noop": { reads: 15, writes: 0 },
  "ip-scale-up": { reads: 3, writes: 1 },
  "ip-scale-down": { reads: 1, writes: 1 },
  "ip-delete": { reads: 5, writes: 6 },
  "ssl-create": { reads: 24, writes: 11 },
  "ssl-noop": { reads: 18, writes: 0 },
  "ssl-delete": { reads: 6, writes: 6 },
  "weighted-create": { reads: 21, writes: 15 },
  "weighted-noop": { reads: 16, writes: 0 },
  "weighted-shift": { reads: 12, writes: 1 },
  "weighted-delete": { reads: 8, writes: 10 },
  "waf-create": { reads: 18, writes: 12 },
  "waf-noop": { reads: 15, writes: 0 },
  "waf-attrs": { reads: 11, writes: 11 },
  "waf-delete": { reads: 8, writes: 6 },
  "fifty-create": { reads: 25, writes: 65 },
  "fifty-noop": { reads: 20, writes: 0 },
  "fifty-insert-top": { reads: 14, writes: 52 },
  "fifty-delete": { reads: 10, writes: 14 },
  "ten-create": { reads: 234, writes: 134 },
  "ten-delete": { reads: 74, writes: 86 },
};
