/** Filters of EC2's listings: a thing must match all of them, and of each one value. */
import type { Filter } from "@aws-sdk/client-ec2";

/** EC2 takes 200 values in all filters of a call together; one is the VPC's. */
export const FILTER_VALUES = 199;

/** A filter by values in which `*` and `?` stand for any letters. */
export function filter(name: string, values: readonly string[]): Filter {
  return { Name: name, Values: [...values] };
}

/** A value that stands for itself alone. */
export function literal(value: string): string {
  return value.replaceAll(/[\\*?]/g, "\\$&");
}
