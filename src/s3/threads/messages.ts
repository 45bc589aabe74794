import type { Credentials } from "../../credentials/credentials.js";
import { Failure } from "../../failure.js";
import type { ObjectRef, ReadParameters, StoreOptions, WriteParameters } from "../store.js";

/** One object for the other thread to copy. Everything in it can be cloned. */
export type Job =
  | {
      readonly kind: "download";
      readonly ref: ObjectRef;
      readonly path: string;
      readonly options: ReadParameters & { readonly size: number };
    }
  | {
      readonly kind: "upload";
      readonly ref: ObjectRef;
      readonly path: string;
      readonly parameters: WriteParameters;
    };

/** What a thread is started with. */
export interface ThreadData {
  readonly options: Omit<StoreOptions, "credentials" | "expire">;
  /** undefined: requests are not signed. */
  readonly credentials: Credentials | undefined;
  /** Name of this run in those of temporary files. */
  readonly run: string;
  readonly debugging: boolean;
}

/** To the thread. */
export interface Orders {
  readonly jobs?: readonly (readonly [id: number, job: Job])[];
  /** Newer than those before. */
  readonly credentials?: Credentials;
  /** Fresh credentials could not be had. */
  readonly noCredentials?: CarriedFailure;
  readonly abort?: boolean;
}

/** From the thread, many things at once. */
export interface News {
  readonly ready?: boolean;
  readonly done?: readonly (readonly [id: number, failure?: CarriedFailure])[];
  /** Bytes of jobs since the last news: id, bytes, id, bytes … */
  readonly moved?: readonly number[];
  readonly steps?: readonly string[];
  /** S3 said that the keys have expired. */
  readonly expired?: boolean;
}

/** An error between threads: cloning keeps no class. */
export interface CarriedFailure {
  readonly id: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly stack: string | undefined;
}

export function carried(error: unknown): CarriedFailure {
  const { message = String(error), stack } = error as Partial<Error>;
  if (!(error instanceof Failure)) return { id: undefined, message, hint: undefined, exitCode: 0, stack };
  const { id, hint, exitCode } = error;
  return { id, message, hint, exitCode, stack };
}

export function uncarried({ id, message, hint, exitCode, stack }: CarriedFailure): Error {
  const error = id === undefined ? new Error(message) : new Failure(id, { message, hint, exitCode });
  if (stack !== undefined) error.stack = stack;
  return error;
}
