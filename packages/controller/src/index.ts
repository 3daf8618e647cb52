/** Runs elbplan for ever: watch, plan, execute, report status. */
export {};
