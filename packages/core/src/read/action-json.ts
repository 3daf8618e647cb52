import { boolean, type Decoder, int32, intOrString, list, object, string } from "./json.ts";

/** The value of an `actions.<name>` annotation, in either of its two generations of spelling; unchecked beyond types. */
export interface ActionJson {
  readonly type?: string;
  readonly targetGroupARN?: string;
  readonly targetGroupName?: string;
  readonly fixedResponseConfig?: {
    readonly contentType?: string;
    readonly messageBody?: string;
    readonly statusCode?: string;
  };
  readonly redirectConfig?: RedirectJson;
  readonly forwardConfig?: ForwardJson;
}

interface RedirectJson {
  readonly host?: string;
  readonly path?: string;
  readonly port?: string;
  readonly protocol?: string;
  readonly query?: string;
  readonly statusCode?: string;
}

export interface ForwardJson {
  readonly targetGroups?: readonly TargetGroupTupleJson[];
  readonly targetGroupStickinessConfig?: { readonly enabled?: boolean; readonly durationSeconds?: number };
}

export interface TargetGroupTupleJson {
  readonly targetGroupARN?: string;
  readonly targetGroupName?: string;
  readonly serviceName?: string;
  readonly servicePort?: number | string;
  readonly weight?: number;
}

export const action: Decoder<ActionJson> = object({
  type: string,
  targetGroupARN: string,
  targetGroupName: string,
  fixedResponseConfig: object({ contentType: string, messageBody: string, statusCode: string }),
  redirectConfig: object({
    host: string,
    path: string,
    port: string,
    protocol: string,
    query: string,
    statusCode: string,
  }),
  forwardConfig: object({
    targetGroups: list(
      object({
        targetGroupARN: string,
        targetGroupName: string,
        serviceName: string,
        servicePort: intOrString,
        weight: int32,
      }),
    ),
    targetGroupStickinessConfig: object({ enabled: boolean, durationSeconds: int32 }),
  }),
});
