declare namespace App {
  interface Error {
    message: string;
    /** Whether a part of the app could not be fetched. */
    unreached?: boolean;
  }
}
