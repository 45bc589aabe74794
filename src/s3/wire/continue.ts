import type { buildConnector } from "undici";

/** What undici reads the answers of a connection with. */
interface Parser {
  onHeadersComplete(status: number, ...more: readonly unknown[]): unknown;
}

const CONTINUE = 100;

/** Another interim answer, which undici passes over. */
const PROCESSING = 102;

function acceptContinue(parser: Parser): void {
  const read = parser.onHeadersComplete;
  parser.onHeadersComplete = (status, ...more) =>
    read.call(parser, status === CONTINUE ? PROCESSING : status, ...more);
}

/**
 * Has undici take 100 (Continue), at which it ends the connection. A client must pass over it, also where it did not ask
 * for it (RFC 9110, 15.2); some servers send it before they take a body.
 *
 * @param kParser undici's name for the parser of a socket
 */
export function acceptingContinue(
  connect: buildConnector.connector,
  kParser: symbol,
): buildConnector.connector {
  return (options, done) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return done(error, null);
      done(null, socket);
      const parser = (socket as unknown as Record<symbol, Parser | undefined>)[kParser];
      if (parser) acceptContinue(parser);
    });
}
