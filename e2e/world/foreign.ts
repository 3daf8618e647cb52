/** Things in the account that aren't elbplan's: of another cluster, of nobody, and of the nodes. */
import type { Clients } from "../moto/clients.ts";
import type { Seed } from "../moto/seed.ts";

const OF_ANOTHER = [{ Key: "elbv2.k8s.aws/cluster", Value: "another" }];

/** Makes a load balancer with a listener and a rule, a target group, security groups, and a permission for the nodes. */
export async function addForeign({ elbv2, ec2 }: Clients, seed: Seed): Promise<void> {
  const group = await ec2("CreateSecurityGroup", { GroupName: "foreign", Description: "foreign", VpcId: seed.vpcId });
  const { TargetGroups } = await elbv2("CreateTargetGroup", {
    Name: "foreign",
    Protocol: "HTTP",
    Port: 80,
    VpcId: seed.vpcId,
    TargetType: "ip",
    Tags: OF_ANOTHER,
  });
  const [{ TargetGroupArn }] = TargetGroups;
  await elbv2("RegisterTargets", { TargetGroupArn, Targets: [{ Id: "10.0.100.60", Port: 80 }] });
  const { LoadBalancers } = await elbv2("CreateLoadBalancer", {
    Name: "foreign",
    Subnets: seed.publicSubnets,
    SecurityGroups: [group.GroupId],
    Tags: OF_ANOTHER,
  });
  const [{ LoadBalancerArn }] = LoadBalancers;
  const DefaultActions = [{ Type: "forward", TargetGroupArn }];
  const { Listeners } = await elbv2("CreateListener", { LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions });
  await elbv2("CreateRule", {
    ListenerArn: Listeners[0].ListenerArn,
    Priority: 1,
    Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/foreign"] } }],
    Actions: DefaultActions,
  });
  await ec2("AuthorizeSecurityGroupIngress", {
    GroupId: seed.nodeSecurityGroup,
    IpPermissions: [
      {
        IpProtocol: "tcp",
        FromPort: 22,
        ToPort: 22,
        UserIdGroupPairs: [{ GroupId: group.GroupId, Description: "foreign" }],
      },
    ],
  });
}
