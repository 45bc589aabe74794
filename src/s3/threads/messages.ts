import type { Credentials } from "../../credentials/credentials.js";
import { Failure } from "../../failure.js";
import type { ChecksumName } from "../checksums/algorithms.js";
import type { KnownObject } from "../downloads/check-answer.js";
import type { Piece } from "../downloads/target.js";
import { MOST_IN_FLIGHT_OF_TWO } from "../requests/limiter.js";
import type { ObjectRef, ReadParameters, StoreOptions, WriteParameters } from "../store.js";

/** Descriptors are the process's: every thread may use them. */
export interface OpenFile {
  readonly fd: number;
  /** What failures call it. */
  readonly path: string;
}

/** A whole object into a file. */
export interface DownloadJob {
  readonly kind: "download";
  readonly ref: ObjectRef;
  readonly path: string;
  readonly options: ReadParameters & { readonly size: number };
}

/** A whole file into an object. */
export interface UploadJob {
  readonly kind: "upload";
  readonly ref: ObjectRef;
  readonly path: string;
  readonly parameters: WriteParameters;
}

/** A piece of an object into an open file. */
export interface PieceJob {
  readonly kind: "piece";
  readonly ref: ObjectRef;
  readonly read: ReadParameters;
  readonly known: KnownObject;
  readonly piece: Piece;
  readonly file: OpenFile;
  /** A CRC that the whole will be verified with. */
  readonly checksum: ChecksumName | undefined;
}

/** A part of an open file into a multipart upload. */
export interface PartJob {
  readonly kind: "part";
  readonly ref: ObjectRef;
  readonly parameters: WriteParameters;
  readonly uploadId: string;
  readonly number: number;
  readonly file: OpenFile;
  readonly start: number;
  readonly size: number;
  readonly checksum: ChecksumName | undefined;
}

/** What another thread can be given to do. Everything in it can be cloned. */
export type Job = DownloadJob | UploadJob | PieceJob | PartJob;

/** What came of a job. */
export interface JobResult {
  /** Of a piece, when it was asked for. */
  readonly crc?: bigint | undefined;
  /** Of a part. */
  readonly etag?: string;
  readonly checksum?: string | undefined;
}

/** A thread that has fewer jobs than it may send at once is told of more, or tells of those done, without delay. */
export const HUNGRY = MOST_IN_FLIGHT_OF_TWO;

/** Otherwise so many go in one message, which costs as much as a small object. */
export const BATCH = 8;

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
  /** Jobs that are to stop. They answer all the same. */
  readonly cancel?: readonly number[];
  /** Newer than those before. */
  readonly credentials?: Credentials;
  /** Credentials could not be had. */
  readonly noCredentials?: CarriedFailure;
  readonly abort?: boolean;
}

/** From the thread, many things at once. */
export interface News {
  readonly ready?: boolean;
  readonly done?: readonly Done[];
  /** Bytes of jobs since the last news: id, bytes, id, bytes … */
  readonly moved?: readonly number[];
  readonly steps?: readonly string[];
  /** S3 said that the keys have expired. */
  readonly expired?: boolean;
  /** There are no keys to go on with. */
  readonly wanting?: boolean;
}

export type Done = readonly [id: number, failure: CarriedFailure | undefined, result?: JobResult];

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
