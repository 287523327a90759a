/** How large files may be: the server's limits are in MiB. */

const MIB = 2 ** 20; // bytes

/** Throws what is to be told of a file that is too large. @param {File} file @param {number} most MiB */
export function checkSize(file, most) {
  if (file.size > most * MIB) throw new Error(`${file.name || "The file"} is too large: up to ${most} MiB can be uploaded.`);
}
