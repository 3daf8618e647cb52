/** EC2 as far as it is read: VPC, zones, subnets, routes, security groups, network interfaces; with filters. */
import type { Account, Facts, Permission } from "@elbplan/core";
import { FakeAwsError, type Fields, keyValues, type Operations, type Paging, page, strings } from "./answer.ts";

const PAGING: Paging = { ask: "NextToken", next: "NextToken", size: "MaxResults", most: 1000 };
const FILTER_VALUES = 200;

/** The values of a thing that a filter is about; undefined for a filter that EC2 doesn't know. */
type ValuesOf<T> = (item: T, filter: string) => readonly string[] | undefined;

interface Described {
  readonly values: ValuesOf<unknown>;
  readonly answer: Fields;
}

export function ec2Operations(account: Account, facts: Facts, pageSize: number): Operations {
  const { vpc } = facts;
  return {
    DescribeVpcs: (input) => {
      const known = vpcAnswer(facts);
      const wanted = input["VpcIds"] === undefined ? [vpc.id] : strings(input["VpcIds"]);
      if (wanted.some((id) => id !== vpc.id)) throw new FakeAwsError("InvalidVpcID.NotFound", `no VPC ${wanted}`);
      return { Vpcs: [known] };
    },
    DescribeAvailabilityZones: () => ({
      AvailabilityZones: facts.availabilityZones.map(({ name, id, type }) => ({
        ...{ ZoneName: name, ZoneId: id, ZoneType: type, RegionName: facts.region },
      })),
    }),
    DescribeSubnets: (input) =>
      filtered(
        input,
        "Subnets",
        facts.subnets.map((subnet) => ({
          values: (_, filter) =>
            common(filter, { "subnet-id": subnet.id, "vpc-id": subnet.vpcId ?? vpc.id }, subnet.tags),
          answer: {
            ...{ SubnetId: subnet.id, VpcId: subnet.vpcId ?? vpc.id, CidrBlock: subnet.cidr },
            ...{ AvailabilityZone: subnet.az, AvailabilityZoneId: subnet.azId },
            AvailableIpAddressCount: subnet.availableIPs,
            OutpostArn: subnet.outpostArn,
            Ipv6CidrBlockAssociationSet: blocks("Ipv6CidrBlock", subnet.ipv6Cidrs),
            Tags: keyValues(subnet.tags),
          },
        })),
        pageSize,
      ),
    DescribeRouteTables: (input) =>
      filtered(
        input,
        "RouteTables",
        facts.routeTables.map((table) => ({
          values: (_, filter) => common(filter, { "vpc-id": vpc.id }),
          answer: {
            RouteTableId: table.id,
            Associations: [
              ...(table.main === true ? [{ Main: true }] : []),
              ...table.subnetIds.map((SubnetId) => ({ SubnetId, Main: false })),
            ],
            Routes: table.routes.map(({ destination, gatewayId, natGatewayId }) => ({
              [destinationField(destination)]: destination,
              ...(gatewayId !== undefined && { GatewayId: gatewayId }),
              ...(natGatewayId !== undefined && { NatGatewayId: natGatewayId }),
            })),
          },
        })),
        pageSize,
        100,
      ),
    DescribeSecurityGroups: (input) => filtered(input, "SecurityGroups", securityGroups(account, facts), pageSize),
    DescribeNetworkInterfaces: (input) => filtered(input, "NetworkInterfaces", networkInterfaces(facts), pageSize),
  };
}

function vpcAnswer({ vpc }: Facts): Fields {
  return {
    VpcId: vpc.id,
    CidrBlockAssociationSet: blocks("CidrBlock", vpc.cidrBlocks),
    Ipv6CidrBlockAssociationSet: blocks("Ipv6CidrBlock", vpc.ipv6CidrBlocks),
  };
}

/** Associated blocks, and one that was once. */
function blocks(field: string, cidrs: readonly string[] = []): readonly Fields[] {
  const block = (cidr: string, State: string): Fields => ({ [field]: cidr, [`${field}State`]: { State } });
  const gone = field === "CidrBlock" ? "192.0.2.0/24" : "2001:db8:dead::/48";
  return [...cidrs.map((cidr) => block(cidr, "associated")), block(gone, "disassociated")];
}

function destinationField(destination: string): string {
  if (destination.startsWith("pl-")) return "DestinationPrefixListId";
  return destination.includes(":") ? "DestinationIpv6CidrBlock" : "DestinationCidrBlock";
}

/** The account's own groups, those of the facts, and those behind which targets are. */
function securityGroups(account: Account, facts: Facts): readonly Described[] {
  const endpoints = account.endpointSecurityGroups ?? {};
  const own = Object.values(account.securityGroups).map(({ arn, vpcId, spec }) =>
    securityGroup(arn, vpcId, spec.name, spec.description, spec.ingress, spec.tags),
  );
  const known = new Set(Object.keys(account.securityGroups));
  const others = new Map(facts.securityGroups.filter(({ id }) => !known.has(id)).map((group) => [group.id, group]));
  const ids = new Set([...others.keys(), ...Object.keys(endpoints)]);
  return [
    ...own,
    ...[...ids].map((id) => {
      const { name = id, vpcId = facts.vpc.id, tags = {} } = others.get(id) ?? {};
      return securityGroup(id, vpcId, name, "", endpoints[id] ?? [], tags);
    }),
  ];
}

function securityGroup(
  id: string,
  vpcId: string,
  name: string,
  description: string,
  ingress: readonly Permission<string>[],
  tags: { readonly [key: string]: string } = {},
): Described {
  const sources = ingress.flatMap(({ source }) => ("securityGroupId" in source ? [source.securityGroupId] : []));
  return {
    values: (_, filter) =>
      filter === "ip-permission.group-id" ? sources : common(filter, { "group-id": id, "vpc-id": vpcId }, tags),
    answer: {
      ...{ GroupId: id, GroupName: name, Description: description, VpcId: vpcId },
      IpPermissions: ipPermissions(ingress),
      Tags: keyValues(tags),
    },
  };
}

/** EC2 puts sources with the same protocol and ports together. */
function ipPermissions(ingress: readonly Permission<string>[]): readonly Fields[] {
  const ranges = new Map<string, Permission<string>[]>();
  for (const permission of ingress) {
    const key = `${permission.protocol} ${permission.fromPort} ${permission.toPort}`;
    ranges.set(key, [...(ranges.get(key) ?? []), permission]);
  }
  return [...ranges.values()].map((list) => {
    const [{ protocol, fromPort, toPort } = { protocol: "-1", fromPort: -1, toPort: -1 }] = list;
    const sources = (field: string, apiField: string): readonly Fields[] =>
      list.flatMap(({ source, description }) => {
        const value = new Map(Object.entries(source)).get(field);
        return value === undefined ? [] : [{ [apiField]: value, ...(description && { Description: description }) }];
      });
    return {
      IpProtocol: protocol,
      ...(protocol !== "-1" && { FromPort: fromPort, ToPort: toPort }),
      IpRanges: sources("cidrIp", "CidrIp"),
      Ipv6Ranges: sources("cidrIpv6", "CidrIpv6"),
      PrefixListIds: sources("prefixListId", "PrefixListId"),
      UserIdGroupPairs: sources("securityGroupId", "GroupId"),
    };
  });
}

function networkInterfaces({ networkInterfaces: list = [], vpc }: Facts): readonly Described[] {
  return list.map((each) => {
    const v4 = each.privateIps.filter((address) => !address.includes(":"));
    const v6 = each.privateIps.filter((address) => address.includes(":"));
    const prefixes = (isV6: boolean): readonly string[] =>
      (each.prefixes ?? []).filter((cidr) => cidr.includes(":") === isV6);
    return {
      values: (_, filter) => {
        if (filter === "addresses.private-ip-address") return v4;
        if (filter === "ipv6-addresses.ipv6-address") return v6;
        if (filter === "attachment.instance-id") return each.instanceId === undefined ? [] : [each.instanceId];
        return common(filter, { "network-interface-id": each.id, "vpc-id": vpc.id });
      },
      answer: {
        ...{ NetworkInterfaceId: each.id, SubnetId: each.subnetId, VpcId: vpc.id },
        ...(each.instanceId !== undefined && {
          Attachment: { InstanceId: each.instanceId, DeviceIndex: each.deviceIndex },
        }),
        Groups: each.securityGroupIds.map((GroupId) => ({ GroupId })),
        PrivateIpAddresses: v4.map((PrivateIpAddress) => ({ PrivateIpAddress })),
        Ipv6Addresses: v6.map((Ipv6Address) => ({ Ipv6Address })),
        Ipv4Prefixes: prefixes(false).map((Ipv4Prefix) => ({ Ipv4Prefix })),
        Ipv6Prefixes: prefixes(true).map((Ipv6Prefix) => ({ Ipv6Prefix })),
      },
    };
  });
}

/** Filters by tag, and by fields of the thing's own. */
function common(
  filter: string,
  fields: { readonly [filter: string]: string },
  tags: { readonly [key: string]: string } = {},
): readonly string[] | undefined {
  if (filter === "tag-key") return Object.keys(tags);
  if (filter === "tag-value") return Object.values(tags);
  const key = filter.startsWith("tag:") ? filter.slice("tag:".length) : undefined;
  if (key !== undefined) return Object.hasOwn(tags, key) ? [tags[key] ?? ""] : [];
  return Object.hasOwn(fields, filter) ? [fields[filter] ?? ""] : undefined;
}

/** Things that match one value of every filter. What EC2 refuses is refused: unknown filters, none or too many values. */
function filtered(
  input: Fields,
  field: string,
  things: readonly Described[],
  pageSize: number,
  most = PAGING.most,
): Fields {
  const filters = (input["Filters"] ?? []) as readonly { readonly Name: string; readonly Values: readonly string[] }[];
  const count = filters.reduce((sum, { Values }) => sum + Values.length, 0);
  if (count > FILTER_VALUES) throw new FakeAwsError("FilterLimitExceeded", `${count} values, ${FILTER_VALUES} allowed`);
  const found = things.filter(({ values }) =>
    filters.every(({ Name, Values }) => {
      const own = values(undefined, Name);
      if (own === undefined || Values.length === 0) {
        throw new FakeAwsError("InvalidParameterValue", `The filter '${Name}' is invalid`);
      }
      return Values.some((pattern) => own.some((value) => matches(pattern, value)));
    }),
  );
  const answers = found.map(({ answer }) => answer);
  return page(input, field, answers, { ...PAGING, most }, Math.max(5, pageSize));
}

/** `*` and `?` stand for any letters unless a backslash stands before them. */
function matches(pattern: string, value: string): boolean {
  const source = pattern.replaceAll(/\\?[\s\S]/g, (part) => {
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    return (part.length > 1 ? part.slice(1) : part).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source}$`).test(value);
}
