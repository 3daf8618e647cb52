/** Services as LBC's flags name them: by AWS's service ids. */
export const AWS_SERVICE_IDS: ReadonlyMap<string, string> = new Map([
  ["Elastic Load Balancing v2", "elasticloadbalancingv2"],
  ["EC2", "ec2"],
  ["ACM", "acm"],
  ["WAFV2", "wafv2"],
  ["WAF Regional", "waf-regional"],
  ["Shield", "shield"],
  ["Resource Groups Tagging API", "resourcegroupstaggingapi"],
  ["Route 53", "route53"],
  ["STS", "sts"],
]);
