import { expect, it } from "vitest";
import { isEndpointUrl } from "../../../src/cli/endpoint-url.js";

it.each([
  "https://s3.eu-west-1.amazonaws.com",
  "HTTPS://S3.example.com/",
  "http://127.0.0.1:9000",
  "http://[::1]:9000/base/path",
  "http://minio_1:9000",
  "https://s3.example.com/a%20b/~x",
  "http://localhost.:80",
])("%j is the address of a server", (url) => expect(isEndpointUrl(url)).toBe(true));

it.each([
  "",
  "s3.example.com",
  "ftp://x",
  "http://",
  "http:///x",
  "http:x",
  "https://s3.amazonaws.com@attacker.example",
  "https://user:password@host",
  "https://host?x=1",
  "https://host/#x",
  "https://host\\@attacker.example",
  "https://ho\nst",
  "https://host\t",
  "https://host ",
  " https://host",
  "https://host/\r\nX: y",
  "https://é.example",
  "https://h%6fst",
  "http://host:port",
  "http://host:123456",
  "http://[::1",
  "http://-host",
])("%j is none", (url) => expect(isEndpointUrl(url)).toBe(false));
