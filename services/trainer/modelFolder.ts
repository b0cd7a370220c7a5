import { realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { FaultError } from "#core/fault.js";
import { quote } from "#core/quote.js";
import { contains, type ModelFolder } from "#engine/models/modelFolder.js";

/** Where a job's model is: a folder now, or an id of the hub that the worker fetches. */
export type ModelLocation = ModelFolder | { hubId: string };

/**
 * Finds the model that a job names. An absolute path must lie inside one of the allowed roots, symbolic links followed; a single word is a
 * model that the server ships; `organisation/name` is an id of the hub.
 * @param field the job's field, for errors
 * @throws FaultError
 */
export async function locateModel(
  model: string,
  options: { roots: readonly string[]; shipped: string },
  field: string,
): Promise<ModelLocation> {
  if (model.length > 4096) throw fault(field, "TOO_LONG", `has ${model.length} characters; at most 4096 are allowed`);
  if (isAbsolute(model)) return { folder: await insideRoots(model, options.roots, field), roots: options.roots, name: model };
  if (/^[\w.-]+$/.test(model) && !/^\.+$/.test(model)) {
    const folder = join(options.shipped, model);
    // Who set the server up may have linked a shipped model to where it is.
    if (options.shipped !== "" && (await isFolder(folder)))
      return { folder, roots: [folder, options.shipped, ...options.roots], name: model };
    throw fault(
      field,
      "NOT_FOUND",
      `${quote(model)} is not a model of this server; give a folder inside its allowed roots (${quoted(options.roots)}) or a hub id such as "organisation/name"`,
    );
  }
  if (/^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(model)) return { hubId: model };
  throw fault(
    field,
    "INVALID",
    `${quote(model)} is neither an absolute folder, nor the name of a shipped model, nor a hub id such as "organisation/name"`,
  );
}

async function insideRoots(path: string, roots: readonly string[], field: string): Promise<string> {
  const outside = () =>
    fault(
      field,
      "OUTSIDE_ALLOWED_ROOTS",
      `${quote(path)} is outside the folders this server may read: ${quoted(roots)}. Move the model there, or start the server with --model-root`,
    );
  // The words of the path are checked before the disk is asked, so that an answer never tells what exists outside the roots.
  if (!roots.some((root) => contains(root, path)) && !(await anyContains(roots, path))) throw outside();
  const folder = await realpath(path).catch(() => undefined);
  // Nor does it behind a link that leads out.
  if (!(await anyContains(roots, folder ?? (await existingParent(path))))) throw outside();
  if (folder === undefined || !(await isFolder(folder))) throw fault(field, "NOT_FOUND", `${quote(path)} is not a folder`);
  return folder;
}

async function existingParent(path: string): Promise<string> {
  const parent = dirname(path);
  return parent === path ? path : await realpath(parent).catch(() => existingParent(parent));
}

async function anyContains(roots: readonly string[], path: string): Promise<boolean> {
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => undefined)));
  return real.some((root) => root !== undefined && contains(root, path));
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

function quoted(paths: readonly string[]): string {
  return paths.length === 0 ? "(none)" : paths.map((path) => `"${path}"`).join(", ");
}

function fault(field: string, reason: string, description: string): FaultError {
  return new FaultError([{ field, reason, description }]);
}
