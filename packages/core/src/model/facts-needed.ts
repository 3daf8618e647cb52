/** The AWS look-ups that a build needs, as data. Each list is sorted and without repetition; empty means: don't ask. */
export interface FactsNeeded {
  /** Stacks whose load balancer, if it exists, must be known: it keeps its subnets. */
  readonly stacks: readonly string[];
  readonly subnets: {
    readonly ids: readonly string[];
    /** Values of the Name tag. */
    readonly names: readonly string[];
    /** One filter list a selector of class params: all keys must match one of their values. */
    readonly selectors: readonly { readonly [tag: string]: readonly string[] }[];
    /** Roles whose tagged subnets are to be discovered; if there are none, the VPC's subnets and route tables are needed. */
    readonly roles: readonly ("kubernetes.io/role/elb" | "kubernetes.io/role/internal-elb")[];
  };
  readonly securityGroups: {
    readonly ids: readonly string[];
    readonly names: readonly string[];
    /** Whether to look for the shared backend security group by its tags. */
    readonly backend: boolean;
  };
  /** Hosts for which certificates are to be discovered. */
  readonly certificateHosts: readonly string[];
  readonly trustStoreNames: readonly string[];
  readonly webAclNames: readonly string[];
  readonly targetGroupNames: readonly string[];
  /** Interfaces on which targets are reached; absent when permissions towards targets are somebody else's. */
  readonly networkInterfaces?: NetworkInterfacesNeeded;
}

export interface NetworkInterfacesNeeded {
  /** Instances of which all interfaces are asked for. */
  readonly instanceIds: readonly string[];
  /** Pods' own interfaces, as an annotation of EKS names them. */
  readonly ids: readonly string[];
  /** Pods' addresses; those that an interface above holds, itself or in a prefix, needn't be asked for. */
  readonly addresses: readonly string[];
}
