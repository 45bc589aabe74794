import connect from "undici/lib/api/api-connect.js";
import Dispatcher from "undici/lib/dispatcher/dispatcher.js";
import Pool from "undici/lib/dispatcher/pool.js";
import ProxyAgent from "undici/lib/dispatcher/proxy-agent.js";

// undici's index does this for all of its API; the proxy's tunnels need this one alone.
Dispatcher.prototype.connect = connect;

export { Pool, ProxyAgent };
