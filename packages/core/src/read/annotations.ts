/**
 * The annotation table: every annotation of LBC's Ingress path, once. It drives the reader, the linter,
 * docs/annotations.md and the annotations' JSON Schema. Adding an annotation = one row in annotations/ and the builder
 * that uses it.
 */
import { frontendNlbAnnotations } from "./annotations/frontend-nlb.ts";
import { listenerAnnotations } from "./annotations/listener.ts";
import { loadBalancerAnnotations } from "./annotations/load-balancer.ts";
import { ruleAnnotations } from "./annotations/rule.ts";
import { targetGroupAnnotations } from "./annotations/target-group.ts";

export const ANNOTATION_PREFIX = "alb.ingress.kubernetes.io/";

type AnnotationTable = typeof loadBalancerAnnotations &
  typeof listenerAnnotations &
  typeof ruleAnnotations &
  typeof targetGroupAnnotations &
  typeof frontendNlbAnnotations;

export const ANNOTATIONS: AnnotationTable = {
  ...loadBalancerAnnotations,
  ...listenerAnnotations,
  ...ruleAnnotations,
  ...targetGroupAnnotations,
  ...frontendNlbAnnotations,
};

export type AnnotationName = keyof AnnotationTable;
