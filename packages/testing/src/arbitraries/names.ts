/** Names that clusters use: few, so that generated objects meet one another. */
import fc from "fast-check";

/** Namespaces of generated objects. */
export const A_NAMESPACE: fc.Arbitrary<string> = fc.constantFrom("shop", "shop-2", "pay");

/** Names of generated Services; each may be missing from a generated cluster. */
export const A_SERVICE_NAME: fc.Arbitrary<string> = fc.constantFrom("web", "api", "constructor");

/** Host names, wildcards among them. */
export const aHost: fc.Arbitrary<string> = fc.constantFrom(
  "a.example.com",
  "b.example.com",
  "*.example.com",
  "example.org",
);

/** Paths as Ingresses have them, without wildcards. */
export const aPath: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("/", "/a", "/a/", "/a/b", "/cart") },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom("a", "b", "é", "-", "/", "%20"), { maxLength: 8 })
      .map((parts) => `/${parts.join("")}`),
  },
);
