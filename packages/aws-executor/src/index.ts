/** Reads from AWS what elbplan plans with, and carries plans out. */
export {};
