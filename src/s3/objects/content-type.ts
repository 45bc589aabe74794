/**
 * The types that Python's `mimetypes` knows by itself, which the AWS CLI guesses by, and below them some that are common
 * now and unambiguous. One type a line, then its extensions.
 */
const TYPES = `
application/javascript js mjs
application/json json
application/manifest+json webmanifest
application/msword doc dot wiz
application/n-quads nq
application/n-triples nt
application/octet-stream bin a dll exe o obj so
application/oda oda
application/pdf pdf
application/pkcs7-mime p7c
application/postscript ps ai eps
application/trig trig
application/vnd.apple.mpegurl m3u m3u8
application/vnd.ms-excel xls xlb
application/vnd.ms-powerpoint ppt pot ppa pps pwz
application/wasm wasm
application/x-bcpio bcpio
application/x-cpio cpio
application/x-csh csh
application/x-dvi dvi
application/x-gtar gtar
application/x-hdf hdf
application/x-hdf5 h5
application/x-latex latex
application/x-mif mif
application/x-netcdf cdf nc
application/x-pkcs12 p12 pfx
application/x-pn-realaudio ram
application/x-python-code pyc pyo
application/x-sh sh
application/x-shar shar
application/x-shockwave-flash swf
application/x-sv4cpio sv4cpio
application/x-sv4crc sv4crc
application/x-tar tar
application/x-tcl tcl
application/x-tex tex
application/x-texinfo texi texinfo
application/x-troff roff t tr
application/x-troff-man man
application/x-troff-me me
application/x-troff-ms ms
application/x-ustar ustar
application/x-wais-source src
application/xml xsl rdf wsdl xpdl
application/zip zip
audio/3gpp 3gp 3gpp
audio/3gpp2 3g2 3gpp2
audio/aac aac adts loas ass
audio/basic au snd
audio/mpeg mp3 mp2
audio/opus opus
audio/x-aiff aif aifc aiff
audio/x-pn-realaudio ra
audio/x-wav wav
image/avif avif
image/bmp bmp
image/gif gif
image/heic heic
image/heif heif
image/ief ief
image/jpeg jpg jpe jpeg
image/png png
image/svg+xml svg
image/tiff tiff tif
image/vnd.microsoft.icon ico
image/x-cmu-raster ras
image/x-portable-anymap pnm
image/x-portable-bitmap pbm
image/x-portable-graymap pgm
image/x-portable-pixmap ppm
image/x-rgb rgb
image/x-xbitmap xbm
image/x-xpixmap xpm
image/x-xwindowdump xwd
message/rfc822 eml mht mhtml nws
text/css css
text/csv csv
text/html html htm
text/n3 n3
text/plain txt bat c h ksh pl srt
text/richtext rtx
text/tab-separated-values tsv
text/vtt vtt
text/x-python py
text/x-setext etx
text/x-sgml sgm sgml
text/x-vcard vcf
text/xml xml
video/mp4 mp4
video/mpeg mpeg m1v mpa mpe mpg
video/quicktime mov qt
video/webm webm
video/x-msvideo avi
video/x-sgi-movie movie
font/otf otf
font/ttf ttf
font/woff woff
font/woff2 woff2
application/yaml yaml yml
application/epub+zip epub
application/java-archive jar
application/vnd.openxmlformats-officedocument.presentationml.presentation pptx
application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx
application/vnd.openxmlformats-officedocument.wordprocessingml.document docx
application/x-7z-compressed 7z
image/webp webp
text/markdown md
`;

/** Suffixes of a compression: the type is that of the name before it, and only of an archive or a picture. */
const COMPRESSIONS = new Set(["gz", "Z", "bz2", "xz", "br"]);
const SHORTHANDS: Readonly<Record<string, string>> = {
  svgz: "svg",
  tgz: "tar",
  taz: "tar",
  tz: "tar",
  tbz2: "tar",
  txz: "tar",
};

let types: ReadonlyMap<string, string> | undefined;

function typeTable(): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (const line of TYPES.trim().split("\n")) {
    const [type, ...extensions] = line.split(" ");
    for (const extension of extensions) if (type !== undefined) table.set(extension, type);
  }
  return table;
}

/** `x` of `name.x`; a leading dot begins no extension. */
function splitExtension(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf(".");
  if (dot <= 0 || /^\.*$/.test(name.slice(0, dot))) return [name, ""];
  return [name.slice(0, dot), name.slice(dot + 1)];
}

/** The content type for a file's name, as Python's `mimetypes.guess_type` finds it; undefined when it is unknown. */
export function contentTypeOf(path: string): string | undefined {
  types ??= typeTable();
  const name = path.slice(path.lastIndexOf("/") + 1);
  let [stem, extension] = splitExtension(name);
  const shorthand = SHORTHANDS[extension.toLowerCase()] ?? SHORTHANDS[extension];
  if (shorthand !== undefined) return types.get(shorthand);
  if (COMPRESSIONS.has(extension)) [stem, extension] = splitExtension(stem);
  return types.get(extension) ?? types.get(extension.toLowerCase());
}
