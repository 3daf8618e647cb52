/** An AWS in which nothing exists: it answers every creation with an ARN, and every look with nothing. */
import { type AwsApi, type AwsCall, AwsError } from "@elbplan/aws-executor";

export interface StubAws {
  readonly aws: AwsApi;
  /** Calls that change something, in the order in which they came. */
  readonly writes: AwsCall[];
}

const ANSWERS: { readonly [operation: string]: (n: number) => object } = {
  GetCallerIdentity: () => ({ Account: "111122223333" }),
  CreateSecurityGroup: (n) => ({ GroupId: `sg-${n}` }),
  CreateTargetGroup: (n) => ({ TargetGroups: [{ TargetGroupArn: `arn:tg/${n}` }] }),
  CreateLoadBalancer: (n) => ({ LoadBalancers: [{ LoadBalancerArn: `arn:lb/${n}`, DNSName: `lb-${n}.elb` }] }),
  CreateListener: (n) => ({ Listeners: [{ ListenerArn: `arn:listener/${n}` }] }),
  CreateRule: (n) => ({ Rules: [{ RuleArn: `arn:rule/${n}` }] }),
};

/** `refused`: codes by operation, for every call of it. */
export function stubAws(refused: { readonly [operation: string]: string } = {}): StubAws {
  const writes: AwsCall[] = [];
  return {
    writes,
    aws: async (call) => {
      const { operation } = call;
      const code = refused[operation];
      if (code !== undefined) {
        throw new AwsError({ code, message: "you can't", operation, outcome: "refused", requestId: "r-1" });
      }
      if (!/^(Describe|Get|List)/.test(operation)) writes.push(call);
      return { ...(ANSWERS[operation]?.(writes.length) ?? {}) };
    },
  };
}
