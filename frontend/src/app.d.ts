// A file without imports is no module: what it declares adds to what is there.
declare namespace App {
  interface Error {
    message: string;
    /** Whether a part of the app could not be fetched. */
    unreached?: boolean;
  }
}
