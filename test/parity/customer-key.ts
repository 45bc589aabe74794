/** 32 characters, as `--sse-c-key` takes them. */
export const CUSTOMER_KEY = "0123456789abcdef0123456789ABCDEF";
