import { succeed } from "./command.js";

const SCRIPT =
  "import json, sys; from ruamel.yaml import YAML; print(json.dumps(YAML(typ='safe').load(open(sys.argv[1]))))";

/** A YAML file's content, read by the parser that Debian's AWS CLI brings along (python3-ruamel.yaml). */
export async function readYaml(file: string): Promise<unknown> {
  return JSON.parse(await succeed("/usr/bin/python3", ["-c", SCRIPT, file]));
}
