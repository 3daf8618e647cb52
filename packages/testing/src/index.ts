/** Test tools for elbplan: matchers, builders, arbitraries. */
export {};
