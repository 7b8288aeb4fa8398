/** Post office box or lockbox (spec 02 A13): `12 POBLANO DR` is none, `POST OFFICE BOX 7` and `P0 BOX 3` are. */
const BOX = /(^|[^A-Z0-9])(P\.? ?[O0]\.? ?BOX|POST OFFICE BOX|LOCK ?BOX|POB)[ .#]*[A-Z0-9]*\d/;

/** True when an address line names a box: not allowed as billing provider or service facility address (RFI 1451). */
export function isPostOfficeBox(line: string): boolean {
  return /B/i.test(line) && BOX.test(line.toUpperCase());
}
