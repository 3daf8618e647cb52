/**
 * Facts: what AWS knows that a build must look up but a plan doesn't own. The shape of `facts.json`
 * (conformance/README.md). Array order is the order in which AWS answers and is significant where AWS's is.
 */
import type { StringMap } from "./value.ts";

export interface Facts {
  readonly formatVersion?: 1;
  readonly region: string;
  readonly accountId: string;
  readonly clusterName?: string;
  readonly vpc: {
    readonly id: string;
    readonly cidrBlocks: readonly string[];
    readonly ipv6CidrBlocks: readonly string[];
  };
  readonly availabilityZones: readonly {
    readonly name: string;
    readonly id: string;
    /** `availability-zone`, `local-zone`, `wavelength-zone`, … */
    readonly type: string;
  }[];
  readonly subnets: readonly SubnetFact[];
  readonly routeTables: readonly RouteTableFact[];
  readonly securityGroups: readonly SecurityGroupFact[];
  readonly certificates: readonly CertificateFact[];
  readonly trustStores: readonly NamedArn[];
  readonly webACLs: readonly NamedArn[];
  readonly targetGroups: readonly NamedArn[];
  /** Live load balancers found by tags; serves only if no inventory is given. */
  readonly loadBalancers?: readonly LoadBalancerFact[];
  readonly networkInterfaces?: readonly NetworkInterfaceFact[];
  readonly quotas?: { readonly [name: string]: number };
  /** Controller flags, become settings; the command line wins. */
  readonly flags?: StringMap;
}

export interface SubnetFact {
  readonly id: string;
  /** Defaults to the VPC of the facts. */
  readonly vpcId?: string;
  readonly az: string;
  readonly azId: string;
  readonly cidr: string;
  readonly ipv6Cidrs?: readonly string[];
  readonly availableIPs: number;
  readonly outpostArn?: string;
  readonly tags: StringMap;
}

export interface RouteTableFact {
  readonly id: string;
  readonly main?: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly {
    readonly destination: string;
    readonly gatewayId?: string;
    readonly natGatewayId?: string;
  }[];
}

export interface SecurityGroupFact {
  readonly id: string;
  readonly name: string;
  readonly vpcId?: string;
  readonly tags: StringMap;
}

export interface CertificateFact {
  readonly arn: string;
  readonly domain: string;
  readonly sans: readonly string[];
  readonly status: string;
  readonly type: string;
  readonly keyAlgorithm: string;
  readonly caArn?: string;
  readonly tags?: StringMap;
}

export interface NamedArn {
  readonly name: string;
  readonly arn: string;
}

export interface LoadBalancerFact {
  readonly arn: string;
  readonly name: string;
  readonly type: string;
  readonly scheme: string;
  readonly subnetIds: readonly string[];
  readonly securityGroups?: readonly string[];
  readonly tags: StringMap;
}

export interface NetworkInterfaceFact {
  readonly id: string;
  readonly instanceId?: string;
  readonly deviceIndex?: number;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  /** All its addresses, IPv6 ones too. */
  readonly privateIps: readonly string[];
  /** Prefixes delegated to it, as CIDRs; pods have addresses out of them. */
  readonly prefixes?: readonly string[];
}
