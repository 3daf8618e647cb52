/** The elbplan command. */
export {};
