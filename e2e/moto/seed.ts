/** An account as a cluster finds it: VPC, subnets with tags, nodes with pod addresses, certificates, a web ACL. */
import type { Clients, Send } from "./clients.ts";

interface SeededNode {
  readonly instanceId: string;
  readonly zone: string;
  readonly ip: string;
  /** Secondary addresses of its interface: what its pods have. */
  readonly podIps: readonly string[];
}

/** Ids of what was made. */
export interface Seed {
  readonly vpcId: string;
  readonly publicSubnets: readonly string[];
  readonly privateSubnets: readonly string[];
  readonly nodeSecurityGroup: string;
  readonly nodes: readonly SeededNode[];
  /** By domain name. */
  readonly certificates: { readonly [domain: string]: string };
  readonly hostedZone: string;
  readonly webAcl: string;
}

const CLUSTER = "e2e";
const ZONES = ["us-west-2a", "us-west-2b", "us-west-2c"];
const DOMAINS = ["a.example.com", "b.example.com", "c.example.com"];
const PODS_A_NODE = 30;

/** Fills an empty account; the ids are the same after each reset. */
export async function seedAccount({ ec2, acm, route53, wafv2 }: Clients): Promise<Seed> {
  const vpc = await ec2("CreateVpc", { CidrBlock: "10.0.0.0/16", TagSpecifications: tagged("vpc", { Name: CLUSTER }) });
  const vpcId: string = vpc.Vpc.VpcId;
  const publicSubnets = await subnets(ec2, vpcId, "public", 0, "kubernetes.io/role/elb");
  const privateSubnets = await subnets(ec2, vpcId, "private", 100, "kubernetes.io/role/internal-elb");
  await routeToInternet(ec2, vpcId, publicSubnets);
  const nodeSecurityGroup = await securityGroupOfNodes(ec2, vpcId);
  const nodes: SeededNode[] = [];
  for (const [index, subnet] of privateSubnets.slice(0, 2).entries()) {
    nodes.push(await node(ec2, subnet, nodeSecurityGroup, index));
  }
  const zone = await route53("CreateHostedZone", { Name: "example.com", CallerReference: "seed" });
  const hostedZone: string = zone.HostedZone.Id;
  const certificates: { [domain: string]: string } = {};
  for (const domain of DOMAINS) certificates[domain] = await certificate(acm, route53, hostedZone, domain);
  const webAcl = await wafv2("CreateWebACL", {
    Name: CLUSTER,
    Scope: "REGIONAL",
    DefaultAction: { Allow: {} },
    VisibilityConfig: { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: CLUSTER },
  });
  return {
    vpcId,
    publicSubnets,
    privateSubnets,
    nodeSecurityGroup,
    nodes,
    certificates,
    hostedZone,
    webAcl: webAcl.Summary.ARN,
  };
}

function tagged(type: string, tags: { readonly [key: string]: string }): readonly object[] {
  return [{ ResourceType: type, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }];
}

async function subnets(ec2: Send, vpcId: string, name: string, first: number, role: string): Promise<string[]> {
  const made: string[] = [];
  for (const [index, zone] of ZONES.entries()) {
    const tags = { Name: `${name}-${zone.at(-1)}`, [role]: "1", [`kubernetes.io/cluster/${CLUSTER}`]: "shared" };
    const { Subnet } = await ec2("CreateSubnet", {
      VpcId: vpcId,
      CidrBlock: `10.0.${first + index}.0/24`,
      AvailabilityZone: zone,
      TagSpecifications: tagged("subnet", tags),
    });
    made.push(Subnet.SubnetId);
  }
  return made;
}

async function routeToInternet(ec2: Send, vpcId: string, subnetIds: readonly string[]): Promise<void> {
  const { InternetGateway } = await ec2("CreateInternetGateway");
  const GatewayId = InternetGateway.InternetGatewayId;
  await ec2("AttachInternetGateway", { InternetGatewayId: GatewayId, VpcId: vpcId });
  const { RouteTable } = await ec2("CreateRouteTable", { VpcId: vpcId });
  const { RouteTableId } = RouteTable;
  await ec2("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId });
  for (const SubnetId of subnetIds) await ec2("AssociateRouteTable", { RouteTableId, SubnetId });
}

async function securityGroupOfNodes(ec2: Send, vpcId: string): Promise<string> {
  const { GroupId } = await ec2("CreateSecurityGroup", {
    GroupName: "nodes",
    Description: "nodes",
    VpcId: vpcId,
    TagSpecifications: tagged("security-group", { [`kubernetes.io/cluster/${CLUSTER}`]: "owned" }),
  });
  return GroupId;
}

async function node(ec2: Send, subnet: string, securityGroup: string, index: number): Promise<SeededNode> {
  const network = `10.0.${100 + index}`;
  const { Instances } = await ec2("RunInstances", {
    ImageId: "ami-12345678",
    MinCount: 1,
    MaxCount: 1,
    SubnetId: subnet,
    SecurityGroupIds: [securityGroup],
    InstanceType: "t3.large",
    PrivateIpAddress: `${network}.10`,
  });
  const [{ InstanceId, NetworkInterfaces, PrivateIpAddress }] = Instances;
  const podIps = Array.from({ length: PODS_A_NODE }, (_, pod) => `${network}.${50 + pod}`);
  const { NetworkInterfaceId } = NetworkInterfaces[0];
  await ec2("AssignPrivateIpAddresses", { NetworkInterfaceId, PrivateIpAddresses: podIps });
  return { instanceId: InstanceId, zone: ZONES[index] ?? "", ip: PrivateIpAddress, podIps };
}

/** Makes a certificate for the domain and everything below it, validated by its record. */
export async function certificate(acm: Send, route53: Send, hostedZone: string, domain: string): Promise<string> {
  const { CertificateArn } = await acm("RequestCertificate", {
    DomainName: domain,
    SubjectAlternativeNames: [`*.${domain}`],
    ValidationMethod: "DNS",
  });
  const { Certificate } = await acm("DescribeCertificate", { CertificateArn });
  const { Name, Type, Value } = Certificate.DomainValidationOptions[0].ResourceRecord;
  await route53("ChangeResourceRecordSets", {
    HostedZoneId: hostedZone,
    ChangeBatch: {
      Changes: [{ Action: "UPSERT", ResourceRecordSet: { Name, Type, TTL: 300, ResourceRecords: [{ Value }] } }],
    },
  });
  return CertificateArn;
}
